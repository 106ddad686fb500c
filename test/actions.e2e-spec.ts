import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { ActionView } from '../src/protocol/views.js';
import { ActionLog } from '../src/moderation/actions/action.log.js';
import { sql, type TestApp } from './support/app.js';
import { aRoomBy, aUser, type TestUser } from './support/factories.js';
import { startWithStaff } from './support/staffed.js';
import { SocketClient } from './support/socket-client.js';

let app: TestApp;
let admin: TestUser;
let moderator: TestUser;
let ann: TestUser;
let slug: string;
beforeAll(async () => {
  ({ app, admin, moderator } = await startWithStaff());
  ann = await aUser(app);
  slug = await aRoom();
});
afterAll(() => app.stop());

async function aRoom(): Promise<string> {
  const name = await aRoomBy(admin);
  return name;
}

const say = async (person: TestUser, text = 'hello', room = slug): Promise<number> =>
  (await person.client.post(`/api/rooms/${room}/messages`, { text, nonce: randomUUID() })).body.seq;
const impose = (by: TestUser, whom: TestUser, body: object = {}, room: string | null = slug) =>
  by.client.post(room === null ? '/api/sanctions' : `/api/rooms/${room}/sanctions`, {
    user: whom.user.id,
    action: 'timeout',
    ...body,
  });
const list = async (by: TestUser, query = '', room: string | null = slug): Promise<ActionView[]> => {
  const answer = await by.client.get(
    `${room === null ? '/api/actions' : `/api/rooms/${room}/actions`}${query}`,
  );
  expect(answer.status, answer.text).toBe(200);
  return answer.body.actions;
};
/** The one act that a test did, in a room of its own. */
const only = async (room: string): Promise<ActionView> => {
  const actions = await list(admin, '', room);
  expect(actions).toHaveLength(1);
  return actions[0]!;
};

