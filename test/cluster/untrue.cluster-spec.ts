import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import { flow, Load, quantile } from '../faults/support/scenario.js';
import { eventually } from '../support/eventually.js';
import { aUser } from '../support/factories.js';
import { SocketClient } from '../support/socket-client.js';
import { ClusterScenario, delaysOf } from './support/cluster-scenario.js';

const WRONG_CLOCK = fileURLToPath(new URL('../faults/support/wrong-clock.js', import.meta.url));
const HOUR_MS = 3_600_000;
const isOfRoom = (channel: string) => channel.includes('room:');

async function metric(scenario: ClusterScenario, name: string): Promise<number> {
  const texts = await Promise.all(
    scenario.live.map(async (node) => (await node.client().get('/metrics')).text),
  );
  return texts.reduce(
    (sum, text) => sum + Number(new RegExp(`^${name} (\\d+)`, 'm').exec(text)?.[1] ?? 0),
    0,
  );
}

describe('a Redis that does not do what it says', { timeout: 120_000 }, () => {
  it('F6, F7: loses some messages, swaps others, and then brings none at all', async () => {
    const scenario = await ClusterScenario.start();
    const writers = [await scenario.writer('ann', 0), await scenario.writer('bob', 1)];
    const crowd = await scenario.viewers(30);
    const report = (what: string, since: number) => {
      const delays = delaysOf(writers, crowd, since);
      const [p50, p99, most] = [0.5, 0.99, 1].map((share) => quantile(delays, share));
      console.log(`${what}: ${delays.length} deliveries, p50 ${p50} ms, p99 ${p99} ms, most ${most} ms`);
    };
    const load = new Load(writers, 100);

    scenario.line.fate = (channel) => {
      const chance = isOfRoom(channel) ? Math.random() : 1;
      return chance < 0.02 ? 'drop' : chance < 0.1 ? 'hold' : 'pass';
    };
    const lossy = performance.now();
    await flow(8000);
    report(`lossy: ${JSON.stringify(scenario.line.counts)}`, lossy);
    expect(scenario.line.counts.drop).toBeGreaterThan(0);
    expect(scenario.line.counts.hold).toBeGreaterThan(0);
    await eventually(
      'holes to be filled',
      async () => (await metric(scenario, 'madang_repaired_entries_total')) > 0,
    );

    const silent = performance.now();
    scenario.line.fate = () => 'drop';
    await eventually('doubt', async () => {
      const answers = await Promise.all(scenario.live.map((node) => node.client().get('/health/ready')));
      return answers.every(({ status, text }) => status === 200 && text.includes('degraded'));
    });
    console.log(`that nothing arrives was noticed after ${Math.round(performance.now() - silent)} ms`);
    await flow(4000);
    report('silent', silent);
    scenario.line.fate = () => 'pass';
    const healed = performance.now();
    await scenario.trusted();
    console.log(`well again ${Math.round(performance.now() - healed)} ms after it was healed`);
    load.stop();
    expect(await scenario.settle()).toHaveLength(load.count);
    expect([...writers, ...crowd].flatMap(({ closes }) => closes)).toEqual([]);
  });
});

describe('clocks that are wrong', { timeout: 120_000 }, () => {
  it('F20: by an hour, or are set all the time, change neither order nor time nor limits', async () => {
    const clocks: Record<string, string>[] = [
      { CLOCK_AHEAD_MS: `${HOUR_MS}` },
      { CLOCK_AHEAD_MS: `-${HOUR_MS}` },
      { CLOCK_AHEAD_MS: `${HOUR_MS}`, CLOCK_STEPS_MS: '700' },
    ];
    const began = Date.now();
    const scenario = await ClusterScenario.start(3, (node) => ({
      NODE_OPTIONS: `--import ${WRONG_CLOCK}`,
      ...clocks[node]!,
    }));
    const writers = [
      await scenario.writer('ahead', 0),
      await scenario.writer('behind', 1),
      await scenario.writer('restless', 2),
    ];
    await scenario.viewers(9);
    const load = new Load(writers, 60);
    await flow(4000);

    // Timed out by the node that is ahead; the others are to hold it, and to let go of it when it is over.
    const [judge, loud] = [await scenario.staff(0), await aUser(scenario.nodes[1]!)];
    const socket = await SocketClient.open(scenario.nodes[1]!.url, '/ws?room=lobby', { cookie: loud.cookie });
    const first = await socket.say('before');
    const imposed = await judge.client.post('/api/rooms/lobby/sanctions', {
      user: loud.user.id,
      action: 'timeout',
      seconds: 10,
    });
    expect(imposed.status).toBe(201);
    socket.send('say', { text: 'while it lasts', nonce: 'while-it-lasts' });
    const refusal = await socket.next('error');
    expect(refusal).toMatchObject({ code: 'user.timed-out' });
    expect(refusal.retryAfterMs).toBeGreaterThan(0);
    expect(refusal.retryAfterMs).toBeLessThanOrEqual(10_000);
    await flow(refusal.retryAfterMs! + 50);
    const later = await socket.say('after');
    expect(Date.parse(later.at) - Date.parse(first.at)).toBeGreaterThanOrEqual(10_000);
    await eventually('the right count', async () => {
      const { body } = await scenario.nodes[2]!.client().get('/api/rooms/lobby');
      return body.room.presence.sockets === 13;
    });
    socket.close();

    load.stop();
    const times = (await scenario.settle()).map(({ at }) => at);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    // The test, PostgreSQL and nobody else are on the right time.
    expect(times[0]).toBeGreaterThan(began - 60_000);
    expect(times.at(-1)).toBeLessThan(Date.now() + 60_000);
  });
});
