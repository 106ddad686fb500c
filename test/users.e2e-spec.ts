import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { startApp, type TestApp } from './support/app.js';
import { anAdmin, aModerator, aUser, uniqueName, type TestUser } from './support/factories.js';

let app: TestApp;
let admin: TestUser;
beforeAll(async () => {
  app = await startApp();
  admin = await anAdmin(app);
});
afterAll(() => app.stop());

const search = async (query: Record<string, string>) =>
  (await admin.client.get(`/api/users?${new URLSearchParams(query).toString()}`)).body;

describe('the list of people', () => {
  it('is for administrators', async () => {
    for (const person of [await aUser(app), await aModerator(app)]) {
      const answer = await person.client.get('/api/users');
      expect(answer.status).toBe(403);
      expect(answer.body.error.code).toBe('auth.forbidden');
    }
    expect((await app.client().get('/api/users')).status).toBe(401);
    expect((await admin.client.get('/api/users')).status).toBe(200);
  });

  it('has everybody once, newest first, fifty at a time, and nothing that is only theirs', async () => {
    const part = uniqueName('x').slice(0, 10);
    const made: string[] = [];
    for (let index = 0; index < 53; index++) {
      made.unshift((await aUser(app, { nickname: uniqueName(part).slice(0, 20) })).user.id);
    }
    const first = await search({ q: part });
    expect(first.more).toBe(true);
    expect(first.users).toHaveLength(50);
    expect(Object.keys(first.users[0]).sort()).toEqual(['color', 'id', 'nickname', 'role']);

    const second = await search({ q: part, after: first.users.at(-1).id });
    expect(second.more).toBe(false);
    expect([...first.users, ...second.users].map(({ id }) => id)).toEqual(made);
  });

  it('is searched by what is typed, not by patterns', async () => {
    const ann = await aUser(app, { nickname: '100% 하늘_Ann Ö' });
    const found = async (q: string) => (await search({ q })).users.map(({ id }: { id: string }) => id);

    for (const q of ['100%', '하늘_', '_ann', 'Ö', ann.username.toUpperCase()]) {
      expect(await found(q)).toEqual([ann.user.id]);
    }
    for (const q of ['1%0', '하_늘', "' OR 1=1--", '\\']) {
      expect(await found(q)).toEqual([]);
    }
  });

  it.each<Record<string, string>>([
    { q: 'x'.repeat(51) },
    { after: 'x' },
    { after: '00000000-0000-4000-8000-000000000000' },
    { sort: 'id' },
  ])('refuses %j', async (query) => {
    const answer = await admin.client.get(`/api/users?${new URLSearchParams(query).toString()}`);
    expect(answer.status).toBe(400);
    expect(Object.keys(answer.body.error.fields)).toEqual(Object.keys(query));
  });

  it('refuses the same field twice', async () => {
    expect((await admin.client.get('/api/users?q=a&q=b')).status).toBe(400);
  });
});

describe('a role', () => {
  it('is given and taken by administrators, and holds from the next request', async () => {
    const ann = await aUser(app);
    const give = (role: string) => admin.client.patch(`/api/users/${ann.user.id}`, { role });
    expect((await ann.client.get('/api/users')).status).toBe(403);

    const { id, nickname, color } = ann.user;
    const answer = await give('admin');
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ user: { id, nickname, color, role: 'admin' } });
    expect((await ann.client.get('/api/users')).status).toBe(200);

    expect((await give('user')).status).toBe(200);
    expect((await ann.client.get('/api/users')).status).toBe(403);
  });

  it('is nobody else’s to give', async () => {
    const ann = await aUser(app);
    for (const person of [ann, await aModerator(app)]) {
      const answer = await person.client.patch(`/api/users/${ann.user.id}`, { role: 'admin' });
      expect(answer.status).toBe(403);
    }
    expect((await ann.client.get('/user/me')).body.user.role).toBe('user');
  });

  it.each([{ role: 'owner' }, { role: ['admin'] }, {}, { role: 'user', nickname: 'New Name' }])(
    'cannot be %j',
    async (body) => {
      const ann = await aUser(app);
      expect((await admin.client.patch(`/api/users/${ann.user.id}`, body)).status).toBe(400);
    },
  );

  it('needs somebody to have it', async () => {
    const answer = await admin.client.patch('/api/users/nobody', { role: 'user' });
    expect(answer.status).toBe(404);
  });

  it('stays with the last administrator', async () => {
    const other = await anAdmin(app);
    const demote = (by: TestUser, whom: TestUser) =>
      by.client.patch(`/api/users/${whom.user.id}`, { role: 'user' });

    // Both at once: one of them stays.
    const statuses = (await Promise.all([demote(admin, other), demote(other, admin)])).map(
      ({ status }) => status,
    );
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);

    const last = (await admin.client.get('/api/users')).status === 200 ? admin : other;
    const refused = await demote(last, last);
    expect(refused.status).toBe(403);
    expect(refused.body.error.fields).toEqual({ role: 'Somebody has to stay administrator.' });

    const first = last === admin ? other : admin;
    await last.client.patch(`/api/users/${first.user.id}`, { role: 'admin' });
    expect((await demote(last, last)).status).toBe(200);
    await first.client.patch(`/api/users/${last.user.id}`, { role: 'admin' });
  });
});
