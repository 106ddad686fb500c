import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, posix, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const libraryFile = (specifier: string) => fileURLToPath(import.meta.resolve(specifier));

/**
 * The libraries that browsers get, as their packages ship them. Pages load each only when something on them needs it: a
 * playlist that the browser cannot play, an answer in Markdown, code in it.
 */
const LIBRARIES: Readonly<Record<string, string>> = {
  '/vendor/hls.js': libraryFile('hls.js/dist/hls.light.min.mjs'),
  '/vendor/marked.js': libraryFile('marked'),
  '/vendor/purify.js': libraryFile('dompurify'),
  '/vendor/highlight.js': libraryFile('@highlightjs/cdn-assets/es/highlight.min.js'),
};

const CSS_IMPORT = /^@import '([^']+)';\n?/gm;
const MODULE_IMPORT = /^(?:import|export)\s+(?:[^'"]*?\sfrom\s+)?['"](\.[^'"]+)['"]/gm;

/** Everything that browsers get besides pages, by its address, as it is now; and a short name of all of it. */
export interface AssetFiles {
  readonly files: ReadonlyMap<string, Buffer>;
  /** Another content, another version. */
  readonly version: string;
}

/**
 * Reads the public folder and the libraries. A stylesheet that only imports others becomes one file, since a browser asks for an
 * import no sooner than it has read the line.
 */
export function readAssets(folder: string): AssetFiles {
  const files = new Map<string, Buffer>();
  for (const path of pathsIn(folder)) {
    files.set(`/${relative(folder, path).split(sep).join('/')}`, readFileSync(path));
  }
  for (const [address, content] of files) {
    if (address.endsWith('.css')) {
      files.set(address, withImports(address, content, files));
    }
  }
  for (const [address, path] of Object.entries(LIBRARIES)) {
    files.set(address, readFileSync(path));
  }
  const hash = createHash('sha256');
  for (const [address, content] of files) {
    hash.update(address).update(content);
  }
  return { files, version: hash.digest('base64url').slice(0, 10) };
}

/** A text that differs when a file of the folder has come, gone or changed; much cheaper than reading them. */
export function traceOf(folder: string): string {
  return pathsIn(folder)
    .map((path) => {
      const { mtimeMs, size } = statSync(path);
      return `${path} ${mtimeMs} ${size}`;
    })
    .join('\n');
}

/**
 * The modules that a module brings with it, in the order in which a browser would find them, without itself. Those it imports
 * only when something needs them (`import()`) are not among them.
 */
export function modulesBehind(address: string, files: AssetFiles['files']): string[] {
  const found = new Set([address]);
  for (const module of found) {
    for (const [, target] of (files.get(module)?.toString() ?? '').matchAll(MODULE_IMPORT)) {
      found.add(posix.join(posix.dirname(module), target!));
    }
  }
  found.delete(address);
  return [...found];
}

function pathsIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .map((file) => join(file.parentPath, file.name))
    .sort();
}

function withImports(address: string, content: Buffer, files: ReadonlyMap<string, Buffer>): Buffer {
  const text = content.toString().replaceAll(CSS_IMPORT, (_line, target: string) => {
    const part = files.get(posix.join(posix.dirname(address), target));
    if (!part) {
      throw new Error(`${address} imports ${target}, which is not there.`);
    }
    return part.toString();
  });
  return Buffer.from(text);
}
