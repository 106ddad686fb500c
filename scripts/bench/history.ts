import Database from 'better-sqlite3';

import { type Bench } from './bench.js';
import { startMadang, type Madang } from './madang.js';

const ROOMS = [
  { slug: 'shallow', entries: 1000, before: 500 },
  { slug: 'deep', entries: 1_000_000, before: 500_000 },
];
const REQUESTS = 400;

/** A page in the middle of a log of a million entries, beside one in the middle of a thousand. */
export async function historySection({ report }: Bench): Promise<void> {
  const server = await startMadang({ prepare: seed });
  const medians = new Map<string, number>();
  const times = new Map(ROOMS.map(({ slug }) => [slug, [] as number[]]));
  for (let request = 0; request < REQUESTS; request++) {
    for (const { slug, before } of ROOMS) {
      times.get(slug)!.push(await page(server, slug, before + (request % 100)));
    }
  }
  for (const [slug, all] of times) {
    const median = all.toSorted((a, b) => a - b)[all.length / 2]!;
    medians.set(slug, median);
    report.reading('Madang', `a page of 50 over HTTP, ${slug}`, { 'p50 ms': median.toFixed(2) });
  }
  const ratio = medians.get('deep')! / medians.get('shallow')!;
  report.figure('a page in 1,000,000 entries, of one in 1,000', ratio, { must: 1.5, aim: 1.1 });
  await server.stop();
}

async function page(server: Madang, slug: string, before: number): Promise<number> {
  const started = performance.now();
  const url = `http://127.0.0.1:${server.port}/api/rooms/${slug}/messages?limit=50&before=${before}`;
  const answer = await fetch(url);
  const { entries } = (await answer.json()) as { entries: unknown[] };
  if (entries.length !== 50) {
    throw new Error(`${url} answered ${answer.status} with ${entries.length} entries.`);
  }
  return performance.now() - started;
}

/** Straight into the tables: posting a million messages would take longer than measuring them. */
function seed(file: string): void {
  const database = new Database(file);
  const addRoom = database.prepare(
    `INSERT INTO rooms (slug, title, kind, archived, epoch, head, created_at)
     VALUES (:slug, :slug, 'chat', 0, 'bench', :entries, 0)`,
  );
  const addEntry = database.prepare(
    `INSERT INTO entries (room_id, seq, id, event, kind, author_id, author_name, author_role, nonce, text, at)
     VALUES (?, ?, ?, 'message.posted', 'chat', 'bench', 'bench', 'user', ?, ?, ?)`,
  );
  database.transaction(() => {
    for (const { slug, entries } of ROOMS) {
      const { lastInsertRowid: room } = addRoom.run({ slug, entries });
      for (let seq = 1; seq <= entries; seq++) {
        const text = `message ${seq}: the quick brown fox jumps over the lazy dog and runs on and on`;
        addEntry.run(room, seq, `${room}-${seq}`, `nonce-${seq}`, text, 1_764_000_000_000 + seq);
      }
    }
  })();
  database.close();
}
