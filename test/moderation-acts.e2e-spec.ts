import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { RetentionService } from '../src/chat/messages/retention.service.js';
import { sql, startApp, type TestApp } from './support/app.js';
import { DAY, TestClock } from './support/clock.js';
import { aRoomBy, aUser, type TestUser } from './support/factories.js';
import { startWithStaff } from './support/staffed.js';
import { SocketClient } from './support/socket-client.js';

const clock = new TestClock();
let app: TestApp;
let admin: TestUser;
let moderator: TestUser;
let ann: TestUser;
let bob: TestUser;
beforeAll(async () => {
  ({ app, admin, moderator } = await startWithStaff({ clock }));
  ann = await aUser(app);
});
// Somebody new each time: nobody may say more than eleven things in half a minute.
beforeEach(async () => {
  bob = await aUser(app);
});
afterAll(() => app.stop());

const aRoom = () => aRoomBy(admin);

const enter = (person: TestUser, room: string, more = '') =>
  SocketClient.open(app.url, `/ws?room=${room}${more}`, { cookie: person.cookie });
async function say(person: TestUser, room: string, text: string): Promise<number> {
  const answer = await person.client.post(`/api/rooms/${room}/messages`, { text, nonce: randomUUID() });
  expect(answer.status, answer.text).toBe(201);
  return answer.body.seq;
}
const edit = (person: TestUser, room: string, seq: number, text: string) =>
  person.client.patch(`/api/rooms/${room}/messages/${seq}`, { text, nonce: randomUUID() });
const remove = (person: TestUser, room: string, seq: number, reason?: string) =>
  person.client.delete(`/api/rooms/${room}/messages/${seq}`, { ...(reason && { reason }) });
const restore = (person: TestUser, room: string, seq: number, body: object = {}) =>
  person.client.post(`/api/rooms/${room}/messages/${seq}/restore`, body);
const removed = (person: TestUser, room: string, seq: number) =>
  person.client.get(`/api/rooms/${room}/messages/${seq}/removed`);
const clear = (person: TestUser, room: string, body: object = {}) =>
  person.client.post(`/api/rooms/${room}/clear`, body);
const pin = (person: TestUser, room: string, target: number, more: object = {}) =>
  person.client.request('PUT', `/api/rooms/${room}/pin`, { target, ...more });
const unpin = (person: TestUser, room: string) => person.client.delete(`/api/rooms/${room}/pin`);
const pinIn = async (room: string) => (await app.client().get(`/api/rooms/${room}/pin`)).body.pin;
const codeOf = ({ status, body }: { status: number; body: { error?: { code: string } } }) =>
  body?.error?.code ?? status;

/** All that anybody is told of a room: replay, history and page. */
async function told(room: string): Promise<string> {
  const late = await enter(ann, room);
  await late.find('live');
  late.close();
  const [history, page] = [
    await ann.client.get(`/api/rooms/${room}/messages`),
    await ann.client.get(`/chat/${room}`),
  ];
  return [JSON.stringify(late.frames), history.text, page.text].join('\n');
}