describe('what is kept', () => {
  it.each<[string, (room: string, bob: TestUser) => Promise<unknown>, Partial<ActionView>, 'admin'?]>([
    [
      'a time-out',
      (room, bob) => impose(moderator, bob, { seconds: 60, reason: ' loud ' }, room),
      { action: 'user.timeout', reason: 'loud', details: { until: expect.any(String) } },
    ],
    [
      'a ban that takes the messages along',
      (room, bob) => impose(moderator, bob, { action: 'ban', removeMessages: true }, room),
      { action: 'user.ban', details: { removed: true } },
    ],
    [
      'a room moderator',
      (room, bob) => admin.client.request('PUT', `/api/rooms/${room}/moderators/${bob.user.id}`),
      { action: 'user.role', details: { role: 'moderator' } },
      'admin',
    ],
    [
      'modes',
      (room) => moderator.client.patch(`/api/rooms/${room}`, { settings: { slowMode: 30 } }),
      { action: 'room.modes', details: { settings: { slowMode: 30 } } },
    ],
    [
      'an announcement, by its place',
      (room) =>
        admin.client.post(`/api/rooms/${room}/messages`, {
          text: 'We begin at eight',
          kind: 'admin',
          nonce: randomUUID(),
        }),
      { action: 'message.announce', target: 1 },
      'admin',
    ],
    [
      'another title',
      (room) => admin.client.patch(`/api/rooms/${room}`, { title: 'New' }),
      { action: 'room.change', details: { title: 'New' } },
      'admin',
    ],
    [
      'the end of a room',
      (room) => admin.client.patch(`/api/rooms/${room}`, { archived: true }),
      { action: 'room.archive', details: { archived: true } },
      'admin',
    ],
    [
      'terms',
      (room) =>
        moderator.client.post(`/api/rooms/${room}/terms`, { terms: [{ text: 'spam' }, { text: 'eggs' }] }),
      { action: 'terms.add', details: { count: 2, terms: ['spam', 'eggs'] } },
    ],
    [
      'the persona of the AI',
      (room) => moderator.client.patch(`/api/rooms/${room}/ai`, { persona: 'A pirate' }),
      { action: 'ai.persona' },
    ],
  ])('%s, with who did it, to whom, and from where', async (_, act, expected, doer) => {
    const [room, bob] = [await aRoom(), await aUser(app)];
    await act(room, bob);
    const by = doer ? admin : moderator;
    expect(await only(room)).toEqual({
      ...(expected.action!.startsWith('user.') && { user: { id: bob.user.id, nickname: bob.user.nickname } }),
      ...expected,
      id: expect.any(String),
      at: expect.any(String),
      room,
      by: { id: by.user.id, nickname: by.user.nickname, role: by.user.role },
      address: by.client.address,
    });
  });

  it('a removed message by its place, without its text', async () => {
    const room = await aRoom();
    const seq = await say(ann, 'a secret word', room);
    await moderator.client.delete(`/api/rooms/${room}/messages/${seq}`, { reason: 'rude' });
    expect(await only(room)).toMatchObject({
      action: 'message.remove',
      user: { id: ann.user.id, nickname: ann.user.nickname },
      target: seq,
      reason: 'rude',
    });
    expect(JSON.stringify(await sql(app, 'SELECT * FROM actions'))).not.toContain('secret');
  });

  it('the lifting of a sanction, and a sanction of the whole server once', async () => {
    const bob = await aUser(app);
    const { sanction } = (await impose(admin, bob, { action: 'ban' }, null)).body;
    await admin.client.delete(`/api/sanctions/${sanction.id}`);
    const acts = await list(admin, `?user=${bob.user.id}`, null);
    expect(acts.map(({ action, room }) => [action, room])).toEqual([
      ['user.lift', null],
      ['user.ban', null],
    ]);
  });

  it('a role on the server, settings and budgets of the AI', async () => {
    const bob = await aUser(app);
    const promote = () => admin.client.patch(`/api/users/${bob.user.id}`, { role: 'moderator' });
    await promote();
    await promote();
    await admin.client.patch('/api/ai/settings', { asks: 19 });
    await admin.client.request('PUT', `/api/ai/budgets/${bob.user.id}`, { tokens: 5 });
    expect(
      (await list(admin, `?user=${bob.user.id}`, null)).map(({ action, details }) => [action, details]),
    ).toEqual([
      ['ai.budget', { tokens: 5 }],
      ['user.role', { role: 'moderator' }],
    ]);
    expect((await list(admin, '?action=ai.settings', null))[0]!.details).toEqual({ settings: ['asks'] });
  });

  it('no act that was refused, none that changed nothing, and none of people about themselves', async () => {
    const [room, bob] = [await aRoom(), await aUser(app)];
    const own = await say(bob, 'mine', room);
    const staffs = await say(moderator, 'staff', room);
    await bob.client.delete(`/api/rooms/${room}/messages/${own}`);
    await moderator.client.delete(`/api/rooms/${room}/messages/${staffs}`);
    expect((await impose(bob, ann, {}, room)).status).toBe(403);
    expect((await impose(moderator, admin, {}, room)).status).toBe(403);
    expect((await moderator.client.patch(`/api/rooms/${room}`, { settings: { slowMode: 0 } })).status).toBe(
      200,
    );
    expect(await list(admin, '', room)).toEqual([]);
  });

  it('a retry once', async () => {
    const [room, bob] = [await aRoom(), await aUser(app)];
    const nonce = randomUUID();
    const seq = await say(bob, 'x', room);
    const remove = () => moderator.client.delete(`/api/rooms/${room}/messages/${seq}`, { nonce });
    await Promise.all([remove(), remove(), impose(moderator, bob, { nonce }, room)]);
    await remove();
    const log = app.get(ActionLog);
    const by = {
      account: { ...moderator.user, username: '', locale: null, createdAt: 0 },
      address: '10.0.0.1',
    };
    const act = { action: 'terms.add', nonce } as const;
    await log.record(by, act);
    await log.record(by, act);
    expect(await list(admin, `?by=${moderator.user.id}&action=terms.add`, null)).toHaveLength(2);
    expect(await list(admin, '?action=message.remove', room)).toHaveLength(1);
  });

  it('for ever: the database itself changes and deletes none', async () => {
    await impose(moderator, await aUser(app));
    await expect(sql(app, "UPDATE actions SET reason = 'another'")).rejects.toThrow(/only added to/);
    await expect(sql(app, 'DELETE FROM actions')).rejects.toThrow(/only added to/);
  });
});

