import { randomUUID } from 'node:crypto';
import { connect, type Socket } from 'node:net';

import { ApplicationConfig } from '@nestjs/core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { SanctionsRepository } from '../src/chat/log/sanctions.repository.js';
import { LiveRooms } from '../src/chat/rooms/live-rooms.js';
import { Draining } from '../src/common/draining.js';
import { Hub } from '../src/realtime/hub.js';
import type { RoomWsAdapter } from '../src/realtime/room-ws.adapter.js';
import { startApp, type TestApp } from './support/app.js';
import { aUser, anAdmin, type TestUser } from './support/factories.js';
import { SocketClient, type SocketOptions } from './support/socket-client.js';

let app: TestApp;
let ann: TestUser;
let bob: TestUser;
let admin: TestUser;

beforeAll(async () => {
  app = await startApp({ env: { MAX_SOCKETS_PER_USER: '3', MAX_SOCKETS_PER_ADDRESS: '20' } });
  [ann, bob, admin] = [await aUser(app), await aUser(app), await anAdmin(app)];
});
afterAll(() => app.stop());

const open = (path: string, options?: SocketOptions) => SocketClient.open(app.url, path, options);

async function refusal(path: string, options?: SocketOptions) {
  const answer = await SocketClient.attempt(app.url, path, options);
  if (answer instanceof SocketClient) {
    answer.close();
    throw new Error(`${path} was admitted`);
  }
  return { status: answer.status, code: answer.body.error.code };
}

describe('before the 101', () => {
  it('answers a whole HTTP refusal for what is not there', async () => {
    const conversation = randomUUID();
    (await open(`/ws/${conversation}`, { cookie: ann.cookie })).close();

    for (const path of [
      '/nowhere',
      '/ws/a/b',
      '/ws?room=nowhere',
      '/ws?room=main',
      '/ws/streaming?room=lobby',
    ]) {
      expect(await refusal(path), path).toEqual({ status: 404, code: 'not-found' });
    }
    expect(await refusal('/ws/not-a-uuid')).toEqual({ status: 404, code: 'not-found' });
    expect(await refusal('/ws?room=lobby&room=lobby')).toEqual({ status: 400, code: 'frame.invalid' });
    for (const path of ['/ws/not-a-uuid', `/ws/${conversation}`]) {
      expect(await refusal(path, { cookie: bob.cookie }), path).toEqual({ status: 404, code: 'not-found' });
    }
    expect(await refusal(`/ws/${randomUUID()}`)).toEqual({ status: 401, code: 'auth.required' });
    expect(await refusal('/ws?room=lobby&after=-1')).toEqual({ status: 400, code: 'frame.invalid' });
    expect(await refusal('/ws/%E0%A4%A')).toEqual({ status: 400, code: 'frame.malformed' });
  });

  it('says the same to a page that asks why', async () => {
    const conversation = randomUUID();
    (await open(`/ws/${conversation}`, { cookie: ann.cookie })).close();
    const access = async (slug: string, who?: TestUser) =>
      (await (who?.client ?? app.client()).get(`/api/rooms/${slug}/access`)).status;

    expect(await access('lobby')).toBe(204);
    const elsewhere = { headers: { referer: 'http://box.lan:8000/chat/lobby' } };
    expect((await app.client().get('/api/rooms/lobby/access', elsewhere)).status).toBe(403);
    expect(await access('nowhere')).toBe(404);
    expect(await access(conversation)).toBe(401);
    expect(await access(conversation, bob)).toBe(404);
    expect(await access(conversation, ann)).toBe(204);
  });

  it('admits only pages of its own', async () => {
    const own = { Origin: app.url };
    (await open('/ws?room=lobby', { headers: own })).close();
    const foreign = [
      'http://evil.example',
      'null',
      `https://127.0.0.1:${app.port}`,
      `http://127.0.0.1:${app.port + 1}`,
    ];
    for (const origin of foreign) {
      const headers = { Origin: origin, Host: 'evil.example' };
      expect(await refusal('/ws?room=lobby', { headers }), origin).toEqual({ status: 403, code: 'csrf' });
    }
  });

  it('takes no identity from the address or from headers a client can choose', async () => {
    const socket = await open(`/ws?room=lobby&userId=${admin.user.id}&token=x&sid=x`, {
      headers: { Authorization: `Bearer ${admin.user.id}`, 'X-User': admin.user.id },
    });
    expect((await socket.next('welcome')).viewer).toBeNull();
    socket.close();
  });

  it('limits the sockets of a person and of an address, and frees them at once', async () => {
    const carol = await aUser(app);
    const options = { cookie: carol.cookie, headers: { 'x-forwarded-for': '203.0.113.5' } };
    const sockets = [];
    for (let count = 0; count < 3; count++) {
      sockets.push(await open('/ws?room=lobby', options));
    }
    expect(await refusal('/ws?room=lobby', options)).toEqual({ status: 429, code: 'rate.limited' });
    expect((await carol.client.get('/api/rooms/lobby/access')).status).toBe(429);
    sockets[0]!.close();
    await sockets[0]!.closed();
    sockets.push(await open('/ws?room=lobby', options));

    const guests = { headers: { 'x-forwarded-for': '203.0.113.5' } };
    const attempts = await Promise.all(
      Array.from({ length: 30 }, () => SocketClient.attempt(app.url, '/ws?room=lobby', guests)),
    );
    const admitted = attempts.filter((attempt) => attempt instanceof SocketClient);
    const closing = admitted.filter((socket) => socket.frames.length === 0);
    expect(admitted.length - closing.length).toBeLessThanOrEqual(17);
    (await open('/ws?room=lobby', { headers: { 'x-forwarded-for': '203.0.113.6' } })).close();
    [...sockets.slice(1), ...admitted].forEach((socket) => socket.close());
    await Promise.all([...sockets.slice(1), ...admitted].map((socket) => socket.closed()));
  });

  it('survives connections that are reset while it decides', async () => {
    const sockets = () => app.get(Hub).size;
    await expect.poll(sockets).toBe(0);
    for (let count = 0; count < 50; count++) {
      const socket = connect(app.port, '127.0.0.1');
      await new Promise((resolve) => socket.once('connect', resolve));
      socket.write(handshake('/ws?room=lobby'));
      socket.resetAndDestroy();
    }
    const after = await open('/ws?room=lobby');
    expect((await after.next('live')).seq).toBeGreaterThanOrEqual(0);
    after.close();
    await after.closed();
    await expect.poll(sockets).toBe(0);
  });
});

