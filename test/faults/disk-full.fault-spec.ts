import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { aUser } from '../support/factories.js';
import { Scenario } from './support/scenario.js';

const QUOTA = fileURLToPath(new URL('./support/page-quota.js', import.meta.url));

/** A disk that can be filled and emptied while a server writes on it. */
interface Disk {
  readonly kind: string;
  readonly dir: string;
  readonly env: Record<string, string>;
  fill(): void;
  empty(): void;
  remove(): void;
}

/** A real small disk, where the system lets us have one. */
function aSmallDisk(): Disk | null {
  const dir = mkdtempSync(join(tmpdir(), 'madang-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', dir], { stdio: 'ignore' });
  } catch {
    rmSync(dir, { recursive: true });
    return null;
  }
  const ballast = join(dir, 'ballast');
  return {
    kind: 'a tmpfs of 8 MiB',
    dir,
    env: {},
    fill: () => {
      const { bavail, bsize } = statfsSync(dir);
      // A little is left, so that it fills up in the middle of a commit.
      writeFileSync(ballast, Buffer.alloc(bavail * bsize - 200 * 1024));
    },
    empty: () => truncateSync(ballast),
    remove: () => {
      execFileSync('umount', [dir]);
      rmSync(dir, { recursive: true });
    },
  };
}

/** A quota of pages inside SQLite, for where nothing may be mounted. */
function aQuota(): Disk {
  const dir = mkdtempSync(join(tmpdir(), 'madang-quota-'));
  const file = join(dir, 'quota');
  const set = (pages: number) => writeFileSync(file, String(pages));
  set(1_000_000);
  return {
    kind: 'max_page_count',
    dir,
    env: { NODE_OPTIONS: `--import ${QUOTA}`, QUOTA_FILE: file },
    fill: () => set(120),
    empty: () => set(1_000_000),
    remove: () => rmSync(dir, { recursive: true }),
  };
}

describe('F13: a disk that fills up', { timeout: 120_000 }, () => {
  let disk: Disk;
  beforeAll(() => {
    disk = aSmallDisk() ?? aQuota();
    console.log(`the disk is ${disk.kind}`);
  });
  afterAll(() => disk.remove());

  it('refuses with storage.full, acks nothing falsely, serves readers, and recovers by itself', async () => {
    const scenario = await Scenario.start({ dir: disk.dir, env: disk.env });
    try {
      await fillAndRecover(scenario);
    } finally {
      await scenario.end();
    }
  });

  async function fillAndRecover(scenario: Scenario): Promise<void> {
    const writer = await scenario.writer('writer');
    const visitor = await aUser(scenario.server);
    const [reader] = await scenario.viewers(1);
    await writer.isLive();
    writer.say('while there was room', 'nonce-before-1');
    await writer.allAcked();

    disk.fill();
    const text = '가'.repeat(190);
    let said = 0;
    while (writer.errors.length === 0) {
      for (let number = 0; number < 50; number++) {
        writer.say(text, `nonce-filling-${said++}`);
      }
      await writer.until('an answer', () => writer.errors.length > 0 || writer.unacked === 0);
    }
    await writer.until(
      'all answers',
      () => writer.unacked === writer.errors.filter(({ nonce }) => nonce !== undefined).length,
    );
    const codes = new Set(writer.errors.map(({ code }) => code));
    expect(codes).toEqual(new Set(['storage.full']));

    // Readers: who is there, who comes, pages, the log, and somebody signed in.
    const head = scenario.rows().at(-1)!.seq;
    await reader!.has(head);
    const late = scenario.viewer('late');
    await late.isLive();
    const guest = scenario.server.client();
    for (const path of ['/', '/chat/lobby', '/api/rooms/lobby/messages?limit=200', '/health/live']) {
      expect((await guest.get(path)).status, path).toBe(200);
    }
    expect((await visitor.client.get('/user/me')).status).toBe(200);
    // A small one may still find a place; what matters is that the answer is true, which the invariants check.
    const byHttp = { text: 'over HTTP', nonce: 'nonce-by-http' };
    const answer = await visitor.client.post('/api/rooms/lobby/messages', byHttp);
    expect([answer.status, answer.body.error?.code]).toBeOneOf([
      [201, undefined],
      [503, 'storage.full'],
    ]);
    expect((await visitor.client.patch('/user/me', { locale: 'ko' })).status).toBeOneOf([200, 503]);
    expect(scenario.server.lines.filter((line) => line.includes('"level":"error"'))).toEqual([]);
    expect(writer.closes).toEqual([]);

    disk.empty();
    const refused = writer.unacked;
    writer.cut();
    await scenario.settle();
    console.log(
      `${said} said into ${disk.kind}, ${refused} refused with storage.full, all stored afterwards`,
    );
    expect(scenario.integrity()).toBe('ok');
  }
});
