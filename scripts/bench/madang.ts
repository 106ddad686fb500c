import { execFileSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startServer, type MeasuredServer } from './server-process.js';

/** The built product with everything on; only the limits that a benchmark would hit are raised. */
export interface Madang extends MeasuredServer {
  /** The Cookie header of an administrator, who has no posting budget. */
  readonly cookie: string;
  /** One figure of `/metrics`, summed over its labels. */
  metric(name: string): Promise<number>;
}

const PASSWORD = 'benchmark 1';

export async function startMadang({
  inspect = false,
  prepare = () => undefined,
  env: extra = {},
}: {
  /** Opens the inspector, for a profile. */
  inspect?: boolean;
  /** Is given the database's file before the server starts; the tables are there. */
  prepare?: (file: string) => void;
  env?: Record<string, string>;
} = {}): Promise<Madang> {
  const dir = mkdtempSync(join(tmpdir(), 'madang-bench-'));
  const env = {
    DATABASE_URL: join(dir, 'bench.db'),
    HOST: '127.0.0.1',
    PORT: '0',
    LOG_LEVEL: 'info',
    MAX_SOCKETS_PER_USER: '1000000',
    MAX_SOCKETS_PER_ADDRESS: '1000000',
    MAX_HANDSHAKES_PER_SECOND: '1000000',
    TRUST_PROXY: 'loopback',
    ADMIN_USERNAME: 'bench',
    ADMIN_PASSWORD: PASSWORD,
    ADMIN_NICKNAME: 'bench',
    ...extra,
  };
  execFileSync(process.execPath, ['dist/auth/init-admin.js'], { env: { ...process.env, ...env } });
  prepare(env.DATABASE_URL);
  const server = await startServer(
    process.execPath,
    [...(inspect ? ['--inspect=127.0.0.1:0'] : []), 'dist/main.js'],
    env,
  );
  const url = `http://127.0.0.1:${server.port}`;
  const answer = await fetch(`${url}/user/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'bench', password: PASSWORD }),
  });
  const cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  return {
    ...server,
    cookie,
    metric: async (name) => {
      const text = await (await fetch(`${url}/metrics`)).text();
      const values = [...text.matchAll(new RegExp(`^${name}(?:{[^}]*})? (\\S+)$`, 'gm'))];
      return values.reduce((sum, [, value]) => sum + Number(value), 0);
    },
    stop: async () => {
      await server.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** The Cookie header of a new account, from an address of its own; staff would not be asked to pay. */
export async function person(server: Pick<Madang, 'port'>, name: string): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${server.port}/user/register`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-forwarded-for': `10.1.${randomInt(256)}.${randomInt(256)}`,
    },
    body: JSON.stringify({ nickname: name, username: name, password: PASSWORD }),
  });
  const cookie = answer.headers.getSetCookie()[0]?.split(';')[0];
  if (answer.status !== 201 || cookie === undefined) {
    throw new Error(`registering answered ${answer.status}: ${await answer.text()}`);
  }
  return cookie;
}