describe('frames', () => {
  it('are answered when they cannot be read, without what was in them, and too many end the socket', async () => {
    const socket = await open('/ws?room=lobby', { cookie: ann.cookie });
    const bad = [
      '{bad',
      'null',
      '[]',
      '"x"',
      '{"event":"say"}',
      '{"event":["say"],"data":{}}',
      '{"event":"say","data":[]}',
    ];
    for (const text of [...bad, `{"event":"say","data":${'['.repeat(4000)}${']'.repeat(4000)}}`]) {
      socket.raw(text);
      expect(await socket.next('error'), text.slice(0, 40)).toMatchObject({ code: 'frame.malformed' });
    }
    for (const event of ['__proto__', 'constructor', 'ask', 'welcome']) {
      socket.raw(JSON.stringify({ event, data: { nonce: 'unknown-1', text: 'secret words' } }));
      expect(await socket.next('error'), event).toMatchObject({
        code: 'frame.unknown-event',
        nonce: 'unknown-1',
      });
    }
    socket.raw('{"event":"say","data":{"__proto__":{"admin":true},"text":"x","nonce":"polluted-1"}}');
    await socket.next('ack');
    expect(Reflect.get({}, 'admin')).toBeUndefined();
    expect(JSON.stringify(socket.frames)).not.toContain('secret words');

    for (let count = 0; count < 200; count++) {
      socket.raw('{bad');
    }
    expect(await socket.closed()).toBe(4101);
    expect(socket.frames.filter(({ event }) => event === 'error').length).toBeLessThan(100);
  });

  it('end the socket with the code of what is wrong with them', async () => {
    const closeCode = async (send: (socket: SocketClient) => void) => {
      const socket = await open('/ws?room=lobby');
      send(socket);
      return socket.closed();
    };
    expect(await closeCode((socket) => socket.raw(' '.repeat(17 * 1024)))).toBe(1009);
    expect(await closeCode((socket) => socket.raw(Buffer.from('{"event":"history","data":{}}')))).toBe(1003);

    const raw = async (frame: number[]) => {
      const { socket, received } = await rawSocket('/ws?room=lobby');
      socket.write(Buffer.from(frame));
      return closeCodeOf(await received);
    };
    expect(await raw([0x81, 0x82, 0, 0, 0, 0, 0xc3, 0x28])).toBe(1007);
    expect(await raw([0x81, 0x02, 0x7b, 0x7d])).toBe(1002);
    expect(await raw([0xc1, 0x82, 0, 0, 0, 0, 0x7b, 0x7d])).toBe(1002);
    expect(await raw([0x83, 0x80, 0, 0, 0, 0])).toBe(1002);
    expect(await raw([0x88, 0x82, 0, 0, 0, 0, 0x03, 0xed])).toBe(1002);
  });

  it('that only ask are limited too, and a reader who does not read costs no memory', async () => {
    const slug = 'lobby';
    const [greedy, other] = [
      await open(`/ws?room=${slug}`),
      await open(`/ws?room=${slug}`, { cookie: admin.cookie }),
    ];
    for (let count = 0; count < 60; count++) {
      await other.say(`${'가'.repeat(190)} ${count}`);
    }
    const started = performance.now();
    greedy.ws.pause();
    for (let count = 0; count < 3000; count++) {
      greedy.raw('{"event":"history","data":{"limit":100}}');
    }
    expect((await other.say('answered meanwhile')).seq).toBeGreaterThan(60);
    greedy.ws.resume();
    expect(await greedy.closed()).toBe(4101);
    const answers = greedy.frames.filter(({ event }) => event === 'history');
    // The burst, and what comes back meanwhile: one in 40 ms.
    expect(answers.length).toBeLessThanOrEqual(122 + (performance.now() - started) / 40);
    for (const data of [{ limit: null }, { after: null }, { before: '5' }, { limit: 101 }]) {
      other.raw(JSON.stringify({ event: 'history', data }));
      expect(await other.next('error'), JSON.stringify(data)).toMatchObject({ code: 'frame.invalid' });
    }
    other.close();
  });

  it('never negotiates compression', async () => {
    const socket = await open('/ws?room=lobby');
    expect(socket.ws.extensions).toBe('');
    socket.close();
  });
});

