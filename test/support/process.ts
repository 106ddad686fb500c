import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

import { ApiClient } from './api-client.js';
import { removePlace, testEnv } from './app.js';
import { makeDatabase } from './database.js';

export interface ServerProcess {
  url: string;
  port: number;
  pid: number;
  dir: string;
  /** Every line the server has written. */
  lines: string[];
  client(address?: string): ApiClient;
  /** Sends a signal and waits until the process is gone; answers how it ended. */
  kill(signal?: NodeJS.Signals): Promise<Exit>;
  exited: Promise<Exit>;
  /** Ends the process, whatever state it is in, and removes the directory unless it was given. */
  stop(): Promise<void>;
}

/** Makes an account of this server an administrator, as its operator would. */
export async function promote(server: ServerProcess, username: string): Promise<void> {
  await promisify(execFile)(process.execPath, ['dist/auth/init-admin.js'], {
    env: { PATH: process.env['PATH'], ...testEnv(server.dir), ADMIN_USERNAME: username },
  });
}

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** The built server as a process of its own, for what only a process can show: signals and `kill -9`. */
export async function startProcess({
  env = {},
  dir: given,
}: { env?: Record<string, string>; dir?: string } = {}): Promise<ServerProcess> {
  const dir = given ?? (await mkdtemp(join(tmpdir(), 'madang-')));
  await makeDatabase(dir);
  const child = spawn(process.execPath, ['dist/main.js'], {
    env: { PATH: process.env['PATH'], TZ: 'UTC', LOG_LEVEL: 'info', ...testEnv(dir, env) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const exited = once(child, 'exit').then(([code, signal]): Exit => ({ code, signal }));

  const port = await new Promise<number>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      createInterface(stream).on('line', (line) => {
        lines.push(line);
        const found = line.includes('listening') && /"port":(\d+)/.exec(line)?.[1];
        if (found) {
          resolve(Number(found));
        }
      });
    }
    void exited.then(({ code }) => reject(new Error(`the server ended with ${code}:\n${lines.join('\n')}`)));
  });

  const url = `http://127.0.0.1:${port}`;
  const kill = (signal: NodeJS.Signals = 'SIGTERM') => {
    child.kill(signal);
    return exited;
  };
  return {
    url,
    port,
    pid: child.pid!,
    dir,
    lines,
    client: (address) => new ApiClient(url, address ?? null),
    kill,
    exited,
    stop: async () => {
      await kill('SIGKILL');
      if (given === undefined) {
        await removePlace(dir);
      }
    },
  };
}
