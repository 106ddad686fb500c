import { createHash } from 'node:crypto';
import { extname } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

import type { NextFunction, Request, Response } from 'express';

import { modulesBehind, readAssets, traceOf, type AssetFiles } from './asset-files.js';

const ENCODINGS = ['br', 'gzip'] as const;
type Encoding = (typeof ENCODINGS)[number] | 'identity';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
};
/** The rest is compressed already. */
const COMPRESSIBLE = new Set(['.css', '.js', '.svg', '.txt', '.webmanifest']);
/** While somebody works on the files, they are looked at again after so many milliseconds. */
const STALE_MS = 1000;
const VERSIONED = /^\/v\/([\w-]+)(\/.*)$/;

const brotli = promisify(brotliCompress);
const deflate = promisify(gzip);

interface Sendable {
  body: Buffer;
  etag: string;
}

/**
 * The files that browsers get, from memory. Their address names the version of all of them (`/v/VERSION/js/room-page.js`), so a
 * browser keeps them for ever, and modules that import each other by relative paths stay within one version. Each is
 * compressed once, as small as it gets, when it is first asked for.
 */
export class Assets {
  private known: AssetFiles;
  private trace: string;
  private lookedAt = performance.now();
  private readonly sendables = new Map<string, Promise<Sendable>>();
  private readonly graphs = new Map<string, string[]>();

  /** Outside production a changed file is noticed within a second. */
  constructor(
    private readonly folder: string,
    private readonly production: boolean,
  ) {
    this.known = readAssets(folder);
    this.trace = traceOf(folder);
  }

  /** Where a page finds a file. `path` begins with a slash. Throws when there is no such file: a page must not ask for one. */
  addressOf(path: string): string {
    const { files, version } = this.current;
    if (!files.has(path)) {
      throw new Error(`There is no public file ${path}.`);
    }
    return `/v/${version}${path}`;
  }

  /**
   * What a page asks for beside its entries, so that it comes all at once: the modules that these bring with them, and those
   * that they will fetch for this page, with theirs.
   */
  modulesOf(entries: readonly string[], parts: readonly string[]): string[] {
    const modules = new Set([...entries, ...parts].flatMap((path) => [path, ...this.graphOf(path)]));
    return [...modules].filter((path) => !entries.includes(path));
  }

  private graphOf(path: string): string[] {
    const { files } = this.current;
    const known = this.graphs.get(path) ?? modulesBehind(path, files);
    this.graphs.set(path, known);
    return known;
  }

  /**
   * Answers what is asked of it; all else goes on. An address of another version, which a page made by another release may hold,
   * gets the present file without being kept.
   */
  readonly middleware = async (request: Request, response: Response, next: NextFunction): Promise<void> => {
    const { files, version } = this.current;
    const [, asked, inner] = VERSIONED.exec(request.path) ?? [];
    const path = inner ?? request.path;
    const content = files.get(path);
    if (content === undefined || (request.method !== 'GET' && request.method !== 'HEAD')) {
      next();
      return;
    }
    response.setHeader('X-Content-Type-Options', 'nosniff');
    response.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
    const kept = asked === version;
    response.setHeader('Cache-Control', kept ? 'public, max-age=31536000, immutable' : 'no-cache');
    await this.send(path, content, request, response);
  };

  private async send(path: string, content: Buffer, request: Request, response: Response): Promise<void> {
    const type = extname(path);
    let encoding: Encoding = 'identity';
    if (COMPRESSIBLE.has(type)) {
      response.vary('Accept-Encoding');
      encoding = ENCODINGS.find((known) => request.acceptsEncodings(known)) ?? 'identity';
    }
    const { body, etag } = await this.sendable(path, content, encoding);
    if (encoding !== 'identity') {
      response.setHeader('Content-Encoding', encoding);
    }
    response.setHeader('Content-Type', TYPES[type] ?? 'application/octet-stream');
    response.setHeader('ETag', etag);
    // Express answers HEAD, and 304 to whoever has it already.
    response.send(body);
  }

  private sendable(path: string, content: Buffer, encoding: Encoding): Promise<Sendable> {
    const key = `${encoding} ${path}`;
    const known = this.sendables.get(key) ?? encode(content, encoding);
    this.sendables.set(key, known);
    return known;
  }

  private get current(): AssetFiles {
    if (!this.production && performance.now() - this.lookedAt > STALE_MS) {
      this.lookedAt = performance.now();
      const trace = traceOf(this.folder);
      if (trace !== this.trace) {
        this.trace = trace;
        this.known = readAssets(this.folder);
        this.sendables.clear();
        this.graphs.clear();
      }
    }
    return this.known;
  }
}

async function encode(content: Buffer, encoding: Encoding): Promise<Sendable> {
  const hash = createHash('sha256').update(content).digest('base64url').slice(0, 16);
  return { body: await compress(content, encoding), etag: `"${hash}-${encoding}"` };
}

async function compress(content: Buffer, encoding: Encoding): Promise<Buffer> {
  switch (encoding) {
    case 'br':
      return brotli(content, { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } });
    case 'gzip':
      return deflate(content, { level: constants.Z_BEST_COMPRESSION });
    case 'identity':
      return content;
  }
}
