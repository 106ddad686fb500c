import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { TestApp } from './support/app.js';
import { aRoomBy, aUser, type TestUser } from './support/factories.js';
import { startWithStaff } from './support/staffed.js';

let app: TestApp;
let admin: TestUser;
let moderator: TestUser;
let ann: TestUser;
beforeAll(async () => {
  ({ app, admin, moderator } = await startWithStaff());
  ann = await aUser(app);
});
afterAll(() => app.stop());

async function aRoom(): Promise<string> {
  const name = await aRoomBy(admin);
  return name;
}

const pathOf = (room: string | null) => (room === null ? '/api/terms' : `/api/rooms/${room}/terms`);
const block = (by: TestUser, room: string | null, ...terms: object[]) =>
  by.client.post(pathOf(room), { terms });
const say = (person: TestUser, room: string, text: string) =>
  person.client.post(`/api/rooms/${room}/messages`, { text, nonce: randomUUID() });
const textsOf = async (room: string) =>
  (await ann.client.get(`/api/rooms/${room}/messages`)).body.entries.map(
    ({ data }: { data: { text: string } }) => data.text,
  );

describe('a blocked term', () => {
  it('is refused from the moment it is blocked, in edits too, and not when staff say it', async () => {
    const room = await aRoom();
    const { seq } = (await say(ann, room, 'rude')).body;
    const answer = await block(moderator, room, { text: 'rude*' });
    expect(answer.status).toBe(201);
    expect(answer.body.terms).toEqual([
      { id: expect.any(String), text: 'rude*', outcome: 'refuse', at: expect.any(String) },
    ]);

    for (const text of ['how rude', 'RUDENESS', 'r\u200Bu\u0301de', 'ｒｕｄｅ']) {
      const refusal = await say(ann, room, text);
      expect([refusal.status, refusal.body.error.code], text).toEqual([400, 'text.blocked']);
    }
    const edit = { text: 'ruder', nonce: randomUUID() };
    const changed = await ann.client.patch(`/api/rooms/${room}/messages/${seq}`, edit);
    expect(changed.body.error.code).toBe('text.blocked');
    expect((await say(ann, room, 'polite, not crude')).status).toBe(201);
    expect((await say(moderator, room, 'do not be rude')).status).toBe(201);
    expect((await say(ann, 'lobby', 'rude')).status).toBe(201);

    const [{ id }] = answer.body.terms;
    expect((await moderator.client.delete(`${pathOf(room)}/${id}`)).status).toBe(204);
    expect((await say(ann, room, 'rude')).status).toBe(201);
    expect((await moderator.client.delete(`${pathOf(room)}/${id}`)).status).toBe(404);
  });

  it('is masked before it is stored, where that was chosen', async () => {
    const room = await aRoom();
    await block(moderator, room, { text: '바보*', outcome: 'mask' });
    await say(ann, room, '이 ㅂㅏ보야');
    expect(await textsOf(room)).toEqual(['이 ***야']);
  });

  it('of the server holds in every room', async () => {
    const room = await aRoom();
    const { id } = (await block(admin, null, { text: 'nowhere' })).body.terms[0];
    expect((await say(ann, room, 'nowhere')).body.error.code).toBe('text.blocked');
    await admin.client.delete(`/api/terms/${id}`);
    expect((await say(ann, room, 'nowhere')).status).toBe(201);
  });

  it('comes in by the list, once, and goes out the same', async () => {
    const room = await aRoom();
    const terms = Array.from({ length: 1000 }, (_, n) => ({ text: `term${n}*`, outcome: 'refuse' }));
    expect((await block(moderator, room, ...terms)).body.terms).toHaveLength(1000);
    expect((await block(moderator, room, ...terms, { text: 'one more' })).body.terms).toHaveLength(1);
    const list = (await moderator.client.get(pathOf(room))).body.terms;
    expect(list).toHaveLength(1001);
    expect((await say(ann, room, 'term77 it is')).status).toBe(400);

    const copy = await aRoom();
    const plain = list.map(({ text, outcome }: { text: string; outcome: string }) => ({ text, outcome }));
    expect((await block(moderator, copy, ...plain)).body.terms).toHaveLength(1001);
  });

  it('is staff’s to know and to set: a room’s in their room, the server’s for administrators', async () => {
    const [room, other, ofRoom] = [await aRoom(), await aRoom(), await aUser(app)];
    await admin.client.request('PUT', `/api/rooms/${room}/moderators/${ofRoom.user.id}`);
    const { id } = (await block(ofRoom, room, { text: 'own' })).body.terms[0];
    expect((await block(ofRoom, other, { text: 'own' })).status).toBe(403);
    expect((await moderator.client.delete(`${pathOf(other)}/${id}`)).status).toBe(404);
    for (const [person, where] of [
      [ann, room],
      [ann, null],
      [moderator, null],
      [ofRoom, null],
    ] as const) {
      expect((await person.client.get(pathOf(where))).status).toBe(403);
      expect((await block(person, where, { text: 'term' })).status).toBe(403);
      expect((await person.client.delete(`${pathOf(where)}/${id}`)).status).toBe(403);
    }
  });

  it.each([
    { text: 'x' },
    { text: '*x*' },
    { text: '**' },
    { text: '\u200B\u200B\u200B' },
    { text: 'x'.repeat(501) },
    { text: 'word', outcome: 'shout' },
    { text: 5 },
    {},
  ])('cannot be %j, and nothing is added with it', async (term) => {
    const room = await aRoom();
    expect((await block(moderator, room, { text: 'good' }, term)).status).toBe(400);
    expect((await moderator.client.get(pathOf(room))).body.terms).toEqual([]);
  });
});
