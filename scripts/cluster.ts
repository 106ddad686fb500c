import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Client, DatabaseError } from 'pg';

/**
 * `npm run cluster -- 3`: so many nodes on this machine, to try out what many nodes are like. They are real processes on
 * PostgreSQL and Redis, behind HAProxy when it is installed. A node that is killed is started again.
 */
const FRONT_PORT = Number(process.env['PORT'] ?? 8000);
/** The nodes have the ports after it. */
const FIRST_PORT = FRONT_PORT + 1;
const AGAIN_MS = 2000;
const DEFAULT_DATABASE = 'postgres://postgres@127.0.0.1:5432/madang_cluster';

const count = Number(process.argv[2] ?? 3);
if (!Number.isInteger(count) || count < 1 || count > 50) {
  console.error('How many nodes? npm run cluster -- 3');
  process.exit(1);
}

const databaseUrl = process.env['DATABASE_URL'] ?? DEFAULT_DATABASE;
const redisUrl = process.env['REDIS_URL'] ?? 'redis://127.0.0.1:6379';
const hasBalancer = spawnSync('haproxy', ['-v']).status === 0;
const ports = Array.from({ length: count }, (_, index) => FIRST_PORT + index);
const children = new Set<ChildProcess>();
let leaving = false;

if (process.env['DATABASE_URL'] === undefined) {
  await makeDatabase();
}
// The first one migrates; the others would only wait for it.
ports.forEach((port) => startNode(port));
const dir = mkdtempSync(join(tmpdir(), 'madang-cluster-'));
if (hasBalancer) {
  startBalancer();
}
console.log(
  [
    `Database ${new URL(databaseUrl).pathname.slice(1)}, Redis ${new URL(redisUrl).host}.`,
    ...ports.map((port) => `Node       http://localhost:${port}`),
    hasBalancer
      ? `For people http://localhost:${FRONT_PORT}`
      : 'HAProxy is not installed: go to any of the nodes.',
    'Ctrl+C ends all of it.',
  ].join('\n'),
);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => leave());
}

function startNode(port: number): void {
  const front = ['localhost', '127.0.0.1'].map((host) => `http://${host}:${FRONT_PORT}`);
  const node = spawn(process.execPath, ['dist/main.js'], {
    env: {
      LOG_LEVEL: 'warn',
      ...process.env,
      PORT: String(port),
      HOST: '127.0.0.1',
      DATABASE_URL: databaseUrl,
      REDIS_URL: redisUrl,
      TRUST_PROXY: 'loopback',
      ALLOWED_ORIGINS: [...front, `http://localhost:${port}`, `http://127.0.0.1:${port}`].join(','),
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  children.add(node);
  console.log(`node ${port}: process ${node.pid}`);
  node.once('exit', (code, signal) => {
    children.delete(node);
    if (!leaving) {
      console.log(`node ${port} has ended (${signal ?? code}); starting it again`);
      setTimeout(() => !leaving && startNode(port), AGAIN_MS);
    }
  });
}

function startBalancer(): void {
  const file = join(dir, 'haproxy.cfg');
  const servers = ports.map((port) => `  server node-${port} 127.0.0.1:${port}`).join('\n');
  writeFileSync(
    file,
    `defaults
  mode http
  timeout connect 3s
  timeout client 60s
  timeout server 60s
  timeout tunnel 90s
  retries 3
  option redispatch 1

frontend people
  bind :${FRONT_PORT}
  http-request del-header X-Forwarded-For
  option forwardfor
  default_backend nodes

backend nodes
  balance leastconn
  retry-on conn-failure 503
  http-request disable-l7-retry if METH_POST
  option httpchk GET /health/ready
  http-check expect status 200
  default-server check inter 1s fall 2 rise 1
${servers}
`,
  );
  const balancer = spawn('haproxy', ['-db', '-f', file], { stdio: ['ignore', 'ignore', 'inherit'] });
  children.add(balancer);
  balancer.once('exit', () => children.delete(balancer));
}

/** Makes the database that is used when none is given. */
async function makeDatabase(): Promise<void> {
  const url = new URL(databaseUrl);
  const name = url.pathname.slice(1);
  url.pathname = '/postgres';
  const client = new Client({ connectionString: url.href });
  await client.connect();
  try {
    await client.query(`CREATE DATABASE ${name}`);
  } catch (error) {
    // 42P04: it is there from the last time.
    if (!(error instanceof DatabaseError && error.code === '42P04')) {
      throw error;
    }
  } finally {
    await client.end();
  }
}

function leave(): void {
  if (!leaving) {
    leaving = true;
    children.forEach((child) => child.kill('SIGTERM'));
    process.once('exit', () => rmSync(dir, { recursive: true, force: true }));
  }
}
