import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { Hub } from '../src/realtime/hub.js';
import type { TestApp } from './support/app.js';
import { anAdmin, aUser, type TestUser } from './support/factories.js';
import { startWithStaff } from './support/staffed.js';
import { SocketClient } from './support/socket-client.js';

let app: TestApp;
let admin: TestUser;
let moderator: TestUser;
let helper: TestUser;
let ann: TestUser;
beforeAll(async () => {
  ({ app, admin, moderator } = await startWithStaff());
  helper = await aUser(app);
  ann = await aUser(app);
  await admin.client.request('PUT', `/api/rooms/lobby/moderators/${helper.user.id}`);
});
afterAll(() => app.stop());

const HTML = { headers: { accept: 'text/html' } };
const page = async (person: TestUser, path: string) => {
  const { status, text } = await person.client.get(path, HTML);
  return { status, text };
};
const send = (person: TestUser, path: string, fields: object) =>
  person.client.post(path, fields, { ...HTML, form: true });
const impose = async (by: TestUser, whom: TestUser, room: string | null, body: object = {}) =>
  (
    await by.client.post(room === null ? '/api/sanctions' : `/api/rooms/${room}/sanctions`, {
      user: whom.user.id,
      action: 'timeout',
      ...body,
    })
  ).body.sanction;

