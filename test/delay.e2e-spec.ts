import { randomUUID } from 'node:crypto';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { LiveRooms } from '../src/chat/rooms/live-rooms.js';
import { RoomsRepository } from '../src/chat/rooms/rooms.repository.js';
import { Clock } from '../src/common/clock.js';
import { startApp, type TestApp } from './support/app.js';
import { aModerator, anAdmin, aRoomBy, aUser, type TestUser } from './support/factories.js';
import { ModelServer, type ModelCall } from './support/model-server.js';
import { SocketClient } from './support/socket-client.js';

/** Longer than any test runs: what is kept back stays so until the test says otherwise. */
const LONG = 60;

let model: ModelServer;
let app: TestApp;
let admin: TestUser;
let moderator: TestUser;
let ann: TestUser;
let bob: TestUser;
let room: string;
const sockets: SocketClient[] = [];

beforeAll(async () => {
  model = await ModelServer.start();
  app = await startApp({ env: { OPENAI_BASE_URL: model.url } });
  admin = await anAdmin(app);
  moderator = await aModerator(app);
  expect((await admin.client.patch('/api/ai/settings', { translation: true, summary: true })).status).toBe(
    200,
  );
});
afterAll(async () => {
  await app.stop();
  await model.stop();
});
beforeEach(async () => {
  model.reset();
  [ann, bob] = [await aUser(app), await aUser(app)];
  room = await aRoomBy(admin);
});
afterEach(() => sockets.splice(0).forEach((socket) => socket.close()));

const set = (delay: number, by = moderator) =>
  by.client.patch(`/api/rooms/${room}`, { settings: { delay } }).then(({ status }) => status);
const at = (path: string) => `/api/rooms/${room}${path}`;

async function enter(who: TestUser | null, more = ''): Promise<SocketClient> {
  const socket = await SocketClient.open(
    app.url,
    `/ws?room=${room}${more}`,
    who ? { cookie: who.cookie } : {},
  );
  sockets.push(socket);
  await socket.next('live');
  return socket;
}

async function say(text: string, by = moderator): Promise<number> {
  const answer = await by.client.post(at('/messages'), { text, nonce: randomUUID() });
  expect(answer.status, answer.text).toBe(201);
  return answer.body.seq;
}

const remove = async (seq: number) =>
  expect((await moderator.client.delete(at(`/messages/${seq}`))).status).toBe(200);
const edit = async (seq: number, text: string) =>
  expect((await moderator.client.patch(at(`/messages/${seq}`), { text, nonce: randomUUID() })).status).toBe(
    200,
  );
const seqsOf = (socket: SocketClient) => socket.entries.map(({ data }) => data.seq);
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);
/** Everything that a socket was ever sent, as text. */
const sentTo = (socket: SocketClient) => JSON.stringify(socket.frames);

/** Whatever had been sent to the socket before this is there. */
async function settled(socket: SocketClient): Promise<SocketClient> {
  socket.send('history', { before: 1, limit: 1 });
  await socket.next('history');
  return socket;
}