describe('a removed message', () => {
  it('is brought back by staff, live, in replay, in history and on the page, with its newest text', async () => {
    const room = await aRoom();
    const seq = await say(bob, room, 'first wording');
    await edit(bob, room, seq, 'newest wording');
    const watcher = await enter(ann, room);
    await remove(moderator, room, seq, 'by mistake');
    await watcher.next('message.removed');
    expect(await told(room)).not.toMatch(/first wording|newest wording|by mistake/);

    expect((await removed(moderator, room, seq)).body.removed).toEqual({
      seq,
      author: expect.objectContaining({ id: bob.user.id }),
      text: 'newest wording',
      at: expect.any(String),
      removed: {
        by: { id: moderator.user.id, nickname: moderator.user.nickname },
        at: expect.any(String),
        reason: 'by mistake',
        seq: expect.any(Number),
        messages: 1,
      },
    });
    const nonce = randomUUID();
    const answer = await restore(moderator, room, seq, { reason: 'sorry', nonce });
    expect(answer.status).toBe(200);
    expect(await watcher.next('message.restored')).toEqual({
      seq: answer.body.seq,
      target: seq,
      text: 'newest wording',
      by: 'staff',
      at: answer.body.at,
    });
    expect((await restore(moderator, room, seq, { nonce })).body).toEqual({ ...answer.body, dup: true });
    const all = await told(room);
    expect(all).toMatch(/first wording/);
    expect(all).toMatch(/newest wording/);
    expect(all).not.toMatch(/by mistake|sorry/);
    expect((await ann.client.get(`/chat/${room}`)).text).toContain('newest wording');
    expect((await edit(bob, room, seq, 'once more')).status).toBe(200);
  });

  it('is gone again, with all that said it, when it is removed once more', async () => {
    const room = await aRoom();
    const seq = await say(bob, room, 'secret one');
    await pin(moderator, room, seq);
    for (let round = 0; round < 2; round++) {
      await remove(moderator, room, seq);
      await restore(moderator, room, seq);
      await edit(bob, room, seq, `secret ${round}`);
    }
    await remove(moderator, room, seq);
    expect(await told(room)).not.toContain('secret');
    // Whoever was here reads it from the log's memory, whoever comes later from the database.
    await app.get(RetentionService).erase();
    expect(await told(room)).not.toContain('secret');
    await restore(moderator, room, seq);
    expect(await told(room)).toContain('secret 1');
  });

  it('comes back from a sanction that took everything, one by one, and goes with the next', async () => {
    const room = await aRoom();
    const [first, second] = [await say(bob, room, 'one kept'), await say(bob, room, 'two gone')];
    const sanction = { user: bob.user.id, action: 'timeout', seconds: 10, removeMessages: true };
    await moderator.client.post(`/api/rooms/${room}/sanctions`, sanction);
    expect((await restore(moderator, room, first)).status).toBe(200);
    let all = await told(room);
    expect(all).toContain('one kept');
    expect(all).not.toContain('two gone');
    await moderator.client.post(`/api/rooms/${room}/sanctions`, sanction);
    all = await told(room);
    expect(all).not.toMatch(/one kept|two gone/);
    expect((await removed(moderator, room, second)).body.removed.text).toBe('two gone');
  });

  it('is restored by nobody but who may, and read by nobody else', async () => {
    const [room, ofRoom] = [await aRoom(), await aUser(app)];
    await admin.client.request('PUT', `/api/rooms/${room}/moderators/${ofRoom.user.id}`);
    const own = await say(bob, room, 'taken back');
    await remove(bob, room, own);
    const byAdmin = await say(bob, room, 'an administrator removed it');
    await remove(admin, room, byAdmin);
    const ofAdmin = await say(admin, room, 'an administrator said it');
    await remove(admin, room, ofAdmin);
    const byMod = await say(bob, room, 'a moderator removed it');
    await remove(moderator, room, byMod);
    const standing = await say(bob, room, 'it stands');

    const of = async (person: TestUser, seq: number) => [
      codeOf(await removed(person, room, seq)),
      codeOf(await restore(person, room, seq)),
    ];
    const no = ['auth.forbidden', 'auth.forbidden'];
    for (const seq of [own, byAdmin, ofAdmin, byMod, standing]) {
      expect(await of(ann, seq), `a user, ${seq}`).toEqual(no);
      expect(await of(bob, seq), `its author, ${seq}`).toEqual(no);
      expect((await restore({ ...ann, client: app.client() }, room, seq)).status).toBe(401);
    }
    for (const seq of [own, byAdmin, ofAdmin]) {
      expect(await of(moderator, seq), `a moderator, ${seq}`).toEqual(no);
      expect(await of(ofRoom, seq), `the room's moderator, ${seq}`).toEqual(no);
    }
    expect(await of(admin, own)).toEqual(no);
    expect(await of(admin, standing)).toEqual(['not-found', 'not-found']);
    expect(await of(admin, 9999)).toEqual(['not-found', 'not-found']);
    expect(await of(ofRoom, byMod)).toEqual([200, 200]);
    expect(await of(admin, byAdmin)).toEqual([200, 200]);
    expect((await restore(moderator, 'lobby', byMod)).status).toBe(404);
  });

  it('is erased after thirty days, and then cannot be brought back', async () => {
    const room = await aRoom();
    const [old, young] = [await say(bob, room, 'an old secret'), await say(bob, room, 'a young one')];
    await edit(bob, room, old, 'an older secret');
    await remove(moderator, room, old);
    await sql(app, `UPDATE entries SET at = ${Date.now() - 31 * DAY} WHERE event = 'message.removed'`);
    await remove(moderator, room, young);
    await app.get(RetentionService).erase();
    const rows = await sql<{ text: string }>(app, `SELECT text FROM entries WHERE text LIKE '%old%secret'`);
    expect(rows).toEqual([]);
    expect(codeOf(await restore(admin, room, old))).toBe('not-found');
    expect(codeOf(await removed(admin, room, old))).toBe('not-found');
    expect((await restore(admin, room, young)).status).toBe(200);
    expect(await told(room)).toContain('a young one');
  });
});

