import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { sql, type TestApp } from './support/app.js';
import { aUser, type TestUser } from './support/factories.js';
import { startWithStaff } from './support/staffed.js';

let app: TestApp;
let admin: TestUser;
let moderator: TestUser;
let ann: TestUser;
beforeAll(async () => {
  ({ app, admin, moderator } = await startWithStaff());
  ann = await aUser(app, { nickname: 'Ann' });
  const say = async (text: string, more: object = {}): Promise<number> => {
    const message = { text, nonce: randomUUID(), ...more };
    return (await ann.client.post('/api/rooms/lobby/messages', message)).body.seq;
  };
  const first = await say('first\nsecond line');
  await say('=1+1', { replyTo: first });
  const gone = await say('a removed word');
  const edited = await say('as it was');
  const change = (text: string) =>
    ann.client.patch(`/api/rooms/lobby/messages/${edited}`, { text, nonce: randomUUID() });
  await change('in between');
  await change('as it is');
  await moderator.client.delete(`/api/rooms/lobby/messages/${gone}`);
});
afterAll(() => app.stop());

const file = (query = '') => moderator.client.get(`/api/rooms/lobby/export${query}`);

describe('what was said in a room', () => {
  it('comes as JSON: texts as they stand, and none that were removed', async () => {
    const answer = await file();
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="lobby.json"');
    const author = { id: ann.user.id, nickname: 'Ann', role: 'user' };
    expect(answer.body).toEqual([
      { seq: 1, at: expect.any(String), kind: 'chat', author, text: 'first\nsecond line' },
      { seq: 2, at: expect.any(String), kind: 'chat', author, text: '=1+1', replyTo: 1 },
      { seq: 3, at: expect.any(String), kind: 'chat', author, text: null, removed: true },
      { seq: 4, at: expect.any(String), kind: 'chat', author, text: 'as it is', edited: true },
    ]);
    for (const format of ['json', 'csv', 'txt']) {
      expect((await file(`?format=${format}`)).text).not.toMatch(/a removed word|as it was|in between/);
    }
  });

  it('comes as CSV, where nothing is a formula', async () => {
    const { headers, text } = await file('?format=csv');
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(text).toContain(`,chat,Ann,${ann.user.id},user,"first\nsecond line",,\r\n`);
    expect(text).toContain(`,user,'=1+1,1,\r\n`);
    expect(text).toContain(',user,as it is,,edited\r\n');
  });

  it('comes as text, in the language of who asks', async () => {
    const { text } = await moderator.client.get('/api/rooms/lobby/export?format=txt', {
      headers: { 'accept-language': 'ko' },
    });
    expect(text).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}Ann: first\n {4}second line\n/);
    expect(text).toContain('Ann: 지워진 메시지예요.\n');
  });

  it('can be cut by days and by instants', async () => {
    const days = (await file()).body.map(({ at }: { at: string }) => at.slice(0, 10));
    expect((await file(`?from=${days[0]}&to=${days.at(-1)}`)).body).toHaveLength(4);
    expect((await file('?to=2020-01-01')).body).toEqual([]);
    expect((await file('?from=2100-01-01')).text).toBe('[]\n');
    const [, second] = (await file()).body;
    const cut = (await file(`?to=${encodeURIComponent(second.at)}`)).body;
    expect(cut.every(({ at }: { at: string }) => at < second.at)).toBe(true);
  });

  it('is more than one reading at a time can hold', async () => {
    await admin.client.post('/api/rooms', { slug: 'long', title: 'Long', kind: 'chat' });
    const post = (n: number) =>
      admin.client.post('/api/rooms/long/messages', { text: `n${n}`, nonce: `nonce-${n}-long` });
    await Promise.all(Array.from({ length: 510 }, (_, n) => post(n)));
    const { body } = await admin.client.get('/api/rooms/long/export');
    expect(body.map(({ seq }: { seq: number }) => seq)).toEqual(Array.from({ length: 510 }, (_, n) => n + 1));
  });

  it('is for the staff of the room, and who took it is kept', async () => {
    expect((await app.client().get('/api/rooms/lobby/export')).status).toBe(401);
    expect((await ann.client.get('/api/rooms/lobby/export')).status).toBe(403);
    expect((await file('?format=pdf')).status).toBe(400);
    expect((await file('?from=2026-02-30T10:00Z&to=x')).status).toBe(400);
    expect((await moderator.client.get('/api/rooms/nowhere/export')).status).toBe(404);
    const [kept] = await sql(app, "SELECT * FROM actions WHERE action = 'room.export'");
    expect(kept).toMatchObject({ by_id: moderator.user.id, details: '{"format":"json"}' });
  });
});
