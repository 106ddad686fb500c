import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, expect, it } from 'vitest';

import type { TestApp } from './support/app.js';
import { aUser, type TestUser, uniqueName } from './support/factories.js';
import { startWithStaff } from './support/staffed.js';

let app: TestApp;
let moderator: TestUser;
beforeAll(async () => {
  ({ app, moderator } = await startWithStaff());
});
afterAll(() => app.stop());

const say = async (person: TestUser, text: string): Promise<number> =>
  (await person.client.post('/api/rooms/lobby/messages', { text, nonce: randomUUID() })).body.seq;

it('takes all that is one’s own along, and no text that was removed', async () => {
  const [ann, bob] = [await aUser(app), await aUser(app)];
  await say(bob, 'kept words');
  const gone = await say(bob, 'removed words');
  await bob.client.delete(`/api/rooms/lobby/messages/${gone}`);
  await say(ann, 'not of bob');
  const { headers, body, text } = await bob.client.get('/user/export');
  expect(headers.get('content-disposition')).toBe('attachment; filename="madang.json"');
  expect(body).toMatchObject({
    user: { id: bob.user.id, username: bob.username },
    sessions: [{ current: true }],
    messages: [
      { room: 'lobby', text: 'kept words' },
      { room: 'lobby', text: null, removed: true },
    ],
    conversations: [],
  });
  expect(text).not.toMatch(/removed words|not of bob/);
  expect((await app.client().get('/user/export')).status).toBe(401);
});

it('says how one was called, what staff said to one and one to them, and not who or of whom', async () => {
  const [ann, bob] = [await aUser(app), await aUser(app)];
  const [first, second] = [uniqueName('a'), uniqueName('b')];
  await bob.client.patch('/user/me', { nickname: first });
  await bob.client.patch('/user/me', { nickname: second });
  for (const reason of ['too loud', 'still too loud']) {
    const warning = { user: bob.user.id, reason };
    const { body } = await moderator.client.post('/api/rooms/lobby/warnings', warning);
    if (reason === 'too loud') {
      await bob.client.post(`/api/rooms/lobby/warnings/${body.warning.id}/acknowledge`);
    }
  }
  const target = await say(ann, 'words of somebody else');
  const report = { reason: 'spam', words: 'again and again' };
  await bob.client.post(`/api/rooms/lobby/messages/${target}/report`, report);
  const other = await say(ann, 'more words of somebody else');
  await moderator.client.post(`/api/rooms/lobby/messages/${other}/report`, { reason: 'hate' });
  await moderator.client.post('/api/rooms/lobby/warnings', { user: ann.user.id, reason: 'not for bob' });
  const { body, text } = await bob.client.get('/user/export');
  const at = expect.any(String);
  expect(body.formerNames).toEqual([
    { nickname: first, until: at },
    { nickname: bob.user.nickname, until: at },
  ]);
  expect(body.warnings).toEqual([
    { room: 'lobby', reason: 'too loud', at, acknowledgedAt: at },
    { room: 'lobby', reason: 'still too loud', at, acknowledgedAt: null },
  ]);
  expect(body.reports).toEqual([{ room: 'lobby', target, ...report, at }]);
  for (const notTheirs of ['somebody else', 'not for bob', moderator.user.id, ann.user.id]) {
    expect(text).not.toContain(notTheirs);
  }
});
