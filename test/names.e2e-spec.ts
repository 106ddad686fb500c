import { afterAll, beforeAll, expect, it } from 'vitest';

import { Clock } from '../src/common/clock.js';
import { NAME_KEPT_MS, RENAMES_WINDOW_MS } from '../src/users/names.service.js';
import { startApp, type TestApp } from './support/app.js';
import { MINUTE, TestClock } from './support/clock.js';
import { aModerator, anAdmin, aUser, uniqueName, type TestUser } from './support/factories.js';
import { SocketClient } from './support/socket-client.js';

const clock = new TestClock();
let app: TestApp;
let moderator: TestUser;
beforeAll(async () => {
  app = await startApp({ override: (builder) => builder.overrideProvider(Clock).useValue(clock) });
  moderator = await aModerator(app);
});
afterAll(() => app.stop());

const rename = (person: TestUser, nickname: string) => person.client.patch('/user/me', { nickname });
const enter = (person: TestUser, room = 'lobby') =>
  SocketClient.open(app.url, `/ws?room=${room}`, { cookie: person.cookie });

it('tells staff of the room where somebody is that they have another name, and nobody else', async () => {
  const [bob, ann] = [await aUser(app), await aUser(app)];
  const [own, watcher, staff] = [await enter(bob), await enter(ann), await enter(moderator)];
  const server = await SocketClient.open(app.url, '/ws/staff', { cookie: moderator.cookie });
  await server.find('staff.figures');
  const nickname = uniqueName('new');
  await rename(bob, nickname);
  const told = await staff.next('person.renamed');
  expect(told).toEqual({
    id: expect.any(String),
    user: { id: bob.user.id, nickname },
    from: bob.user.nickname,
    at: expect.any(String),
  });
  expect(await server.next('person.renamed')).toEqual(told);
  await own.say('as somebody new');
  await watcher.find('message.posted', ({ author }) => author?.nickname === nickname);
  expect(JSON.stringify([own.frames, watcher.frames])).not.toContain('person.renamed');
});

it('takes two new names in a day, and says how long to wait for the next', async () => {
  const bob = await aUser(app);
  expect((await rename(bob, uniqueName('one'))).status).toBe(200);
  const two = uniqueName('two');
  expect((await rename(bob, two)).status).toBe(200);
  // What is so already is no other name.
  expect((await rename(bob, two)).status).toBe(200);
  const refused = await rename(bob, uniqueName('three'));
  expect([refused.status, refused.body.error.code]).toEqual([429, 'name.cooldown']);
  const wait = Number(refused.headers.get('retry-after'));
  expect(wait).toBeGreaterThan(RENAMES_WINDOW_MS / 1000 - 60);
  expect((await bob.client.patch('/user/me', { locale: 'ko' })).status).toBe(200);
  clock.advance(RENAMES_WINDOW_MS + MINUTE);
  expect((await rename(bob, uniqueName('three'))).status).toBe(200);

  const admin = await anAdmin(app);
  for (const name of ['a', 'b', 'c']) {
    expect((await rename(admin, uniqueName(name))).status).toBe(200);
  }
});

it('keeps a name that was given up from others for a while, but not from whose it was', async () => {
  const [bob, mallory] = [await aUser(app), await aUser(app)];
  const former = bob.user.nickname;
  await rename(bob, uniqueName('new'));
  expect((await rename(mallory, former)).body.error.code).toBe('name.taken');
  const registering = { username: uniqueName(), nickname: former.toUpperCase(), password: 'correct horse 1' };
  const refused = await app.client().post('/user/register', registering);
  expect([refused.status, refused.body.error.code]).toEqual([409, 'name.taken']);
  expect((await rename(bob, former)).status).toBe(200);
  await rename(bob, uniqueName('more')).then(({ status }) => expect(status).toBe(429));
  clock.advance(RENAMES_WINDOW_MS + MINUTE);
  expect((await rename(bob, uniqueName('gone'))).status).toBe(200);
  clock.advance(NAME_KEPT_MS + MINUTE);
  const late = await aUser(app);
  expect((await rename(late, former)).status).toBe(200);
});
