import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { startApp, type TestApp } from './support/app.js';
import { aUser, type TestUser } from './support/factories.js';
import { SocketClient } from './support/socket-client.js';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.stop());

const put = (person: TestUser, whom: string) => person.client.request('PUT', `/user/ignored/${whom}`);
const list = async (person: TestUser) =>
  (await person.client.get('/user/ignored')).body.people.map(({ id }: { id: string }) => id);

describe('whom somebody ignores', () => {
  it('is kept with their account, for themselves alone', async () => {
    const [ann, bob, eve] = await Promise.all([aUser(app), aUser(app), aUser(app)]);
    expect((await put(ann, bob.user.id)).status).toBe(204);
    expect((await put(ann, bob.user.id)).status).toBe(204);
    expect((await put(ann, encodeURIComponent(eve.user.nickname))).status).toBe(204);
    expect((await list(ann)).toSorted()).toEqual([bob.user.id, eve.user.id].toSorted());
    expect(await list(bob)).toEqual([]);
    expect((await put(ann, ann.user.id)).status).toBe(400);
    expect((await put(ann, 'nobody here')).status).toBe(404);
    expect((await app.client().get('/user/ignored')).status).toBe(401);
    expect((await app.client().request('PUT', `/user/ignored/${bob.user.id}`)).status).toBe(401);
    const page = await ann.client.get('/chat/lobby', { headers: { accept: 'text/html' } });
    expect(page.text).toContain(`&quot;id&quot;:&quot;${bob.user.id}&quot;`);

    expect((await ann.client.delete(`/user/ignored/${bob.user.id}`)).status).toBe(204);
    expect((await ann.client.delete(`/user/ignored/${bob.user.id}`)).status).toBe(204);
    expect(await list(ann)).toEqual([eve.user.id]);
  });

  it('is told to all that they have open, and to nobody else', async () => {
    const [ann, bob, eve] = await Promise.all([aUser(app), aUser(app), aUser(app)]);
    const open = (person: TestUser, path = '/ws?room=lobby') =>
      SocketClient.open(app.url, path, { cookie: person.cookie });
    const [one, two, others] = await Promise.all([
      open(ann),
      open(ann, '/ws/streaming?room=main'),
      open(bob),
    ]);
    await put(ann, eve.user.id);
    for (const socket of [one, two]) {
      const { people } = await socket.next('ignored');
      expect(people).toMatchObject([{ id: eve.user.id, nickname: eve.user.nickname }]);
    }
    await ann.client.delete(`/user/ignored/${eve.user.id}`);
    expect((await one.next('ignored')).people).toEqual([]);
    await others.say('still here');
    expect(others.frames.some(({ event }) => event === 'ignored')).toBe(false);
    [one, two, others].forEach((socket) => socket.close());
  });

  it('is a list with an end', async () => {
    const [ann, bob] = await Promise.all([aUser(app), aUser(app)]);
    const rows = Array.from({ length: 500 }, (_, index) => `('${ann.user.id}', 'x-${index}', 0)`);
    await app
      .get(DataSource)
      .query(`INSERT INTO ignored_people (user_id, ignored_id, at) VALUES ${rows.join(', ')}`);
    const { status, body } = await put(ann, bob.user.id);
    expect([status, body.error.fields]).toEqual([400, { userId: 'You can ignore at most 500 people.' }]);
  });
});
