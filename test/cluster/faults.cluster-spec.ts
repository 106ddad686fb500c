import { randomUUID } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import { flow, Load, LONG, quantile } from '../faults/support/scenario.js';
import { lookInto } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { aUser } from '../support/factories.js';
import { ModelServer } from '../support/model-server.js';
import { SocketClient } from '../support/socket-client.js';
import { ClusterScenario, delaysOf } from './support/cluster-scenario.js';

const RATE = 100;
const VIEWERS = 60;

interface Stage {
  scenario: ClusterScenario;
  writers: Awaited<ReturnType<ClusterScenario['writer']>>[];
  crowd: Awaited<ReturnType<ClusterScenario['viewers']>>;
  load: Load;
  /** Prints the delays since the last time. */
  readonly report: (what: string) => void;
}

async function underLoad(): Promise<Stage> {
  const scenario = await ClusterScenario.start();
  const writers = [
    await scenario.writer('ann', 0),
    await scenario.writer('bob', 1),
    await scenario.writer('cho', 2),
  ];
  const crowd = await scenario.viewers(VIEWERS);
  const load = new Load(writers, RATE);
  let since = 0;
  const report = (what: string) => {
    const delays = delaysOf(writers, crowd, since);
    const [p50, p99, most] = [0.5, 0.99, 1].map((share) => quantile(delays, share));
    console.log(`${what}: ${delays.length} deliveries, p50 ${p50} ms, p99 ${p99} ms, most ${most} ms`);
    since = performance.now();
  };
  await flow(3000);
  report('calm');
  return { scenario, writers, crowd, load, report };
}

const socketsAt = async (scenario: ClusterScenario) => {
  const { body } = await scenario.live[0]!.client().get('/api/rooms/lobby');
  return body.room.presence.sockets as number;
};

describe('three nodes under load', { timeout: LONG ? 900_000 : 180_000 }, () => {
  it('F1, F2: each is killed in turn, and nothing is lost, doubled or out of order', async () => {
    const { scenario, writers, crowd, load, report } = await underLoad();
    for (const node of Array.from({ length: LONG ? 60 : 3 }, (_, round) => round % 3)) {
      await scenario.kill(node, 'SIGKILL');
      const killed = performance.now();
      await Promise.all([...writers, ...crowd].map((recorder) => recorder.isLive()));
      console.log(`everybody was live again after ${Math.round(performance.now() - killed)} ms`);
      await eventually('the right count', async () => (await socketsAt(scenario)) === VIEWERS + 3);
      console.log(`the count was right after ${Math.round(performance.now() - killed)} ms`);
      await scenario.restart(node);
      await flow(1000);
    }
    report('with kills');
    load.stop();
    expect(await scenario.settle()).toHaveLength(load.count);
  });

  it('F4, F5: Redis is killed and hangs, everybody stays and nothing is lost', async () => {
    const { scenario, writers, crowd, load, report } = await underLoad();
    const closed = () => [...writers, ...crowd].flatMap(({ closes }) => closes);
    await scenario.redis.kill();
    await flow(5000);
    report('Redis killed');
    await scenario.redis.start();
    const back = performance.now();
    await scenario.trusted();
    console.log(`well again ${Math.round(performance.now() - back)} ms after Redis was back`);
    await flow(2000);
    report('Redis back');
    scenario.redis.signal('SIGSTOP');
    await flow(5000);
    report('Redis hung');
    scenario.redis.signal('SIGCONT');
    await scenario.trusted();
    load.stop();
    expect(await scenario.settle()).toHaveLength(load.count);
    expect(closed()).toEqual([]);
  });

  it('F14: one after the other is replaced, and nobody is cut off', async () => {
    const { scenario, writers, crowd, load, report } = await underLoad();
    for (const node of [0, 1, 2]) {
      const asked = performance.now();
      await scenario.kill(node, 'SIGTERM');
      console.log(`a node had left after ${Math.round(performance.now() - asked)} ms`);
      await scenario.restart(node);
      await Promise.all([...writers, ...crowd].map((recorder) => recorder.isLive()));
    }
    report('rolling restart');
    load.stop();
    expect(await scenario.settle()).toHaveLength(load.count);
    const closes = [...writers, ...crowd].flatMap((recorder) => recorder.closes);
    expect(new Set(closes)).toEqual(new Set([1012]));
  });

  it('F21: a node that freezes for a while goes on where the log is, and takes nothing from whoever was banned', async () => {
    const { scenario, load, report } = await underLoad();
    const judge = await scenario.staff(0);
    const banned = await aUser(scenario.nodes[0]!);
    const device = scenario.device('banned', banned, 1);
    await device.isLive();
    process.kill(scenario.nodes[1]!.pid, 'SIGSTOP');
    device.say('into the ice', 'nonce-into-the-ice');
    const ban = { user: banned.user.id, action: 'ban' };
    expect((await judge.client.post('/api/rooms/lobby/sanctions', ban)).status).toBe(201);
    await flow(LONG ? 30_000 : 8000);
    process.kill(scenario.nodes[1]!.pid, 'SIGCONT');
    await device.until('being sent away', () => device.isSentAway);
    await flow(2000);
    report('a frozen node');
    load.stop();
    const rows = await scenario.settle();
    expect(rows.filter(({ authorId }) => authorId === banned.user.id)).toEqual([]);
    // The ban is one entry more.
    expect(rows).toHaveLength(load.count + 1);
  });
});

describe('an answer of the AI', { timeout: 120_000 }, () => {
  it('F24: whose node dies is posted with the text it had, once', async () => {
    const model = await ModelServer.start();
    const scenario = await ClusterScenario.start(3, { OPENAI_BASE_URL: model.url });
    model.otherwise = (call) => call.delta('So far, so good');
    const ann = await aUser(scenario.nodes[0]!);
    const path = `/ws/${randomUUID()}`;
    const [here, there] = await Promise.all(
      [0, 1].map((node) => SocketClient.open(scenario.nodes[node]!.url, path, ann)),
    );
    await there!.next('live');
    here!.send('ask', { text: 'Go', nonce: randomUUID() });
    const { id } = await there!.find('ai.started');
    await there!.find('ai.delta');
    // What a crash may lose is what has not been saved, every second.
    await eventually('the text to be saved', async () => {
      const [run] = await lookInto(scenario.nodes[0]!.dir, 'SELECT text FROM ai_generations');
      return run?.['text'] === 'So far, so good';
    });
    await scenario.kill(0, 'SIGKILL');
    const killed = performance.now();
    await eventually('the answer', () => there!.texts.includes('So far, so good'));
    console.log(`the answer was posted ${Math.round(performance.now() - killed)} ms after its node had died`);
    expect(await there!.find('message.posted', (message) => message.id === id)).toMatchObject({
      ai: { status: 'interrupted' },
    });
    expect(await there!.find('ai.ended')).toMatchObject({ id, status: 'interrupted' });
    await scenario.trusted();
    expect(there!.frames.filter(({ event }) => event === 'ai.ended')).toHaveLength(1);
    expect(there!.texts.filter((text) => text === 'So far, so good')).toHaveLength(1);
    there!.close();
    await scenario.end();
    await model.stop();
  });
});
