import { describe, expect, it } from 'vitest';

import { Channel } from '../../src/realtime/channel.js';
import { COSTS, type Costs } from './costs.js';
import { need, nodeNeed, windowOf } from './model.js';

const EVENT = { viewers: 100_000, rooms: 1, posts: 20 };

describe('the calculation of sizes', () => {
  it.each([0, 100, 1000, 5000, 100_000])('has the window of the channel for %i sockets', async (sockets) => {
    const channel = new Channel<null>(0, { read: () => Promise.resolve([]) });
    for (let number = 0; number < sockets; number++) {
      const subscriber = {
        cursor: 1,
        closed: false,
        writable: true,
        sees: () => true,
        write: () => undefined,
        drained: () => Promise.resolve(),
        lost: () => undefined,
      };
      channel.join(subscriber, () => undefined);
    }
    await Promise.resolve();
    expect(windowOf(sockets)).toBeCloseTo(channel.window);
    channel.close();
  });

  it('takes no node that is full, and not one more than it must', () => {
    const { nodes, node } = need(EVENT, COSTS);
    const isFull = ({ cores, megabytes, gigabits }: typeof node) =>
      cores > COSTS.share.value || megabytes > COSTS.memory.value || gigabits > COSTS.link.value;
    expect(isFull(node)).toBe(false);
    expect(isFull(nodeNeed(EVENT, nodes - 1, COSTS))).toBe(true);
    expect(nodes * node.sockets).toBeCloseTo(EVENT.viewers);
  });

  it('sends every entry to every viewer, whatever the nodes', () => {
    const payload = (EVENT.viewers * EVENT.posts * COSTS.wire.value * 8) / 1e9;
    expect(need(EVENT, COSTS).gigabits).toBeGreaterThan(payload);
    expect(need({ ...EVENT, posts: 200 }, COSTS).gigabits).toBeGreaterThan(10 * payload);
  });

  it('says what makes a node full', () => {
    const limitOf = (changed: Partial<Costs>) => need(EVENT, { ...COSTS, ...changed }).limit;
    expect(limitOf({ link: { value: 0.01 } })).toBe('network');
    expect(limitOf({ sockets: { value: 1000 } })).toBe('sockets');
    expect(limitOf({ memory: { value: 210 } })).toBe('memory');
    expect(limitOf({ frame: { value: 500 } })).toBe('CPU');
  });

  it('hands a message of one room to every node, and of many small rooms to those that have it open', () => {
    const event = need(EVENT, COSTS);
    expect(event.redis.messages).toBeCloseTo(EVENT.posts * event.nodes);
    const small = need({ viewers: 100_000, rooms: 50_000, posts: 0.1 }, COSTS);
    expect(small.redis.messages).toBeLessThan(5000 * 2.1);
    expect(need({ viewers: 10, rooms: 1, posts: 1 }, COSTS)).toMatchObject({
      nodes: 1,
      redis: { messages: 0 },
    });
  });

  it('refuses what more nodes do not help', () => {
    expect(() => need({ viewers: 1000, rooms: 1, posts: 100_000 }, COSTS)).toThrow(RangeError);
  });
});