describe('the pages of staff', () => {
  it('are for those who work there', async () => {
    const status = async (person: TestUser, path: string) => (await page(person, path)).status;
    for (const name of ['bans', 'terms', 'actions']) {
      expect(await status(ann, `/rooms/lobby/${name}`), name).toBe(403);
      expect(await status(helper, `/rooms/lobby/${name}`), name).toBe(200);
      expect(await status(helper, `/rooms/main/${name}`), name).toBe(403);
      expect(await status(moderator, `/rooms/main/${name}`), name).toBe(200);
      expect(await status(admin, `/admin/${name}`), name).toBe(200);
      expect(await status(moderator, `/admin/${name}`), name).toBe(name === 'bans' ? 200 : 403);
      expect(await status(admin, `/rooms/nowhere/${name}`), name).toBe(404);
    }
    expect((await app.client().get('/rooms/lobby/bans', HTML)).headers.get('location')).toMatch(
      /^\/user\/login/,
    );
    expect((await page(moderator, '/')).text).toContain('href="/admin/bans"');
    expect((await page(ann, '/')).text).not.toContain('href="/admin');
  });

  it('show who may not take part, find them, and let them back without JavaScript', async () => {
    const [bob, eve] = [await aUser(app), await aUser(app)];
    const sanction = await impose(helper, bob, 'lobby', { seconds: 600, reason: '<b>loud</b>' });
    await impose(helper, eve, 'lobby', { action: 'ban' });
    const shown = await page(helper, `/rooms/lobby/bans?q=${bob.user.nickname}`);
    expect(shown.text).toContain(bob.user.nickname);
    expect(shown.text).toContain('&lt;b&gt;loud&lt;/b&gt;');
    expect(shown.text).not.toContain(eve.user.nickname);

    const path = `/api/rooms/lobby/sanctions/${sanction.id}/lift`;
    expect(shown.text).toContain(`action="${path}"`);
    const lifted = await send(helper, path, { next: '/rooms/lobby/bans' });
    expect([lifted.status, lifted.headers.get('location')]).toEqual([303, '/rooms/lobby/bans']);
    expect((await page(helper, '/rooms/lobby/bans')).text).not.toContain(path);
    expect((await page(helper, `/rooms/lobby/bans?past=1&q=${bob.user.nickname}`)).text).toContain(
      bob.user.nickname,
    );
    expect((await send(helper, path, { next: '/rooms/lobby/bans' })).status).toBe(404);
    expect((await send(ann, path, { next: '/' })).status).toBe(403);

    const everywhere = await impose(moderator, bob, null);
    expect((await page(moderator, '/admin/bans')).text).toContain(bob.user.nickname);
    expect((await send(moderator, `/api/sanctions/${everywhere.id}/lift`, {})).headers.get('location')).toBe(
      '/admin/bans',
    );
  });

  it('show in a room also what holds on the whole server, for the server’s staff to lift', async () => {
    const [bob, eve] = [await aUser(app), await aUser(app)];
    const here = await impose(helper, bob, 'lobby');
    const everywhere = await impose(moderator, eve, null, { seconds: 600 });
    const list = async (query: string) =>
      (await helper.client.get(`/api/rooms/lobby/sanctions${query}`)).body.sanctions.map(
        ({ id, room }: { id: string; room: string | null }) => [id, room],
      );
    expect(await list('')).not.toContainEqual([everywhere.id, null]);
    expect(await list('?everywhere=1')).toEqual(
      expect.arrayContaining([
        [everywhere.id, null],
        [here.id, 'lobby'],
      ]),
    );
    expect(await list(`?everywhere=1&after=${everywhere.id}`)).toContainEqual([here.id, 'lobby']);
    expect((await helper.client.get('/api/rooms/lobby/sanctions?everywhere=0')).status).toBe(400);
    const path = `/api/sanctions/${everywhere.id}/lift`;
    const asHelper = (await page(helper, '/rooms/lobby/bans')).text;
    expect(asHelper).toContain(eve.user.nickname);
    expect(asHelper).toContain('whole server');
    expect(asHelper).not.toContain(path);
    expect(asHelper).toContain(`/api/rooms/lobby/sanctions/${here.id}/lift`);
    expect((await page(moderator, '/rooms/lobby/bans')).text).toContain(`action="${path}"`);
    expect((await send(helper, path, {})).status).toBe(403);
    expect((await send(moderator, path, { next: '/rooms/lobby/bans' })).status).toBe(303);
    expect((await page(helper, '/rooms/lobby/bans')).text).not.toContain(eve.user.nickname);
  });

  it('list banned addresses, take more, and free them without JavaScript', async () => {
    const ban = (address: string, more: object = {}) =>
      send(admin, '/api/address-bans', { address, ...more, next: '/admin/addresses' });
    expect((await page(moderator, '/admin/addresses')).status).toBe(403);
    expect((await page(admin, '/admin/addresses')).text).toContain('No address is banned.');
    const added = await ban('203.0.113.9', { reason: '<i>again</i>' });
    expect([added.status, added.headers.get('location')]).toEqual([303, '/admin/addresses']);
    expect((await ban('203.0.113.9')).status).toBe(303);
    expect((await ban('2001:DB8:0:1::7/64', { reason: '' })).status).toBe(303);
    for (const wrong of ['', 'nowhere', '203.0.113.300', '203.0.113.0/24', admin.client.address!]) {
      expect((await admin.client.post('/api/address-bans', { address: wrong })).status, wrong).toBe(400);
    }
    expect((await moderator.client.post('/api/address-bans', { address: '203.0.113.1' })).status).toBe(403);
    const { bans } = (await admin.client.get('/api/address-bans')).body;
    expect(bans).toHaveLength(2);
    expect(bans).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ address: '2001:db8:0:1::/64', user: null, reason: null }),
        expect.objectContaining({ address: '203.0.113.9', user: null, reason: '<i>again</i>' }),
      ]),
    );
    const shown = (await page(admin, '/admin/addresses')).text;
    expect(shown).toContain('203.0.113.9');
    expect(shown).toContain('&lt;i&gt;again&lt;/i&gt;');

    const there = { headers: { 'x-forwarded-for': '203.0.113.9' } };
    const words = () => ({ text: 'from there', nonce: randomUUID() });
    expect((await ann.client.post('/api/rooms/main/messages', words(), there)).body.error.code).toBe(
      'user.banned',
    );
    for (const { id } of bans) {
      const path = `/api/address-bans/${id}/lift`;
      expect(shown).toContain(`action="${path}"`);
      expect((await send(admin, path, { next: '/admin/addresses' })).status).toBe(303);
    }
    expect((await ann.client.post('/api/rooms/main/messages', words(), there)).status).toBe(201);
    const { actions } = (await admin.client.get('/api/actions?action=address.lift')).body;
    const lifted = actions.find(
      ({ details }: { details: { address: string } }) => details.address === '203.0.113.9',
    );
    expect(lifted).toMatchObject({ action: 'address.lift', by: { id: admin.user.id } });
    expect(lifted).not.toHaveProperty('user');
  });

  it('take many terms at once, and give them back as text', async () => {
    const text = 'spam\r\n[mask] darn*\r\n\r\n광고';
    const sent = await send(helper, '/api/rooms/lobby/terms/import', { text, next: '/rooms/lobby/terms' });
    expect([sent.status, sent.headers.get('location')]).toEqual([303, '/rooms/lobby/terms']);
    const shown = (await page(helper, '/rooms/lobby/terms')).text;
    for (const word of ['spam', 'darn*', '광고', '3 blocked words']) {
      expect(shown).toContain(word);
    }
    const file = await helper.client.get('/api/rooms/lobby/terms/export');
    expect(file.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(file.text.trim().split('\n').toSorted()).toEqual(['[mask] darn*', 'spam', '광고']);
    await admin.client.post('/api/terms/import', { text: file.text });
    expect((await admin.client.get('/api/terms/export')).text).toBe(file.text);

    const say = (words: string) =>
      ann.client.post('/api/rooms/lobby/messages', { text: words, nonce: randomUUID() });
    expect((await say('some spam')).body.error.code).toBe('text.blocked');
    const { terms } = (await helper.client.get('/api/rooms/lobby/terms')).body;
    const spam = terms.find((term: { text: string }) => term.text === 'spam');
    await send(helper, `/api/rooms/lobby/terms/${spam.id}/remove`, { next: '/rooms/lobby/terms' });
    const everywhere = (await admin.client.get('/api/terms')).body.terms;
    for (const { id } of everywhere) {
      await send(admin, `/api/terms/${id}/remove`, {});
    }
    expect((await say('some spam')).status).toBe(201);
  });

  it.each([
    ['[explode] word', /Line 1/],
    ['fine\nx', /“x” is no term/],
  ])('say what is wrong with %j, and take none of it', async (text, wrong) => {
    const before = (await admin.client.get('/api/terms/export')).text;
    const refused = await admin.client.post('/api/terms/import', { text });
    expect(refused.status).toBe(400);
    expect(refused.body.error.fields.text).toMatch(wrong);
    expect((await admin.client.get('/api/terms/export')).text).toBe(before);
    expect((await ann.client.post('/api/rooms/lobby/terms/import', { text: 'word' })).status).toBe(403);
  });

  it('show what staff did, in the reader’s language, with filters and files', async () => {
    const bob = await aUser(app);
    await impose(moderator, bob, 'main', { reason: 'shouting' });
    const shown = (await page(helper, '/rooms/lobby/actions')).text;
    expect(shown).not.toContain('shouting');
    const main = (await page(moderator, `/rooms/main/actions?user=${bob.user.nickname}`)).text;
    expect(main).toContain('Timed out');
    expect(main).toContain('shouting');
    expect(main).not.toContain(moderator.client.address);
    expect(main).toContain(`/api/rooms/main/actions?format=csv&amp;user&#x3D;${bob.user.nickname}`);
    expect((await page(admin, '/admin/actions')).text).toContain(moderator.client.address);
    const korean = await moderator.client.get('/rooms/main/actions', {
      headers: { ...HTML.headers, 'accept-language': 'ko' },
    });
    expect(korean.text).toContain('쓰기를 막음');
    expect((await page(moderator, '/rooms/main/actions?action=user.ban')).text).not.toContain('shouting');
    // What a form sends for a field that is left empty.
    expect((await page(moderator, '/rooms/main/actions?by=&user=&action=&from=&to=')).status).toBe(200);
  });
});

