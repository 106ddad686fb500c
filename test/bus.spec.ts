import { randomUUID } from 'node:crypto';

import { Logger } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import type { Bus } from '../src/realtime/bus/bus.js';
import { Exchange, MemoryBus } from '../src/realtime/bus/memory.bus.js';
import { RedisBus } from '../src/realtime/bus/redis.bus.js';
import { script } from '../src/realtime/bus/redis.link.js';
import { eventually } from './support/eventually.js';
import { hasRedis, RedisServer } from './support/redis.js';

const quiet = { log: () => undefined, error: () => undefined, warn: () => undefined };
Logger.overrideLogger(quiet);

/** A topic as one node hears it. */
interface Heard {
  messages: unknown[];
  ready: number;
  stop(): void;
}

async function listen(bus: Bus, topic: string): Promise<Heard> {
  const heard: Heard = { messages: [], ready: 0, stop: () => undefined };
  heard.stop = bus.subscribe(
    topic,
    (message) => heard.messages.push(message),
    () => heard.ready++,
  );
  await eventually('the subscription', () => heard.ready > 0);
  return heard;
}

/** Waits until as many have come, and a marker after them, so that nothing more is on its way. */
async function settled(from: Bus, heard: Heard[], topic: string): Promise<void> {
  const marker = randomUUID();
  from.publish(topic, { marker });
  for (const { messages } of heard) {
    await eventually('the marker', () => messages.some((message) => isMarker(message, marker)), {
      seen: () => JSON.stringify(messages.slice(-5)),
    });
    messages.splice(messages.findIndex((message) => isMarker(message, marker)));
  }
}

const isMarker = (message: unknown, marker: string) =>
  typeof message === 'object' && message !== null && 'marker' in message && message.marker === marker;

/** What every bus keeps to. `make` gives nodes of one installation. */
function contract(make: () => Promise<Bus>): void {
  const buses: Bus[] = [];
  afterEach(async () => {
    await Promise.all(buses.splice(0).map((bus) => bus.close()));
  });
  const nodes = async (count: number) => {
    const made = await Promise.all(Array.from({ length: count }, make));
    buses.push(...made);
    await eventually('trust', () => made.every((bus) => bus.isTrusted));
    return made as [Bus, Bus, Bus];
  };

  it('brings what is published on a topic to the other nodes, in order, and not back', async () => {
    const [one, two, three] = await nodes(3);
    expect(new Set([one.node, two.node, three.node]).size).toBe(3);
    const heard = await Promise.all([one, two, three].map((bus) => listen(bus, 'room:1')));
    const sent = Array.from({ length: 500 }, (_, number) => ({ number, text: '가나다 😀 \u2028 "\\' }));
    sent.forEach((message) => one.publish('room:1', message));
    await settled(one, heard.slice(1), 'room:1');
    expect(heard.map(({ messages }) => messages)).toEqual([[], sent, sent]);
  });

  it('keeps topics apart, and stops when asked to', async () => {
    const [one, two] = await nodes(2);
    const [first, second] = [await listen(two, 'room:1'), await listen(two, 'room:11')];
    one.publish('room:1', { a: 1 });
    await settled(one, [first], 'room:1');
    await settled(one, [second], 'room:11');
    expect([first.messages, second.messages]).toEqual([[{ a: 1 }], []]);

    first.stop();
    first.stop();
    one.publish('room:1', { a: 2 });
    await settled(one, [second], 'room:11');
    expect(first.messages).toEqual([{ a: 1 }]);
    const again = await listen(two, 'room:1');
    one.publish('room:1', { a: 3 });
    await settled(one, [again], 'room:1');
    expect(again.messages).toEqual([{ a: 3 }]);
  });

  it('gives each listener its own copy, and goes on when one fails', async () => {
    const [one, two] = await nodes(2);
    two.subscribe<{ list: number[] }>('t', ({ list }) => {
      list.push(2);
      throw new Error('a listener of the test fails');
    });
    const heard = await listen(two, 't');
    one.publish('t', { list: [1] });
    await settled(one, [heard], 't');
    expect(heard.messages).toEqual([{ list: [1] }]);
  });

  it('says nothing and fails at nothing after it was closed', async () => {
    const [one, two] = await nodes(2);
    const heard = await listen(two, 't');
    await one.close();
    await one.close();
    one.publish('t', { late: true });
    expect(heard.messages).toEqual([]);
  });
}