describe('clearing a room', () => {
  it('removes all there is, for those who are here and those who come, and nothing that follows', async () => {
    const room = await aRoom();
    const watcher = await enter(ann, room);
    const seq = await say(bob, room, 'old words');
    await edit(bob, room, seq, 'old edit');
    await pin(moderator, room, seq);
    const answer = await clear(moderator, room, { reason: 'a new day' });
    expect(answer.status).toBe(200);
    expect(await watcher.next('room.cleared')).toEqual({
      seq: answer.body.seq,
      upTo: answer.body.seq - 1,
      at: expect.any(String),
    });
    await say(bob, room, 'new words');
    const all = await told(room);
    expect(all).toContain('new words');
    expect(all).not.toMatch(/old words|old edit|a new day/);
    expect((await ann.client.get(`/chat/${room}`)).text).not.toContain('data-state="removed"');
    expect(codeOf(await edit(bob, room, seq, 'again'))).toBe('not-found');
    expect(await pinIn(room)).toBeUndefined();

    expect((await restore(moderator, room, seq)).status).toBe(200);
    expect(await told(room)).toContain('old edit');
    expect((await pinIn(room)).message.text).toBe('old edit');
    await clear(admin, room);
    expect(await told(room)).not.toMatch(/old edit|new words/);
    expect(codeOf(await restore(moderator, room, seq))).toBe('auth.forbidden');
  });

  it('is for staff of the room', async () => {
    const room = await aRoom();
    await say(bob, room, 'it stays');
    expect(codeOf(await clear(bob, room))).toBe('auth.forbidden');
    expect(codeOf(await clear({ ...ann, client: app.client() }, room))).toBe('auth.required');
    expect(codeOf(await clear(moderator, 'no-such-room'))).toBe('not-found');
    expect(codeOf(await clear(moderator, room, { reason: 'x'.repeat(501) }))).toBe('frame.invalid');
    expect(codeOf(await clear(moderator, room, { upTo: 1 }))).toBe('frame.invalid');
    expect(await told(room)).toContain('it stays');
  });
});

