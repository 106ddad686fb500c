import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/**
 * `npm run test:node -- 22 24` runs the suites of PostgreSQL and of many nodes under other lines of Node. The
 * npm package `node` brings the programs, into test-output/node. better-sqlite3 is compiled for the Node that installed it,
 * so that what opens a file is left to `npm test` under each of them.
 */
const PROJECTS = ['postgres', 'cluster'];

const [lines, more] = split(process.argv.slice(2));
if (lines.length === 0) {
  console.error('Which lines of Node? npm run test:node -- 22 24');
  process.exit(1);
}
const results = lines.map((line) => ({ line, ...run(install(line)) }));
console.table(results);
process.exit(results.every(({ ended }) => ended === 0) ? 0 : 1);

/** The program of the newest version of a line. */
function install(line: string): string {
  const dir = resolve('test-output/node', line);
  mkdirSync(dir, { recursive: true });
  const { status } = spawnSync('npm', ['install', '--prefix', dir, '--no-save', `node@${line}`], {
    stdio: 'inherit',
  });
  if (status !== 0) {
    process.exit(status ?? 1);
  }
  return join(dir, 'node_modules/node/bin/node');
}

function run(node: string): { version: string; ended: number | null } {
  const version = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim();
  // Whatever the suites start as `node` is this one too.
  const env = { ...process.env, PATH: `${dirname(node)}:${process.env['PATH']}`, REQUIRE_SERVICES: '1' };
  const projects = PROJECTS.flatMap((project) => ['--project', project]);
  const args = ['node_modules/vitest/vitest.mjs', 'run', ...projects, ...more];
  console.log(`Node ${version}`);
  return { version, ended: spawnSync(node, args, { env, stdio: 'inherit' }).status };
}

/** Lines of Node come first; what follows them is for vitest. */
function split(words: string[]): [string[], string[]] {
  const first = words.findIndex((word) => !/^\d+(?:\.\d+)*$/.test(word));
  return first === -1 ? [words, []] : [words.slice(0, first), words.slice(first)];
}
