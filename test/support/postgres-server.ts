import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { freePort } from './free-port.js';

const run = promisify(execFile);
const FOLDER = ['/usr/local/bin', '/usr/lib/postgresql/17/bin', '/usr/lib/postgresql/15/bin'].find((folder) =>
  existsSync(join(folder, 'pg_ctl')),
);

/** Whether a PostgreSQL of one's own can be started here. */
export const canRunPostgres = FOLDER !== undefined;

/** A PostgreSQL server of a test's own, which it may stop as it likes. */
export class PostgresServer {
  private constructor(
    private readonly dir: string,
    private readonly port: number,
  ) {}

  static async start(): Promise<PostgresServer> {
    const dir = await mkdtemp(join(tmpdir(), 'madang-pg-'));
    const server = new PostgresServer(dir, await freePort());
    if (process.getuid?.() === 0) {
      // The server refuses to run as root.
      await run('chown', ['postgres', dir]);
    }
    await chmod(dir, 0o700);
    await server.command('initdb', '-D', join(dir, 'data'), '-U', 'postgres', '-A', 'trust', '--no-sync');
    await server.up();
    return server;
  }

  get url(): string {
    return `postgres://postgres@127.0.0.1:${this.port}/postgres`;
  }

  async up(): Promise<void> {
    const options = `-p ${this.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=${this.dir}`;
    await this.command('pg_ctl', ...this.data, '-w', '-o', options, '-l', join(this.dir, 'log'), 'start');
  }

  /** Ends it as a crash would: connections are cut, nothing is finished. */
  async crash(): Promise<void> {
    await this.command('pg_ctl', ...this.data, '-m', 'immediate', 'stop');
  }

  async remove(): Promise<void> {
    await this.crash().catch(() => undefined);
    await rm(this.dir, { recursive: true, force: true });
  }

  private get data(): string[] {
    return ['-D', join(this.dir, 'data')];
  }

  private async command(name: string, ...args: string[]): Promise<void> {
    const program = join(FOLDER!, name);
    const [file, rest] =
      process.getuid?.() === 0 ? ['runuser', ['-u', 'postgres', '--', program, ...args]] : [program, args];
    await run(file, rest, { cwd: this.dir });
  }
}