describe('a pin', () => {
  it('is told to everybody, stands in the welcome and on the page, and gives way to the next', async () => {
    const room = await aRoom();
    const [first, second] = [await say(bob, room, 'the first'), await say(bob, room, 'the second')];
    const watcher = await enter(ann, room);
    expect((await watcher.find('welcome')).pinned).toBeUndefined();
    const answer = await pin(moderator, room, first);
    const entry = await watcher.next('room.pinned');
    expect(entry).toEqual({
      seq: answer.body.seq,
      target: first,
      message: {
        id: expect.any(String),
        kind: 'chat',
        author: expect.objectContaining({ id: bob.user.id, nickname: bob.user.nickname }),
        text: 'the first',
        at: expect.any(String),
      },
      by: { id: moderator.user.id, nickname: moderator.user.nickname },
      at: answer.body.at,
    });
    expect((await (await enter(ann, room)).find('welcome')).pinned).toEqual(entry);
    expect(await pinIn(room)).toEqual(entry);

    await pin(moderator, room, second, { seconds: 30 });
    expect(await watcher.next('room.pinned')).toMatchObject({ target: second, until: expect.any(String) });
    expect((await unpin(admin, room)).status).toBe(204);
    await watcher.next('room.unpinned');
    expect(codeOf(await unpin(admin, room))).toBe('not-found');
    expect((await (await enter(ann, room)).find('welcome')).pinned).toBeUndefined();
  });

  it('follows its message: edits show, a removal hides it, a restoration brings it back', async () => {
    const room = await aRoom();
    const seq = await say(bob, room, 'as it was');
    await pin(moderator, room, seq);
    await edit(bob, room, seq, 'as it is');
    expect((await pinIn(room)).message.text).toBe('as it is');
    expect((await (await enter(ann, room)).find('welcome')).pinned?.message.text).toBe('as it is');
    await remove(moderator, room, seq);
    expect(await pinIn(room)).toBeUndefined();
    expect(codeOf(await pin(moderator, room, seq))).toBe('not-found');
    await restore(moderator, room, seq);
    expect((await pinIn(room)).message.text).toBe('as it is');
  });

  it('ends when its time is over', async () => {
    const room = await aRoom();
    await pin(moderator, room, await say(bob, room, 'for a while'), { seconds: 30 });
    expect(await pinIn(room)).toBeDefined();
    clock.advance(31_000);
    expect(await pinIn(room)).toBeUndefined();
    expect((await (await enter(ann, room)).find('welcome')).pinned).toBeUndefined();
  });

  it.each([
    { target: 0 },
    { target: '1' },
    { seconds: 29 },
    { seconds: 1801 },
    { until: 'tomorrow' },
    { nonce: 'x' },
  ])('cannot be %j', async (wrong) => {
    const answer = await moderator.client.request('PUT', '/api/rooms/lobby/pin', { target: 1, ...wrong });
    expect(codeOf(answer)).toBe('frame.invalid');
  });

  it('is staff’s, of what is a message', async () => {
    const room = await aRoom();
    const seq = await say(bob, room, 'pin me');
    await edit(bob, room, seq, 'pin me!');
    expect(codeOf(await pin(bob, room, seq))).toBe('auth.forbidden');
    expect(codeOf(await unpin(bob, room))).toBe('auth.forbidden');
    expect(codeOf(await pin({ ...ann, client: app.client() }, room, seq))).toBe('auth.required');
    expect(codeOf(await pin(moderator, room, seq + 1))).toBe('not-found');
    expect(codeOf(await pin(moderator, room, 999))).toBe('not-found');
  });
});

it('is kept in the action log, each act once, with its reason and never a text', async () => {
  const room = await aRoom();
  const seq = await say(bob, room, 'the words themselves');
  const nonce = randomUUID();
  await pin(moderator, room, seq, { seconds: 60 });
  await unpin(admin, room);
  await remove(moderator, room, seq, 'too early');
  await restore(moderator, room, seq, { reason: 'it is time', nonce });
  await restore(moderator, room, seq, { reason: 'it is time', nonce });
  await clear(moderator, room, { reason: 'a new day' });
  expect(codeOf(await clear(bob, room))).toBe('auth.forbidden');
  const { body, text } = await admin.client.get(`/api/rooms/${room}/actions`);
  const whom = { user: { id: bob.user.id, nickname: bob.user.nickname }, target: seq };
  expect(body.actions).toMatchObject([
    { action: 'room.clear', by: { id: moderator.user.id }, reason: 'a new day' },
    { action: 'message.restore', ...whom, reason: 'it is time' },
    { action: 'message.remove', ...whom, reason: 'too early' },
    { action: 'room.unpin', by: { id: admin.user.id } },
    { action: 'room.pin', ...whom, details: { until: expect.any(String) } },
  ]);
  expect(text).not.toContain('the words themselves');
});

it('is all kept by a server that starts again', async () => {
  const room = await aRoom();
  const [pinned, gone] = [await say(bob, room, 'before'), await say(bob, room, 'gone')];
  await pin(moderator, room, pinned);
  await edit(bob, room, pinned, 'after');
  await remove(moderator, room, gone);
  await app.nest.close();
  app = await startApp({ dir: app.dir });
  for (const person of [admin, moderator, ann, bob]) {
    Object.assign(person.client, { url: app.url });
  }
  expect((await (await enter(ann, room)).find('welcome')).pinned?.message.text).toBe('after');
  expect((await restore(moderator, room, gone)).status).toBe(200);
  expect(await told(room)).toContain('gone');
});
