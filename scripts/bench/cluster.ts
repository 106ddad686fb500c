import { randomBytes } from 'node:crypto';

import { Client } from 'pg';

import { ackedPosts } from './append.js';
import type { Bench } from './bench.js';
import { startMadang, type Madang } from './madang.js';

const SERVER = process.env['TEST_POSTGRES_URL'] ?? 'postgres://postgres@127.0.0.1:5432/postgres';

/**
 * Acknowledged posts a second of one node and of three that share one PostgreSQL, all into one room: processes of their
 * own, each with its own writers. Afterwards the log is looked at: dense, and nothing twice.
 */
export async function clusterSection(bench: Bench): Promise<void> {
  const isThere = await ask(SERVER, 'SELECT 1').then(
    () => true,
    () => false,
  );
  if (!isThere) {
    console.log(`Nodes on PostgreSQL are not measured: nothing answers at ${SERVER}.`);
    return;
  }
  await measure(bench, 1);
  const rate = await measure(bench, 3);
  bench.report.figure('acked posts a second, three nodes', rate, { must: 3000, aim: 6000, atLeast: true });
}

async function measure({ report, seconds }: Bench, count: number): Promise<number> {
  const name = `madang_bench_${randomBytes(4).toString('hex')}`;
  await ask(SERVER, `CREATE DATABASE ${name}`);
  const url = new URL(SERVER);
  url.pathname = `/${name}`;
  const nodes: Madang[] = [];
  const all = async (load: (node: Madang) => Promise<number>) =>
    (await Promise.all(nodes.map(load))).reduce((total, value) => total + value, 0);
  try {
    for (let node = 0; node < count; node++) {
      nodes.push(await startMadang({ env: { DATABASE_URL: url.href } }));
    }
    // The first seconds of a process are those of its compiler.
    await all((node) => ackedPosts(node, 3));
    const cpu = nodes.reduce((total, node) => total + node.cpu(), 0);
    const rate = await all((node) => ackedPosts(node, seconds));
    const commits = await all((node) => node.metric('madang_commit_seconds_count'));
    const batches = await all((node) => node.metric('madang_batch_entries_sum'));
    const commitSeconds = await all((node) => node.metric('madang_commit_seconds_sum'));
    report.reading('Madang on PostgreSQL', `${count} nodes, one room`, {
      'CPU cores': ((nodes.reduce((total, node) => total + node.cpu(), 0) - cpu) / seconds).toFixed(2),
      other: [
        `${rate.toFixed(0)} acked posts a second`,
        `${(batches / commits).toFixed(0)} posts a commit`,
        `${((commitSeconds / commits) * 1000).toFixed(0)} ms a commit`,
        await verdict(url.href),
      ].join(', '),
    });
    return rate;
  } finally {
    await Promise.all(nodes.map((node) => node.stop()));
    await ask(SERVER, `DROP DATABASE ${name} WITH (FORCE)`);
  }
}

async function verdict(url: string): Promise<string> {
  const [row] = await ask(
    url,
    `SELECT count(*)::int AS entries, count(DISTINCT nonce)::int AS nonces, max(e.seq)::int AS last,
            max(r.head)::int AS head
     FROM entries e JOIN rooms r ON r.id = e.room_id WHERE r.slug = 'lobby'`,
  );
  const { entries, nonces, last, head } = row ?? {};
  const isWhole = entries === last && entries === head && entries === nonces;
  return isWhole ? `${String(entries)} entries, dense` : `BROKEN: ${JSON.stringify(row)}`;
}

async function ask(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}