describe('an open socket', () => {
  it('hears everything, also when its room was about to be let go while it came in', async () => {
    await admin.client.post('/api/rooms', { slug: 'left', title: 'Left', kind: 'chat' });
    (await open('/ws?room=left', { cookie: ann.cookie })).close();
    const rooms = app.get(LiveRooms);
    const left = rooms.shared('left')!;
    const live = await rooms.open(left.id);
    await expect.poll(() => live.emptySince).not.toBeNull();
    live.emptySince = performance.now() - 40_000;
    // The last question that is asked of the database before the 101.
    vi.spyOn(app.get(SanctionsRepository), 'inForce').mockImplementationOnce(() => {
      rooms.sweep(performance.now());
      return Promise.resolve([]);
    });
    const socket = await open('/ws?room=left', { cookie: ann.cookie });
    await socket.next('live');
    const { body } = await admin.client.post('/api/rooms/left/messages', {
      text: 'still there?',
      nonce: 'nonce-still-there',
    });
    expect(await socket.find('message.posted')).toMatchObject({ seq: body.seq });
    socket.close();
  });

  it('closes with 4001 when its session ends, and another of the same person stays', async () => {
    const carol = await aUser(app);
    const elsewhere = app.client();
    await elsewhere.post('/user/login', { username: carol.username, password: carol.password });
    const mine = await open('/ws?room=lobby', { cookie: carol.cookie });
    const other = await open('/ws?room=lobby', { cookie: elsewhere.cookie });
    expect((await carol.client.post('/user/logout')).status).toBe(204);
    expect(await mine.closed()).toBe(4001);
    expect((await other.say('still here')).seq).toBeGreaterThan(0);
    other.close();
  });

  it('obeys a changed role at once', async () => {
    const second = await anAdmin(app);
    const socket = await open('/ws?room=lobby', { cookie: second.cookie });
    await socket.say('as administrator', { kind: 'admin' });
    expect((await admin.client.patch(`/api/users/${second.user.id}`, { role: 'user' })).status).toBe(200);
    await expect(socket.say('once more', { kind: 'admin' })).rejects.toThrow('auth.forbidden');
    socket.close();
  });

  it('is counted under a known code or as another one, whatever a client closes with', async () => {
    const closes = async () =>
      (await app.client().get('/metrics')).text.match(/^madang_closes_total.*$/gm)?.join('\n');
    const socket = await open('/ws?room=lobby');
    socket.ws.close(3987);
    await socket.closed();
    await expect.poll(closes).toMatch(/\{code="other"\} 1$/m);
    expect(await closes()).not.toContain('3987');
  });

  it('at the AI answers that it is not set up', async () => {
    const socket = await open(`/ws/${randomUUID()}`, { cookie: ann.cookie });
    expect(await socket.next('welcome')).toMatchObject({ room: { kind: 'assistant' }, head: 0 });
    socket.send('ask', { text: 'hello?', nonce: 'question-1' });
    expect(await socket.next('error')).toMatchObject({ code: 'ai.off', nonce: 'question-1' });
    socket.close();
  });
});

