import { copyFile, rm } from 'node:fs/promises';

import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';

import { flow, Load, LONG, Scenario } from './support/scenario.js';

describe('F16: a crowd that loses its connections at once', { timeout: 120_000 }, () => {
  it('is live again, complete, for few queries', async () => {
    const size = LONG ? 2000 : 300;
    const scenario = await Scenario.start({ env: { MAX_SOCKETS_PER_ADDRESS: '100000' } });
    const writer = await scenario.writer('writer');
    const proxy = await scenario.proxy();
    const crowd = await scenario.viewers(size, proxy);
    for (let round = 0; round < 3; round++) {
      const load = new Load([writer], 100);
      await flow(500);
      proxy.cutAll();
      await Promise.all(crowd.map((viewer) => viewer.until('the cut', () => !viewer.live)));
      const cutAt = performance.now();
      await Promise.all(crowd.map((viewer) => viewer.isLive(60_000)));
      console.log(`${size} viewers were live again after ${Math.round(performance.now() - cutAt)} ms`);
      load.stop();
    }
    await scenario.settle();
  });
});

describe('F17: coming back twice with nothing new', { timeout: 60_000 }, () => {
  it('replays nothing', async () => {
    const scenario = await Scenario.start();
    const writer = await scenario.writer('writer');
    await writer.isLive();
    for (let number = 0; number < 120; number++) {
      writer.say(`text ${number}`, `some-nonce-${number}`);
    }
    await writer.allAcked();
    const viewer = scenario.viewer('viewer');
    await viewer.isLive();
    for (let time = 1; time <= 3; time++) {
      viewer.cut();
      await viewer.until('the end', () => !viewer.live);
      await viewer.isLive();
      expect(viewer.sockets[time]).toEqual({
        pushed: [],
        others: expect.arrayContaining([
          expect.objectContaining({ event: 'welcome', data: expect.objectContaining({ mode: 'resume' }) }),
          { event: 'live', data: { seq: 120 } },
        ]),
      });
    }
    await scenario.settle();
  });
});

describe('F18: an ack that is lost', { timeout: 60_000 }, () => {
  it('is made good on a new socket, without a second entry', async () => {
    const scenario = await Scenario.start();
    const proxy = await scenario.proxy();
    const writer = await scenario.writer('writer', proxy);
    await writer.isLive();
    writer.say('acked', 'nonce-acked');
    await writer.allAcked();

    proxy.line.drops = (text) => text.includes('"event":"ack"');
    for (const number of [1, 2, 3]) {
      writer.say(`text ${number}`, `nonce-lost-${number}`);
    }
    await writer.has(4);
    expect(writer.unacked).toBe(3);
    proxy.heal();
    writer.cut();
    const rows = await scenario.settle();
    expect(rows).toHaveLength(4);
    expect(writer.acks.slice(1)).toMatchObject([2, 3, 4].map((seq) => ({ seq, dup: true })));
  });

  it('together with the rest of the connection is made good too, wherever it is cut', async () => {
    const scenario = await Scenario.start();
    const proxy = await scenario.proxy();
    const writer = await scenario.writer('writer', proxy);
    const rounds = LONG ? 400 : 40;
    for (let round = 0; round < rounds; round++) {
      await writer.isLive();
      proxy.line.cutAfter = 150 + ((round * 97) % 2500);
      for (let number = 0; number < 5; number++) {
        writer.say(`text ${number}`, `nonce-${round}-${number}`);
      }
      await writer.allAcked();
    }
    proxy.heal();
    const rows = await scenario.settle();
    expect(rows).toHaveLength(rounds * 5);
    console.log(`${writer.closes.length} connections were cut in the middle of a frame`);
    expect(writer.closes.length).toBeGreaterThan(rounds / 10);
  });
});

describe('F25: an older backup', { timeout: 60_000 }, () => {
  /** Replaces the database, as an operator who restores a backup does. */
  async function restore(scenario: Scenario, backup: string, sql?: string): Promise<void> {
    await scenario.server.kill('SIGKILL');
    for (const companion of ['-wal', '-shm']) {
      await rm(scenario.databaseFile + companion, { force: true });
    }
    await copyFile(backup, scenario.databaseFile);
    if (sql !== undefined) {
      const database = new Database(scenario.databaseFile);
      database.exec(sql);
      database.close();
    }
    await scenario.restart();
  }

  async function aRoomWithABackup() {
    const scenario = await Scenario.start();
    const writer = await scenario.writer('writer');
    const [ahead, behind] = await scenario.viewers(2);
    const say = async (from: number, to: number, what: string) => {
      for (let number = from; number <= to; number++) {
        writer.say(`${what} ${number}`, `${what}-nonce-${number}`);
      }
      await writer.allAcked();
    };
    await say(1, 100, 'kept');
    const backup = `${scenario.databaseFile}.backup`;
    const database = new Database(scenario.databaseFile, { readonly: true });
    database.exec(`VACUUM INTO '${backup}'`);
    database.close();
    await say(101, 150, 'lost');
    await Promise.all([ahead!.has(150), behind!.has(150)]);
    return { scenario, backup, say, writer, ahead: ahead! };
  }

  it('with a new epoch gives everybody a snapshot', async () => {
    const { scenario, backup, say, ahead } = await aRoomWithABackup();
    await restore(scenario, backup, 'UPDATE rooms SET epoch = lower(hex(randomblob(16)))');
    await say(101, 260, 'new');
    // What was said in the lost part is lost with it: only what came after is checked.
    expect(scenario.rows()).toHaveLength(260);
    await ahead.has(260);
    for (const recorder of scenario.recorders) {
      await recorder.has(260);
      expect(recorder.segments).toHaveLength(2);
      const [before, after] = recorder.segments.map(({ applied }) => JSON.stringify(applied));
      expect(before).not.toContain('new ');
      expect(after).not.toContain('lost ');
      expect(recorder.segments.at(-1)!.epoch).toBe(scenario.epoch());
    }
  });

  it('whose epoch nobody changed gives whoever is ahead of it a snapshot', async () => {
    const { scenario, backup, ahead } = await aRoomWithABackup();
    await restore(scenario, backup);
    await Promise.all(scenario.recorders.map((recorder) => recorder.isLive()));
    for (const recorder of scenario.recorders) {
      expect(recorder.segments).toHaveLength(2);
      expect(JSON.stringify(recorder.segments.at(-1)!.applied)).not.toContain('lost ');
      expect(recorder.next).toBe(101);
    }
    expect(ahead.segments[1]!.start).toBe(51);
  });
});