describe('what the server’s staff are told while they look', () => {
  const watch = (person: TestUser) => SocketClient.open(app.url, '/ws/staff', { cookie: person.cookie });

  it('is for them alone', async () => {
    const status = async (cookie: string) => {
      const answer = await SocketClient.attempt(app.url, '/ws/staff', { cookie });
      return answer instanceof SocketClient ? 101 : answer.status;
    };
    expect(await status('')).toBe(401);
    expect(await status(ann.cookie)).toBe(403);
    expect(await status(helper.cookie)).toBe(403);
  });

  it('is told anew to who looks again, though it was the same before they left', async () => {
    const enter = () => SocketClient.open(app.url, '/ws?room=lobby');
    const told = (socket: SocketClient, people: number) =>
      socket.next('staff.figures', ({ rooms }) =>
        rooms.some(({ slug, count }) => slug === 'lobby' && count === people),
      );
    const end = async (...sockets: SocketClient[]) => {
      sockets.forEach((socket) => socket.close());
      await expect.poll(() => app.get(Hub).size).toBe(0);
    };
    const before = await watch(moderator);
    await told(before, 0);
    const one = await enter();
    await told(before, 1);
    await end(before, one);
    const again = await watch(moderator);
    await told(again, 0);
    const two = await enter();
    await told(again, 1);
    await end(again, two);
  });

  it('is how many are where, and what is done in every room', async () => {
    const [socket, bob] = [await watch(moderator), await aUser(app)];
    const first = await socket.next('staff.figures');
    expect(first.rooms).toContainEqual({ slug: 'lobby', count: 0 });
    const visitor = await SocketClient.open(app.url, '/ws?room=lobby', { cookie: bob.cookie });
    await socket.next('staff.figures', ({ rooms }) =>
      rooms.some(({ slug, count }) => slug === 'lobby' && count === 1),
    );
    visitor.close();
    await impose(helper, bob, 'lobby', { reason: 'loud' });
    expect(await socket.next('staff.action')).toMatchObject({
      room: 'lobby',
      action: 'user.timeout',
      reason: 'loud',
    });
  });

  it('is for administrators also what concerns the server, until they are none', async () => {
    const [other, bob] = [await anAdmin(app), await aUser(app)];
    const [moderators, administrators] = [await watch(moderator), await watch(other)];
    await impose(admin, bob, null);
    expect(await administrators.next('staff.action')).toMatchObject({
      room: null,
      user: { id: bob.user.id },
    });
    await admin.client.patch(`/api/users/${other.user.id}`, { role: 'user' });
    await impose(helper, bob, 'lobby');
    expect(await moderators.next('staff.action')).toMatchObject({ room: 'lobby' });
    await impose(admin, bob, null);
    await impose(helper, bob, 'lobby');
    await moderators.next('staff.action');
    expect(administrators.frames.filter(({ event }) => event === 'staff.action')).toHaveLength(1);
  });
});
