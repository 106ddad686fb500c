import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';

import { describe, expect, it } from 'vitest';

/** Each line may import itself and the lines above it; folders on one line are strangers. */
const LAYERS = [
  ['protocol'],
  ['common'],
  ['config'],
  ['database', 'realtime'],
  ['users'],
  ['auth'],
  ['chat'],
  ['moderation'],
  ['streaming', 'ai'],
  ['account'],
  ['pages', 'health', 'docs'],
];

const IMPORT = /(?:from|import)\s*\(?\s*['"](\.[^'"]+)['"]/g;
const folderOf = (path: string) => path.split('/')[0]!;
const rank = (folder: string) => LAYERS.findIndex((layer) => layer.includes(folder));
const withoutComments = (text: string) => text.replaceAll(/\/\*\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => ({ path, text: withoutComments(readFileSync(`src/${path}`, 'utf8')) }));
const inFolders = sources.filter(({ path }) => path.includes('/'));

describe('the tree', () => {
  it.each(inFolders)('src/$path imports only from the layers below it', ({ path, text }) => {
    const home = folderOf(path);
    expect(rank(home), `src/${home} has no layer`).not.toBe(-1);

    const trespasses = [...text.matchAll(IMPORT)]
      .map(([, target]) => folderOf(join(dirname(path), target!)))
      .filter((target) => target !== home && rank(target) >= rank(home));
    expect(trespasses).toEqual([]);
  });

  it('reads the environment in one place', () => {
    const readers = sources.filter(({ text }) => text.includes('process.env')).map(({ path }) => path);
    expect(readers).toEqual(['config/load-env.ts']);
  });

  it('keeps TypeORM in entities, repositories, modules and database/', () => {
    const allowed = /\.(entity|repository|module)\.ts$|^database\//;
    const users = sources.filter(
      ({ path, text }) => /from 'typeorm|from '@nestjs\/typeorm/.test(text) && !allowed.test(path),
    );
    expect(users.map(({ path }) => path)).toEqual([]);
  });

  it('keeps the browser code on its own', () => {
    const files = readdirSync('public/js', { recursive: true, encoding: 'utf8' }).filter((path) =>
      path.endsWith('.js'),
    );
    for (const path of files) {
      const text = withoutComments(readFileSync(`public/js/${path}`, 'utf8'));
      for (const [, target] of text.matchAll(IMPORT)) {
        expect(join('public/js', dirname(path), target!)).toMatch(/^public\//);
      }
    }
  });
});
