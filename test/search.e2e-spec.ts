import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { BLOCK } from '../src/chat/search/search.service.js';
import type { TestApp } from './support/app.js';
import { aRoomBy, aUser, type TestUser } from './support/factories.js';
import { startWithStaff } from './support/staffed.js';
import { SocketClient } from './support/socket-client.js';

let app: TestApp;
let admin: TestUser;
let moderator: TestUser;
let ann: TestUser;
beforeAll(async () => {
  ({ app, admin, moderator } = await startWithStaff());
  ann = await aUser(app);
});
afterAll(() => app.stop());

const aRoom = () => aRoomBy(admin);

const say = async (slug: string, text: string, person = moderator): Promise<number> =>
  (await person.client.post(`/api/rooms/${slug}/messages`, { text, nonce: randomUUID() })).body.seq;
const search = (slug: string, q: string, more = '') =>
  ann.client.get(`/api/rooms/${slug}/search?q=${encodeURIComponent(q)}${more}`);
const textsOf = async (slug: string, q: string): Promise<string[]> =>
  (await search(slug, q)).body.messages.map(({ text }: { text: string }) => text);

describe('searching a room', () => {
  it('finds words within longer ones, whatever their case, the newest first', async () => {
    const slug = await aRoom();
    await say(slug, '좋은 음악을 들었어요');
    await say(slug, 'Nothing like it');
    await say(slug, '음악 이야기');
    await say(slug, 'A Concert in the yard');
    expect(await textsOf(slug, '음악')).toEqual(['음악 이야기', '좋은 음악을 들었어요']);
    expect(await textsOf(slug, '음악 들었')).toEqual(['좋은 음악을 들었어요']);
    expect(await textsOf(slug, 'CONCERT')).toEqual(['A Concert in the yard']);
    expect(await textsOf(slug, '악음')).toEqual([]);
  });

  it('never finds what was removed, or edited away, and finds what it was edited into', async () => {
    const slug = await aRoom();
    const [removed, edited] = [await say(slug, 'secret garden'), await say(slug, 'secret recipe')];
    await say(slug, 'no secrets here');
    await moderator.client.request('DELETE', `/api/rooms/${slug}/messages/${removed}`, {
      nonce: randomUUID(),
    });
    await moderator.client.patch(`/api/rooms/${slug}/messages/${edited}`, {
      text: 'open kitchen',
      nonce: randomUUID(),
    });
    expect(await textsOf(slug, 'secret')).toEqual(['no secrets here']);
    const { body } = await search(slug, 'kitchen');
    expect(body.messages).toMatchObject([{ seq: edited, text: 'open kitchen', kind: 'chat' }]);
  });

  it('does not find what went with a ban', async () => {
    const slug = await aRoom();
    const bob = await aUser(app);
    await say(slug, 'buy my watches', bob);
    await moderator.client.post(`/api/rooms/${slug}/sanctions`, {
      user: bob.user.id,
      action: 'ban',
      removeMessages: true,
    });
    expect(await textsOf(slug, 'watches')).toEqual([]);
  });

  it('goes far back, page by page, each message once', async () => {
    const slug = await aRoom();
    const socket = await SocketClient.open(app.url, `/ws?room=${slug}`, { cookie: admin.cookie });
    const posts = BLOCK * 2 + 40;
    for (let index = 1; index <= posts; index++) {
      const text = index % 40 === 0 ? `마당놀이 <${index}>` : `message ${index}`;
      socket.send('say', { text, nonce: randomUUID() });
    }
    await socket.find('ack', ({ seq }) => seq === posts);
    socket.close();

    const found: number[] = [];
    let next: number | null = posts + 1;
    while (next !== null) {
      const { status, body } = await search(slug, '당놀', `&before=${next}`);
      expect(status).toBe(200);
      expect(body.messages.length).toBeLessThanOrEqual(20);
      found.push(...body.messages.map(({ seq }: { seq: number }) => seq));
      next = body.next;
    }
    const all = Array.from({ length: Math.floor(posts / 40) }, (_, index) => (index + 1) * 40);
    expect(found).toEqual(all.toReversed());
    // It is in the index still, and not found any more.
    await admin.client.request('DELETE', `/api/rooms/${slug}/messages/40`, { nonce: randomUUID() });
    expect(await textsOf(slug, '당놀 <40>')).toEqual([]);
    expect(await textsOf(slug, '당놀 <80>')).toEqual(['마당놀이 <80>']);
  });

  it.each(['', 'q=', 'q=a', 'q=a%20b', `q=${'x'.repeat(101)}`, 'q=ok&before=0', 'q=ok&before=x'])(
    'refuses %j',
    async (query) => {
      const { status, body } = await ann.client.get(`/api/rooms/lobby/search?${query}`);
      expect([status, body.error.code]).toEqual([400, 'frame.invalid']);
    },
  );

  it('is for members, and not for conversations with the AI', async () => {
    expect((await app.client().get('/api/rooms/lobby/search?q=hello')).status).toBe(401);
    const id = randomUUID();
    const socket = await SocketClient.open(app.url, `/ws/${id}`, { cookie: ann.cookie });
    expect((await search(id, 'hello')).status).toBe(404);
    socket.close();
  });
});

describe('who is here', () => {
  it('is told to members: staff first, each once, with the number of guests', async () => {
    const slug = await aRoom();
    const enter = (person?: TestUser) =>
      SocketClient.open(app.url, `/ws?room=${slug}`, person ? { cookie: person.cookie } : {});
    const sockets = await Promise.all([enter(ann), enter(ann), enter(moderator), enter()]);
    const { body } = await ann.client.get(`/api/rooms/${slug}/people`);
    expect(body).toEqual({
      people: [moderator, ann].map(({ user: { id, nickname, color } }, index) => ({
        id,
        nickname,
        color,
        role: index === 0 ? 'moderator' : 'user',
      })),
      guests: 1,
      more: false,
    });
    const found = await ann.client.get(`/api/rooms/${slug}/people?q=${ann.user.nickname.toUpperCase()}`);
    expect(found.body.people.map(({ id }: { id: string }) => id)).toEqual([ann.user.id]);
    expect((await app.client().get(`/api/rooms/${slug}/people`)).status).toBe(401);
    sockets.forEach((socket) => socket.close());
  });
});