describe('what is said in a room with a delay', () => {
  it('reaches staff at once and others when it is old enough; its author is acked at once', async () => {
    const [staff, viewer, guest] = [await enter(moderator), await enter(bob), await enter(null)];
    expect(await set(1)).toBe(200);
    // The mode itself is told at once.
    await Promise.all([viewer, guest, staff].map((socket) => socket.next('room.changed')));
    const author = await enter(ann);
    const { seq, at: saidAt } = await author.say('in a second');
    const begun = performance.now();
    await staff.find('message.posted', (data) => data.seq === seq);
    await Promise.all([viewer, guest, author].map((socket) => socket.find('message.posted')));
    // Not before its time, by the server's own clock.
    expect(app.get(Clock).now() - Date.parse(saidAt)).toBeGreaterThanOrEqual(1000);
    console.log(`shown ${Math.round(performance.now() - begun)} ms after the ack`);
    await viewer.say('and on it goes');
    await guest.find('message.posted', ({ text }) => text === 'and on it goes');
    expect(seqsOf(guest)).toEqual(range(1, seq + 1));
    expect(seqsOf(staff)).toEqual(range(1, seq + 1));
  });

  it('is nowhere for who is not staff until then', async () => {
    await say('long ago, a word');
    await set(LONG);
    const seq = await say('secret word', ann);
    await edit(1, 'secret edit');
    expect((await moderator.client.request('PUT', at('/pin'), { target: seq })).status).toBe(200);
    model.otherwise = (call) => call.say('[1] Something was said.');
    for (const who of [bob, ann]) {
      const viewer = await enter(who);
      const { head, mode, pinned } = await viewer.find('welcome');
      expect([head, mode, pinned]).toEqual([2, 'snapshot', undefined]);
      for (const query of [{}, { before: 100 }, { after: 0 }, { after: 2 }]) {
        viewer.send('history', query);
      }
      const pages = [];
      for (let page = 0; page < 4; page++) {
        pages.push(await viewer.next('history'));
      }
      expect(pages.map(({ entries, more }) => [entries.length, more])).toEqual([
        [2, false],
        [2, false],
        [2, false],
        [0, false],
      ]);
      expect(sentTo(viewer)).not.toContain('secret');
    }
    const read = async (path: string, who = bob) => (await who.client.get(path)).text;
    for (const path of [
      at('/messages'),
      at('/messages?after=0'),
      at('/messages?before=99'),
      at('/messages?after=2'),
      at('/search?q=secret'),
      at('/search?q=word'),
      at('/pin'),
      `/chat/${room}`,
    ]) {
      expect(await read(path), path).not.toContain('secret');
    }
    expect(await read(at('/search?q=word'))).toContain('long ago');
    expect(await read(`/chat/${room}`)).toContain('long ago');
    expect((await bob.client.get(at('/pin'))).status).toBe(404);
    const translated = await bob.client.post(at(`/messages/${seq}/translation`), {});
    expect(translated.body.error.code).toBe('not-found');
    const reported = await bob.client.post(at(`/messages/${seq}/report`), { reason: 'spam' });
    expect(reported.body.error.code).toBe('not-found');
    expect((await bob.client.post(at('/summary'), { after: 0 })).status).toBe(200);
    expect((await bob.client.post(at('/messages/1/translation'), {})).status).toBe(200);
    expect(JSON.stringify(model.calls.map(({ body }) => body))).not.toContain('secret');
    // And everywhere for staff.
    expect(await read(at('/messages'), moderator)).toContain('secret word');
    expect(await read(at('/search?q=secret'), moderator)).toContain('secret edit');
    expect(await read(at('/pin'), moderator)).toContain('secret word');
    expect(await read(`/chat/${room}`, moderator)).toContain('secret edit');
    expect((await (await enter(moderator)).find('welcome')).head).toBe(5);
  });

  it('is sent to nobody else once it was removed in time, by whatever way', async () => {
    const staff = await enter(moderator);
    const viewer = await enter(bob);
    await set(LONG);
    const single = await say('secret one', ann);
    const edited = await say('first', ann);
    await ann.client.patch(at(`/messages/${edited}`), { text: 'secret two', nonce: randomUUID() });
    await staff.next('message.changed');
    await remove(single);
    await remove(edited);
    const spammer = await aUser(app);
    /** Staff have read it: what is removed before it has gone out goes to nobody. */
    const isRead = (text: string) => staff.find('message.posted', (data) => data.text === text);
    await say('secret three', spammer);
    await isRead('secret three');
    const sanction = { user: spammer.user.id, action: 'timeout', removeMessages: true };
    expect((await moderator.client.post(at('/sanctions'), sanction)).status).toBe(201);
    await say('secret four', ann);
    await isRead('secret four');
    expect((await moderator.client.post(at('/clear'), {})).status).toBe(200);
    await say('open', ann);
    await set(0);
    await viewer.find('message.posted', ({ text }) => text === 'open');
    expect(seqsOf(viewer)).toEqual(range(1, seqsOf(viewer).length));
    expect(sentTo(viewer)).not.toContain('secret');
    expect(sentTo(await enter(bob))).not.toContain('secret');
    await isRead('open');
    expect(staff.texts).toEqual(['secret one', 'first', 'secret three', 'secret four', 'open']);
  });

  it('that others have before their eyes is told to be gone at once, and again in its place', async () => {
    const seq = await say('out already', ann);
    const viewer = await enter(bob);
    const staff = await enter(moderator);
    await set(LONG);
    await viewer.next('room.changed');
    await remove(seq);
    const gone = await viewer.next('gone');
    expect(gone).toMatchObject({ event: 'message.removed', data: { seq: 3, target: seq, by: 'staff' } });
    expect((await settled(viewer)).entries.map(({ event }) => event)).toEqual([
      'message.posted',
      'room.changed',
    ]);
    // Whoever comes now is not sent it, though its removal is still kept back.
    expect((await enter(bob)).texts).toEqual([null]);
    await moderator.client.post(at('/clear'), {});
    expect((await viewer.next('gone')).event).toBe('room.cleared');
    await set(0);
    await Promise.all([viewer, staff].map((socket) => socket.find('room.changed', isOff)));
    expect(seqsOf(viewer)).toEqual(range(1, 5));
    expect((await settled(staff)).frames.some(({ event }) => event === 'gone')).toBe(false);
  });
});

