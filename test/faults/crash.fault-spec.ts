import { randomInt } from 'node:crypto';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import { flow, Load, LONG, Scenario } from './support/scenario.js';

const FAILPOINTS = fileURLToPath(new URL('./support/failpoints.js', import.meta.url));
const failAt = (place: string) => ({ NODE_OPTIONS: `--import ${FAILPOINTS}`, FAILPOINT: place });

describe('F3: a server killed', { timeout: 240_000 }, () => {
  /** What the entry's fate must be, and whether its sender can have been told. */
  const places = [
    { place: 'transaction', isStored: false, isAcked: false },
    { place: 'committed', isStored: true, isAcked: false },
    { place: 'acked', isStored: true, isAcked: true },
  ];

  it.each(places)('at the failpoint $place keeps what it must, and the retry finds it', async (expected) => {
    const scenario = await Scenario.start();
    const writer = await scenario.writer('writer');
    const viewer = scenario.viewer('viewer');
    await Promise.all([writer.isLive(), viewer.isLive()]);
    await scenario.server.kill('SIGKILL');
    await scenario.restart(failAt(`${expected.place}:3`));
    await Promise.all([writer.isLive(), viewer.isLive()]);

    for (const nonce of ['nonce-one', 'nonce-two']) {
      writer.say(nonce, nonce);
      await writer.allAcked();
    }
    writer.say('the fatal one', 'nonce-fatal');
    expect(await scenario.server.exited).toEqual({ code: null, signal: 'SIGKILL' });
    await writer.until('the end of the connection', () => !writer.live);
    expect(scenario.rows().map(({ nonce }) => nonce)).toEqual(
      ['nonce-one', 'nonce-two'].concat(expected.isStored ? 'nonce-fatal' : []),
    );
    expect(writer.acks.some(({ nonce }) => nonce === 'nonce-fatal')).toBe(expected.isAcked);

    await scenario.restart();
    await scenario.settle();
    const fatal = writer.acks.filter(({ nonce }) => nonce === 'nonce-fatal');
    expect(fatal).toMatchObject([{ seq: 3, dup: expected.isStored && !expected.isAcked }]);
  });

  it('in the middle of COMMIT keeps all of it or nothing', async () => {
    const scenario = await Scenario.start();
    const writer = await scenario.writer('writer');
    await scenario.server.kill('SIGKILL');
    const rounds = LONG ? 200 : 8;
    for (let round = 1; round <= rounds; round++) {
      await scenario.restart(failAt('commit:1'));
      for (let number = 0; number < 20; number++) {
        writer.say('together', `round-${round}-${number}`);
      }
      // With what the last round may have lost: it is said again before.
      await scenario.server.exited;
      expect(scenario.integrity()).toBe('ok');
    }
    await scenario.restart();
    const rows = await scenario.settle();
    expect(rows).toHaveLength(rounds * 20);
    const retried = writer.acks.filter(({ dup }) => dup).length;
    console.log(
      `killed in COMMIT ${rounds} times: ${retried} of ${rows.length} entries were stored and not acked`,
    );
  });
});

describe('F11: a server killed again and again under load', { timeout: 400_000 }, () => {
  it('loses, doubles and reorders nothing', async () => {
    const scenario = await Scenario.start();
    const writers = [
      await scenario.writer('ann'),
      await scenario.writer('bob'),
      await scenario.writer('cleo'),
    ];
    await scenario.viewers(10);
    const rounds = LONG ? 500 : 50;
    const load = new Load(writers, 150);
    for (let round = 0; round < rounds; round++) {
      await Promise.all(writers.map((writer) => writer.isLive()));
      await flow(randomInt(20, 300));
      await scenario.server.kill('SIGKILL');
      expect(scenario.integrity()).toBe('ok');
      await scenario.restart();
    }
    load.stop();
    const rows = await scenario.settle();
    expect(rows).toHaveLength(load.count);
    const acks = writers.flatMap((writer) => writer.acks);
    console.log(
      `killed ${rounds} times: ${rows.length} entries, ${acks.filter(({ dup }) => dup).length} of them acked only ` +
        `by their retry, ${scenario.recorders.reduce((sum, { closes }) => sum + closes.length, 0)} connections lost`,
    );
  });
});
