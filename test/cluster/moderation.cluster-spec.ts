import { randomUUID } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import { flow, Load } from '../faults/support/scenario.js';
import type { Recorder } from '../faults/support/recorder.js';
import { eventually } from '../support/eventually.js';
import { aUser } from '../support/factories.js';
import { ClusterScenario } from './support/cluster-scenario.js';

/** The texts that a viewer would be looking at. */
function shownTo({ segments }: Recorder): Set<string> {
  const texts = new Map<number, string>();
  for (const { event, data } of segments.at(-1)!.applied) {
    if (event === 'message.posted' && data.text !== null) {
      texts.set(data.seq, data.text);
    } else if (event === 'message.removed') {
      texts.delete(data.target);
    }
  }
  return new Set(texts.values());
}

describe('a ban', { timeout: 120_000 }, () => {
  it('F22: is obeyed by all nodes under load, with Redis and without', async () => {
    const scenario = await ClusterScenario.start();
    const judge = await scenario.staff(0);
    await scenario.viewers(9);
    for (const isDown of [false, true]) {
      const victim = await aUser(scenario.nodes[0]!);
      await judge.client.patch(`/api/users/${victim.user.id}`, { role: 'moderator' });
      const devices = [0, 1, 2].map((node) => scenario.device(`victim ${node}`, victim, node));
      await Promise.all(devices.map((device) => device.isLive()));
      if (isDown) {
        await scenario.redis.kill();
        await eventually('doubt', async () => {
          const answers = await Promise.all(scenario.live.map((node) => node.client().get('/health/ready')));
          return answers.every(({ text }) => text.includes('degraded'));
        });
      }
      const load = new Load(devices, 200);
      await eventually('posts', () => devices.flatMap(({ acks }) => acks).length > 100);
      const asked = performance.now();
      const ban = await judge.client.post('/api/rooms/lobby/sanctions', {
        user: victim.user.id,
        action: 'ban',
      });
      expect(ban.status).toBe(201);
      const answered = performance.now();
      await Promise.all(devices.map((device) => device.until('being sent away', () => device.isSentAway)));
      console.log(
        `Redis ${isDown ? 'down' : 'up'}: banned in ${Math.round(answered - asked)} ms, all sockets closed after ` +
          `${Math.round(performance.now() - asked)} ms`,
      );
      load.stop();
      expect(devices.map(({ closes }) => closes)).toEqual([[4003], [4003], [4003]]);
      // I9 is that nothing of theirs stands behind the ban.
      const rows = await scenario.settle();
      expect(rows.filter(({ authorId }) => authorId === victim.user.id).length).toBeGreaterThan(100);
    }
  });
});

describe('a removal', { timeout: 120_000 }, () => {
  it('F23: while everybody comes back leaves its text with nobody', async () => {
    const scenario = await ClusterScenario.start();
    const judge = await scenario.staff(0);
    const writer = await scenario.writer('ann', 1);
    const crowd = await scenario.viewers(100);
    const load = new Load([writer], 100);
    await flow(1000);
    const secrets = Array.from({ length: 20 }, (_, number) => `secret ${number}`);
    secrets.forEach((text) => writer.say(text, randomUUID()));
    await writer.allAcked();
    const rows = await scenario.rows();
    const targets = rows.filter(({ text }) => text !== null && secrets.includes(text)).map(({ seq }) => seq);
    expect(targets).toHaveLength(20);

    crowd.forEach((viewer) => viewer.cut());
    await Promise.all(
      targets.map(async (seq, index) => {
        await flow(index * 20);
        expect((await judge.client.delete(`/api/rooms/lobby/messages/${seq}`)).status).toBe(200);
      }),
    );
    load.stop();
    await scenario.settle();
    for (const viewer of crowd) {
      expect(secrets.filter((secret) => shownTo(viewer).has(secret))).toEqual([]);
    }
    const late = await scenario.viewers(3);
    await scenario.settle();
    expect(late.map((viewer) => JSON.stringify(viewer.segments)).join('')).not.toContain('secret');
  });
});
