import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { freePort } from './free-port.js';

/** Whether a Redis can be started here. Where it must be, its absence is a failure (`.ci/run`). */
export const hasRedis = (() => {
  try {
    execFileSync('redis-server', ['--version']);
    return true;
  } catch {
    if (process.env['REQUIRE_SERVICES']) {
      throw new Error('redis-server is not installed, and these tests must run here');
    }
    console.warn('redis-server is not installed: tests that need it do not run');
    return false;
  }
})();

/** A Redis of the test's own, empty and without a disk, which can be killed, stopped and started again. */
export class RedisServer {
  private child: ChildProcess | null = null;
  private readonly dir = mkdtempSync(join(tmpdir(), 'madang-redis-'));

  private constructor(readonly port: number) {}

  get pid(): number {
    return this.child!.pid!;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  static async start(): Promise<RedisServer> {
    const server = new RedisServer(await freePort());
    await server.start();
    return server;
  }

  /** Starts it, empty, on the same port; resolves when it takes connections. */
  async start(): Promise<void> {
    const args = ['--port', String(this.port), '--save', '', '--appendonly', 'no', '--bind', '127.0.0.1'];
    this.child = spawn('redis-server', args, { cwd: this.dir, stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    await new Promise<void>((resolve, reject) => {
      this.child!.stdout!.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        if (output.includes('Ready to accept connections')) {
          resolve();
        }
      });
      this.child!.once('exit', () => reject(new Error(`redis-server ended:\n${output}`)));
    });
  }

  /** `SIGSTOP` hangs it with its connections open, `SIGCONT` lets it go on. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.child?.kill(signal);
  }

  async kill(): Promise<void> {
    const { child } = this;
    this.child = null;
    if (child && child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  }

  /** One command, as the protocol's inline form; answers the raw reply. */
  async command(line: string): Promise<string> {
    const socket = connect(this.port, '127.0.0.1');
    socket.write(`${line}\r\nQUIT\r\n`);
    let reply = '';
    socket.on('data', (chunk) => (reply += chunk.toString()));
    await once(socket, 'close');
    return reply;
  }

  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.dir, { recursive: true, force: true });
  }
}