describe('the bus in memory', () => {
  let exchange = new Exchange();
  afterEach(() => {
    exchange = new Exchange();
  });
  contract(async () => new MemoryBus(exchange));

  it('of a server that is alone is trusted, and talks to nobody', () => {
    const bus = new MemoryBus();
    expect(bus).toMatchObject({ isTrusted: true, nodes: 1 });
    const unreadable: { self?: unknown } = {};
    unreadable.self = unreadable;
    bus.publish('t', unreadable);
  });
});

describe.skipIf(!hasRedis)('the bus on Redis', () => {
  let server: RedisServer;
  let prefix: string;
  beforeAll(async () => {
    server = await RedisServer.start();
    prefix = `${randomUUID()}:`;
  });
  afterAll(() => server.stop());
  contract(async () => new RedisBus(server.url, prefix));

  it('hears nothing of another installation on the same Redis', async () => {
    const [one, two] = [new RedisBus(server.url, prefix), new RedisBus(server.url, prefix)];
    const other = new RedisBus(server.url, 'other:');
    const buses = [one, two, other];
    await eventually('trust', () => buses.every((bus) => bus.isTrusted));
    const [heard, strange] = [await listen(two, 't'), await listen(other, 't')];
    one.publish('t', { a: 1 });
    await settled(one, [heard], 't');
    expect([heard.messages, strange.messages]).toEqual([[{ a: 1 }], []]);
    await Promise.all(buses.map((bus) => bus.close()));
  });
});

describe.skipIf(!hasRedis)('the bus when Redis fails', { timeout: 30_000 }, () => {
  let lines = '';
  beforeAll(() =>
    Logger.overrideLogger({ ...quiet, warn: (message: unknown) => (lines += JSON.stringify(message)) }),
  );
  let server: RedisServer;
  let one: RedisBus;
  let two: RedisBus;
  let heard: Heard;
  beforeAll(async () => {
    server = await RedisServer.start();
    [one, two] = [new RedisBus(server.url, 'x:'), new RedisBus(server.url, 'x:')];
    await eventually('trust', () => one.isTrusted && two.isTrusted);
    heard = await listen(two, 't');
  });
  afterAll(async () => {
    await Promise.all([one.close(), two.close()]);
    await server.stop();
  });
  afterEach(() => void (heard.messages.length = 0));

  /** Both are trusted again, and what is published arrives; the listener was told to look for what it missed. */
  async function isWell(before: number): Promise<void> {
    const started = performance.now();
    await eventually('trust to come back', () => one.isTrusted && two.isTrusted);
    await eventually('being told', () => heard.ready > before);
    console.log(`well again after ${Math.round(performance.now() - started)} ms`);
    one.publish('t', { well: true });
    await settled(one, [heard], 't');
    expect(heard.messages).toEqual([{ well: true }]);
  }

  it('notices that it is killed, waits for nothing, and is there again after an empty restart', async () => {
    const before = heard.ready;
    await server.kill();
    await eventually('doubt', () => !one.isTrusted && !two.isTrusted, { withinMs: 2000 });
    const started = performance.now();
    for (let number = 0; number < 10_000; number++) {
      one.publish('t', { number });
    }
    console.log(`10,000 publishes into nothing: ${Math.round(performance.now() - started)} ms`);
    await expect(one.link.run({ lua: '', sha: '' }, [], [])).rejects.toThrow('away');
    await server.start();
    await isWell(before);
  });

  it('notices that it hangs with its connections open', async () => {
    const before = heard.ready;
    server.signal('SIGSTOP');
    // Somebody waits for a command: one that is not answered says it before the probe does.
    await expect(one.link.run(script('return 1'), [], [])).rejects.toThrow('does not answer');
    expect(one.isTrusted).toBe(false);
    await expect(one.link.run(script('return 1'), [], [])).rejects.toThrow('away');
    await eventually('doubt', () => !one.isTrusted && !two.isTrusted, { withinMs: 3000 });
    // Connections that stay silent are given up, and made anew when there is somebody to answer.
    await eventually('giving up', () => lines.includes('no probe has come back'));
    server.signal('SIGCONT');
    await isWell(before);
  });

  it('notices that its subscriptions are cut', async () => {
    const before = heard.ready;
    await server.command('CLIENT KILL TYPE pubsub');
    await isWell(before);
  });

  it('starts without Redis, and finds it later', async () => {
    await server.kill();
    const late = new RedisBus(server.url, 'x:');
    let ready = 0;
    const messages: unknown[] = [];
    late.subscribe(
      't',
      (message) => messages.push(message),
      () => ready++,
    );
    expect(late.isTrusted).toBe(false);
    await server.start();
    await eventually('the subscription', () => ready > 0 && late.isTrusted && one.isTrusted);
    one.publish('t', { late: true });
    await eventually('the message', () => messages.length > 0);
    await late.close();
  });
});
