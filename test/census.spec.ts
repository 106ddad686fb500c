import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { RedisBus } from '../src/realtime/bus/redis.bus.js';
import { Census, NOBODY, type Elsewhere } from '../src/realtime/cluster/census.js';
import {
  ACTIVE_ROOMS,
  LIVE_NODES,
  LOOK,
  ROLL_CALL,
  ROOM_CALL,
} from '../src/realtime/cluster/census.scripts.js';
import { eventually } from './support/eventually.js';
import { hasRedis, RedisServer } from './support/redis.js';

const LONG_MS = 60_000;
const ROOM = 'room:1';

describe.skipIf(!hasRedis)('the census in Redis', () => {
  let server: RedisServer;
  let bus: RedisBus;
  beforeAll(async () => {
    server = await RedisServer.start();
    bus = new RedisBus(server.url, 'c:');
    await eventually('trust', () => bus.isTrusted);
  });
  afterAll(async () => {
    await bus.close();
    await server.stop();
  });
  beforeEach(async () => {
    await server.command('FLUSHALL');
    await Promise.all(['a', 'b', 'c'].map((node) => roll(node, LONG_MS)));
  });

  const roll = (node: string, ms: number) => bus.link.run(ROLL_CALL, [LIVE_NODES, ACTIVE_ROOMS], [node, ms]);
  const look = () => bus.link.run(LOOK, [LIVE_NODES, ROOM], []);

  /** What a node says; `all` of it, or what has changed. Answers people, guests and sockets elsewhere, and people here. */
  function say(
    node: string,
    { all = false, come = [], gone = [] }: { all?: boolean; come?: string[]; gone?: string[] },
  ) {
    const counts = [1, 2, all ? 1 : 0, LONG_MS, 1, come.length];
    return bus.link.run(ROOM_CALL, [LIVE_NODES, ACTIVE_ROOMS, ROOM], [node, ...counts, ...come, ...gone]);
  }

  it('counts each person once, wherever they are, also as they come and go', async () => {
    expect(await say('a', { all: true, come: ['ann', 'bob'] })).toEqual([0, 0, 0, 2]);
    expect(await say('b', { all: true, come: ['bob', 'cho'] })).toEqual([1, 1, 2, 2]);
    expect(await say('a', {})).toEqual([1, 1, 2, 2]);
    expect(await look()).toEqual([3, 2, 4, 0]);
    expect(await say('b', { come: ['dan'], gone: ['bob'] })).toEqual([2, 1, 2, 2]);
    expect(await say('a', { gone: ['bob', 'nobody'] })).toEqual([2, 1, 2, 1]);
    expect(await look()).toEqual([3, 2, 4, 0]);
    // All of it again takes the place of what was said before.
    expect(await say('a', { all: true, come: ['eve'] })).toEqual([2, 1, 2, 1]);
    expect(await look()).toEqual([3, 2, 4, 0]);
  });

  it('forgets a node that is no more, and nobody who is elsewhere too', async () => {
    await say('a', { all: true, come: ['ann', 'bob'] });
    await say('b', { all: true, come: ['bob', 'cho'] });
    await roll('b', 0);
    expect(await say('a', {})).toEqual([0, 0, 0, 2]);
    expect(await look()).toEqual([2, 1, 2, 0]);
  });

  it('is right again when something of it was lost', async () => {
    await say('a', { all: true, come: ['ann', 'bob'] });
    await say('b', { all: true, come: ['bob', 'cho'] });
    await server.command(`DEL c:${ROOM}:b`);
    // The other one finds that it is not whole, and so does the node itself: it is taken to have nobody.
    expect(await say('a', {})).toEqual([0, 1, 2, 2]);
    expect(await say('b', {})).toEqual([2, 1, 2, 0]);
    expect(await say('b', { all: true, come: ['bob', 'cho'] })).toEqual([1, 1, 2, 2]);
    expect(await look()).toEqual([3, 2, 4, 0]);
  });

  it('is told of a crowd bit by bit', async () => {
    const crowd = Array.from({ length: 2500 }, (_, number) => `person ${number}`);
    const heard: Elsewhere[] = [];
    const room = { id: 1, guests: 0, sockets: 2500, elsewhere: NOBODY, people: () => crowd };
    const here = new Census(bus, bus.link);
    const there = new RedisBus(server.url, 'c:');
    const other = new Census(there, there.link);
    here.countIn(() => [{ ...room, hear: () => undefined }]);
    other.countIn(() => [{ ...room, people: () => [], sockets: 0, hear: (counts) => heard.push(counts) }]);
    here.onApplicationBootstrap();
    other.onApplicationBootstrap();
    await eventually('all of them', () => heard.some(({ people }) => people === 2500), {
      seen: () => JSON.stringify(heard.at(-1)),
    });
    expect(heard.some(({ people }) => people > 0 && people < 2500)).toBe(true);
    await here.onModuleDestroy();
    await other.onModuleDestroy();
    await there.close();
  });
});
