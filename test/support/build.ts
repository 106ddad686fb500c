import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';

const changedAt = (path: string) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** When a source was last changed, added or deleted: a folder's own time tells of the latter two. */
const sourcesChangedAt = () =>
  Math.max(
    ...['src', 'package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json'].map(changedAt),
    ...readdirSync('src', { recursive: true, encoding: 'utf8' }).map((path) => changedAt(`src/${path}`)),
  );

/** Builds `dist/`, unless it is newer than every source, before the suites that start the server as a process of its own. */
export default function setup(): void {
  if (changedAt('dist/main.js') <= sourcesChangedAt()) {
    execFileSync(process.execPath, ['node_modules/@nestjs/cli/bin/nest.js', 'build'], { stdio: 'inherit' });
  }
}