describe('reading it', () => {
  let room: string;
  let bob: TestUser;
  beforeAll(async () => {
    [room, bob] = [await aRoom(), await aUser(app)];
    for (let n = 0; n < 52; n++) {
      await impose(n % 2 === 0 ? moderator : admin, bob, { seconds: 10 + n, reason: `=1+${n}` }, room);
    }
  });

  it('is for the staff of the room, and all of it for administrators', async () => {
    const helper = await aUser(app);
    await admin.client.request('PUT', `/api/rooms/${slug}/moderators/${helper.user.id}`);
    const status = async (person: { client: TestUser['client'] }, path: string) =>
      (await person.client.get(path)).status;
    const guest = { client: app.client() };
    expect(await status(guest, `/api/rooms/${slug}/actions`)).toBe(401);
    expect(await status(ann, `/api/rooms/${slug}/actions`)).toBe(403);
    expect(await status(helper, `/api/rooms/${slug}/actions`)).toBe(200);
    expect(await status(helper, `/api/rooms/${room}/actions`)).toBe(403);
    expect(await status(moderator, `/api/rooms/${room}/actions`)).toBe(200);
    expect(await status(moderator, '/api/actions')).toBe(403);
    expect(await status(admin, '/api/actions')).toBe(200);
    expect(await status(admin, '/api/rooms/nowhere/actions')).toBe(404);
    expect((await list(moderator, '', room))[0]).not.toHaveProperty('address');
  });

  it('comes in pages, the newest first', async () => {
    const first = await admin.client.get(`/api/rooms/${room}/actions`);
    expect(first.body.more).toBe(true);
    expect(first.body.actions).toHaveLength(50);
    const rest = await admin.client.get(`/api/rooms/${room}/actions?after=${first.body.actions.at(-1).id}`);
    expect(rest.body.more).toBe(false);
    const reasons = [...first.body.actions, ...rest.body.actions].map(({ reason }) => reason);
    expect(new Set(reasons).size).toBe(52);
    const times = [...first.body.actions, ...rest.body.actions].map(({ at }) => Date.parse(at));
    expect(times).toEqual(times.toSorted((a, b) => b - a));
  });

  it('finds by who, whom, what and when', async () => {
    const count = async (query: string) => (await list(admin, query, room)).length;
    expect(await count(`?by=${admin.user.id}`)).toBe(26);
    expect(await count(`?by=${admin.user.nickname.slice(0, 9).toUpperCase()}`)).toBe(26);
    expect(await count(`?user=${bob.user.nickname}`)).toBe(50);
    expect(await count(`?user=${ann.user.nickname}`)).toBe(0);
    expect(await count('?by=%25')).toBe(0);
    expect(await count('?action=user.ban')).toBe(0);
    const days = (await list(admin, '', room)).map(({ at }) => at.slice(0, 10));
    expect(await count(`?from=${days.at(-1)}&to=${days[0]}`)).toBe(50);
    expect(await count('?to=2020-01-01')).toBe(0);
    expect(await count(`?from=${new Date(Date.now() + 60_000).toISOString()}`)).toBe(0);
  });

  it.each([
    'action=x',
    'from=yesterday',
    'to=2026-13-01',
    'after=1',
    'format=xml',
    `by=${'x'.repeat(51)}`,
    'q=1',
  ])('refuses ?%s', async (query) => {
    expect((await admin.client.get(`/api/rooms/${room}/actions?${query}`)).status).toBe(400);
  });

  it('goes out whole as JSON and CSV, where no reason is a formula', async () => {
    const json = await admin.client.get(`/api/rooms/${room}/actions?format=json&user=${bob.user.id}`);
    expect(json.headers.get('content-disposition')).toBe(`attachment; filename="actions-${room}.json"`);
    expect(json.body).toHaveLength(52);
    const csv = await moderator.client.get(`/api/rooms/${room}/actions?format=csv`);
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    const lines = csv.text.trimEnd().split('\r\n');
    expect(lines[0]).toMatch(/^\uFEFF?at,room,action,by,by id,role,address,whom/);
    expect(lines).toHaveLength(53);
    expect(lines[1]).toContain(`,'=1+51,`);
    expect(lines[1]).not.toContain(admin.client.address);
    expect((await admin.client.get(`/api/rooms/${slug}/actions?format=json&user=${bob.user.id}`)).text).toBe(
      '[]\n',
    );
  });
});

it('shows an act to the staff who are in the room, at once, and to nobody else', async () => {
  const [room, bob] = [await aRoom(), await aUser(app)];
  const enter = (person: TestUser) =>
    SocketClient.open(app.url, `/ws?room=${room}`, { cookie: person.cookie });
  const [staff, viewer] = [await enter(moderator), await enter(ann)];
  await impose(admin, bob, { seconds: 60, reason: 'loud' }, room);
  const shown = await staff.next('staff.action');
  const kept = await only(room);
  expect(shown).toEqual({ ...kept, address: undefined });
  await say(bob, 'x', room).catch(() => undefined);
  await say(ann, 'after', room);
  await viewer.find('message.posted', ({ text }) => text === 'after');
  expect(viewer.frames.filter(({ event }) => event === 'staff.action')).toEqual([]);
});