describe('a viewer of a room with a delay', () => {
  it('resumes from what they have, also above what is out for them', async () => {
    await say('one');
    await set(LONG);
    await say('two', ann);
    const { epoch } = await (await enter(moderator)).find('welcome');
    const resume = (after: number) => enter(bob, `&after=${after}&epoch=${epoch}`);
    const [behind, even, above] = [await resume(0), await resume(2), await resume(3)];
    for (const socket of [behind, even, above]) {
      expect(await socket.find('welcome')).toMatchObject({ mode: 'resume', head: 2 });
      await settled(socket);
    }
    expect([behind, even, above].map(seqsOf)).toEqual([[1, 2], [], []]);
    expect((await above.find('live')).seq).toBe(3);
    // Above the log itself is a snapshot, as ever.
    expect((await (await resume(4)).find('welcome')).mode).toBe('snapshot');
    await say('three', ann);
    await set(0);
    await Promise.all([behind, even, above].map((socket) => socket.find('message.posted', isText('three'))));
    await Promise.all([behind, even, above].map((socket) => socket.find('room.changed', isOff)));
    expect([behind, even, above].map(seqsOf)).toEqual([range(1, 5), range(3, 5), range(4, 5)]);
  });

  it('goes on in real time on being promoted, and late again on being demoted', async () => {
    const person = await aUser(app);
    const [viewer, other] = [await enter(person), await enter(bob)];
    await set(LONG);
    await say('one', ann);
    expect((await settled(viewer)).texts).toEqual([]);
    expect((await admin.client.request('PUT', at(`/moderators/${person.user.id}`), {})).status).toBeLessThan(
      300,
    );
    await viewer.find('message.posted', isText('one'));
    await say('two', ann);
    await viewer.find('message.posted', isText('two'));
    expect((await person.client.get(at('/messages'))).text).toContain('two');
    await admin.client.delete(at(`/moderators/${person.user.id}`));
    await say('three', ann);
    expect((await settled(viewer)).texts).toEqual(['one', 'two']);
    expect((await person.client.get(at('/messages'))).text).not.toContain('one');
    // The same by a role on the whole server.
    await admin.client.patch(`/api/users/${person.user.id}`, { role: 'moderator' });
    await viewer.find('message.posted', isText('three'));
    await admin.client.patch(`/api/users/${person.user.id}`, { role: 'user' });
    await say('four', ann);
    expect((await settled(viewer)).texts).toEqual(['one', 'two', 'three']);
    expect((await settled(other)).texts).toEqual([]);
    await set(0);
    await Promise.all([viewer, other].map((socket) => socket.find('room.changed', isOff)));
    expect(seqsOf(viewer)).toEqual(range(1, seqsOf(other).length));
    expect(seqsOf(other)).toEqual(range(1, 8));
  });

  it('is sent all at once when it ends, and loses nothing while it changes', async () => {
    const viewer = await enter(bob);
    for (const delay of [LONG, 30, 0, LONG, 0, 45, LONG, 0]) {
      expect(await set(delay)).toBe(200);
      await say(`after ${delay}`, moderator);
    }
    await viewer.find('message.posted', ({ seq }) => seq === 16);
    expect(seqsOf(viewer)).toEqual(range(1, 16));
    await set(LONG);
    await say('kept back');
    await set(1);
    await viewer.find('message.posted', isText('kept back'));
    expect(seqsOf(viewer).slice(0, 18)).toEqual(range(1, 18));
  });

  it('who is banned is sent away at once, before others are told', async () => {
    const person = await aUser(app);
    const [banned, viewer] = [await enter(person), await enter(bob)];
    await set(LONG);
    await moderator.client.post(at('/sanctions'), { user: person.user.id, action: 'ban' });
    expect(await banned.closed()).toBe(4003);
    expect((await settled(viewer)).entries.map(({ event }) => event)).toEqual(['room.changed']);
    await set(0);
    await viewer.find('user.sanctioned');
  });

  it('catches up with more than memory holds, and in its order', { timeout: 60_000 }, async () => {
    const viewer = await enter(bob);
    await set(LONG);
    const writer = await enter(moderator);
    const count = 2600;
    for (let from = 0; from < count; from += 200) {
      await Promise.all(Array.from({ length: 200 }, (_, index) => writer.say(`number ${from + index}`)));
    }
    expect((await settled(viewer)).texts).toEqual([]);
    await set(1);
    await viewer.find('room.changed', ({ settings }) => settings?.delay === 1);
    expect(seqsOf(viewer)).toEqual(range(1, count + 2));
  });
});

