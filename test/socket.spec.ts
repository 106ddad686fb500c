import { beforeEach, describe, expect, it, vi } from 'vitest';

import { RoomSocket, type Connection } from '../public/js/socket.js';
import type { ServerFrame } from '../src/protocol/frames.js';
import { FakeSurroundings } from './support/fake-surroundings.js';

const probe = { event: 'history', data: { after: 0, limit: 1 } } as const;

describe('the socket of a room', () => {
  let world: FakeSurroundings;
  let socket: RoomSocket;
  let frames: ServerFrame[];
  let changes: Connection[];

  beforeEach(() => {
    world = new FakeSurroundings();
    frames = [];
    changes = [];
    let attempt = 0;
    socket = new RoomSocket(
      {
        address: () => `ws://madang/ws?room=lobby&after=${attempt++}&epoch=e`,
        accessAddress: '/api/rooms/lobby/access',
        onFrame: (frame) => frames.push(frame),
        onChange: (connection) => changes.push(connection),
      },
      world.build(),
    );
    socket.connect();
  });

  function opened() {
    world.socket.open();
    return world.socket;
  }

  it('hands on frames and sends while it is open', () => {
    expect(socket.send(probe)).toBe(false);
    const line = opened();
    line.say({ event: 'live', data: { seq: 3 } });
    expect(frames).toEqual([{ event: 'live', data: { seq: 3 } }]);
    expect(socket.send(probe)).toBe(true);
    expect(line.sent).toEqual([probe]);
  });

  it.each([4001, 4003, 4004, 4006, 4099])('stops for good when it is closed with %i', (code) => {
    opened().end(code);
    world.pass(3_600_000);
    expect(socket.connection).toEqual({ is: 'stopped', code });
    expect(world.sockets).toHaveLength(1);
  });

  it.each([1012, 4201, 4202, 4299])('comes back within a second after %i, with a fresh cursor', (code) => {
    world.chance = 0.999;
    opened().end(code);
    expect(world.sockets).toHaveLength(1);
    world.pass(1000);
    expect(world.sockets.map(({ address }) => address)).toEqual([
      'ws://madang/ws?room=lobby&after=0&epoch=e',
      'ws://madang/ws?room=lobby&after=1&epoch=e',
    ]);
  });

  it.each([1000, 1001, 1006, 1009, 1011, 4101, 4108, 4400])('backs off after %i', (code) => {
    world.chance = 0;
    opened().end(code);
    world.pass(999);
    expect(world.sockets).toHaveLength(1);
    world.pass(1);
    expect(world.sockets).toHaveLength(2);
  });

  it('backs off further with each failure, up to 30 s, and forgets them after half a healthy minute', () => {
    world.chance = 1;
    const waits = Array.from({ length: 7 }, () => waitAfter(0));
    expect(waits).toEqual([2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
    expect(waitAfter(30_000)).toBe(2000);

    function waitAfter(livedMs: number): number {
      const line = opened();
      world.pass(livedMs);
      line.end(1006);
      const { until } = socket.connection as Extract<Connection, { is: 'waiting' }>;
      const wait = until - now();
      world.pass(wait);
      return wait;
    }
  });

  it('does not hurry for ever when it is sent away again and again', () => {
    world.chance = 0;
    for (let round = 0; round < 4; round++) {
      opened().end(4202);
      world.pass(round < 3 ? 0 : 999);
    }
    expect(world.sockets).toHaveLength(4);
    world.pass(1);
    expect(world.sockets).toHaveLength(5);
  });

  it('leaves within the spread a restart announces, and works until then', () => {
    const line = opened();
    line.say({ event: 'restart', data: { spreadMs: 4000 } });
    expect(socket.send(probe)).toBe(true);
    world.pass(1999);
    expect(world.sockets).toHaveLength(1);
    world.pass(1);
    expect(world.sockets).toHaveLength(2);
    expect(line.closed).toBe(true);
  });

  it('reconnects when nothing was heard for 35 s', () => {
    const line = opened();
    world.pass(34_000);
    line.say({ event: 'ping', data: { head: 0 } });
    world.pass(34_999);
    expect(world.sockets).toHaveLength(1);
    world.pass(1);
    expect(world.sockets).toHaveLength(2);
  });

  it('keeps one timer however many frames come', () => {
    const line = opened();
    for (let seq = 0; seq < 100; seq++) {
      line.say({ event: 'live', data: { seq } });
    }
    expect(world.pendingTimers).toBe(1);
  });

  it('does not hear a socket it has left', () => {
    const line = opened();
    line.end(1012);
    world.pass(1000);
    opened();
    line.say({ event: 'live', data: { seq: 9 } });
    line.end(4001);
    expect(frames).toEqual([]);
    expect(socket.connection.is).toBe('open');
  });

  it('probes an open line when asked to check, and reconnects when it stays silent', () => {
    const line = opened();
    socket.check(probe);
    expect(line.sent).toEqual([probe]);
    line.say({ event: 'history', data: { after: 0, entries: [], more: false } });
    world.pass(5000);
    expect(world.sockets).toHaveLength(1);

    socket.check(probe);
    world.pass(5000);
    expect(world.sockets).toHaveLength(2);
  });

  it('does not wait out a back-off when the network is back', () => {
    opened().end(1006);
    socket.check(probe);
    expect(world.sockets).toHaveLength(2);
  });

  it.each([401, 403, 404])('stops with the sentence of a %i when the upgrade was refused', async (status) => {
    world.access = refusal(status);
    world.socket.end(1006);
    await vi.waitFor(() => expect(socket.connection.is).toBe('stopped'));
    expect(socket.connection).toEqual({ is: 'stopped', code: 'user.banned', message: 'No.' });
    expect(world.asked).toEqual(['/api/rooms/lobby/access']);
  });

  it.each([
    ['429', () => refusal(429, '7'), 7000],
    ['503', () => refusal(503, '2'), 2000],
    ['200, by a race', () => new Response('{}'), 1500],
    ['nothing at all', () => new TypeError('no network'), 1500],
  ])('backs off when the refusal is %s', async (_, access, wait) => {
    world.access = access();
    world.socket.end(1006);
    await vi.waitFor(() => expect(socket.connection).toEqual({ is: 'waiting', until: wait, why: 'lost' }));
    world.pass(wait);
    expect(world.sockets).toHaveLength(2);
  });

  it('takes an upgrade without any answer for a refused one', async () => {
    world.access = refusal(404);
    world.pass(35_000);
    await vi.waitFor(() => expect(socket.connection.is).toBe('stopped'));
  });

  function now(): number {
    return world.build().now();
  }
});

function refusal(status: number, retryAfter = ''): Response {
  return Response.json(
    { error: { code: 'user.banned', message: 'No.' } },
    { status, headers: { 'Retry-After': retryAfter } },
  );
}
