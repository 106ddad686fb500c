import { execFileSync } from 'node:child_process';

/** Builds `dist/` once before the suites that start the server as a process of its own. */
export default function setup(): void {
  execFileSync(process.execPath, ['node_modules/@nestjs/cli/bin/nest.js', 'build'], { stdio: 'inherit' });
}