describe('a server on its way out', () => {
  it('serves who is there, and tells who comes when to try again', async () => {
    const leaving = await startApp();
    const person = await aUser(leaving);
    const socket = await SocketClient.open(leaving.url, '/ws?room=lobby', { cookie: person.cookie });
    leaving.get(Draining).begin();

    expect(await SocketClient.attempt(leaving.url, '/ws?room=lobby')).toMatchObject({
      status: 503,
      headers: { 'retry-after': '2' },
      body: { error: { code: 'server.draining' } },
    });
    expect((await leaving.client().get('/api/rooms/lobby/access')).status).toBe(503);
    expect((await leaving.client().get('/health/ready')).status).toBe(503);
    expect((await socket.say('one more thing')).seq).toBe(1);
    await leaving.stop();
    expect(await socket.closed()).toBe(1012);
  });

  it('says so until its port is closed', async () => {
    const leaving = await startApp();
    // The last thing that Nest does before it closes the port.
    await (leaving.get(ApplicationConfig).getIoAdapter() as RoomWsAdapter).dispose();
    expect(await SocketClient.attempt(leaving.url, '/ws?room=lobby')).toMatchObject({
      status: 503,
      body: { error: { code: 'server.draining' } },
    });
    await leaving.stop();
  });
});

function handshake(path: string): string {
  return (
    `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
    'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n'
  );
}

/** A socket whose bytes a test writes itself; `received` resolves with all it was sent once it is closed. */
async function rawSocket(path: string): Promise<{ socket: Socket; received: Promise<Buffer> }> {
  const socket = connect(app.port, '127.0.0.1');
  const chunks: Buffer[] = [];
  const received = new Promise<Buffer>((resolve) =>
    socket.once('close', () => resolve(Buffer.concat(chunks))),
  );
  socket.on('error', () => undefined);
  socket.write(handshake(path));
  await new Promise<void>((resolve) => {
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      if (chunks.length === 1) {
        resolve();
      }
    });
  });
  return { socket, received };
}

/** The code in the close frame at the end of what a server sent. */
function closeCodeOf(bytes: Buffer): number {
  const at = bytes.lastIndexOf(0x88);
  return bytes.readUInt16BE(at + 2);
}