it('is worked out anew when the room is opened again: what is young stays kept back', async () => {
  await say('one');
  await set(LONG);
  await say('secret two', ann);
  const { id } = (await app.get(RoomsRepository).findBySlug(room))!;
  const rooms = app.get(LiveRooms);
  const reopen = () => {
    rooms.remove(id);
    return bob.client.get(at('/messages'));
  };
  // Without having been there nobody knows when the delay began: it holds for whatever is younger.
  expect((await reopen()).body.entries).toEqual([]);
  const viewer = await enter(bob);
  expect((await viewer.find('welcome')).head).toBe(0);
  await set(1);
  await viewer.find('room.changed', ({ settings }) => settings?.delay === 1);
  expect(seqsOf(viewer)).toEqual(range(1, 4));
  expect((await reopen()).body.entries).toHaveLength(4);
});

describe('an answer of the AI', () => {
  it('comes whole and in its place to who is late, while staff read along', async () => {
    const [staff, viewer, asker] = [await enter(moderator), await enter(bob), await enter(ann)];
    await set(LONG);
    model.otherwise = (call) => call.delta('secret ');
    await asker.say('@ai tell us');
    const call: ModelCall = await model.call();
    const { id } = await staff.find('ai.delta');
    for (const socket of [viewer, asker, await enter(bob)]) {
      socket.send('sync', { id });
      expect((await socket.next('error')).code).toBe('not-found');
      expect(sentTo(socket)).not.toContain('secret');
    }
    call.say('answer');
    await staff.find('ai.ended');
    expect((await settled(viewer)).frames.some(({ event }) => event.startsWith('ai.'))).toBe(false);
    await set(0);
    await viewer.find('room.changed', isOff);
    await viewer.find('ai.ended');
    const order = viewer.frames.flatMap((frame) =>
      frame.event === 'message.posted'
        ? [frame.data.kind]
        : frame.event.startsWith('ai.')
          ? [frame.event]
          : [],
    );
    expect(order.filter((event) => event === 'ai.delta')).toEqual([]);
    expect(order).toContain('ai.started');
    expect(viewer.texts).toEqual(['@ai tell us', 'secret answer']);
  });

  it('is announced behind its question, and ends behind itself', async () => {
    const viewer = await enter(bob);
    await set(1);
    model.otherwise = (call) => call.say('quick');
    await say('@ai and in time?', ann);
    await viewer.find('ai.ended');
    expect(
      viewer.frames.flatMap(({ event, data }) =>
        event === 'message.posted' ? [data.kind] : event.startsWith('ai.') ? [event] : [],
      ),
    ).toEqual(['chat', 'ai.started', 'ai', 'ai.ended']);
  });
});

describe('the mode', () => {
  it('is for the staff of the room, in the action log, and on the page', async () => {
    expect(await set(5, bob)).toBe(403);
    expect(await set(5)).toBe(200);
    expect((await bob.client.get(`/chat/${room}`)).text).toContain('Shown after 5 seconds');
    expect((await bob.client.get(at(''))).body.room.settings.delay).toBe(5);
    const { actions } = (await moderator.client.get(at('/actions'))).body;
    expect(actions[0]).toMatchObject({ action: 'room.modes', details: { settings: { delay: 5 } } });
    expect((await set(0), (await bob.client.get(`/chat/${room}`)).text)).not.toContain('Shown after 5');
  });

  it.each([-1, 61, 2.5, '5', true])('cannot be %j', async (delay) => {
    const answer = await moderator.client.patch(at(''), { settings: { delay } });
    expect([answer.status, Object.values(answer.body.error.fields)]).toEqual([
      400,
      ['0 for off, or up to 60 seconds.'],
    ]);
  });
});

const isText = (text: string) => (data: { text: string | null }) => data.text === text;
const isOff = ({ settings }: { settings?: { delay?: number } }) => settings?.delay === 0;
