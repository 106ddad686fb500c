import { randomBytes, randomInt } from 'node:crypto';

import type { UserView } from '../../src/protocol/views.js';
import { UsersService } from '../../src/users/users.service.js';
import { ApiClient } from './api-client.js';
import type { TestApp } from './app.js';

export interface TestUser {
  user: UserView;
  client: ApiClient;
  /** The Cookie header of their log-in, for sockets. */
  cookie: string;
  username: string;
  password: string;
}

/** Names that nobody has, and that look like no other: only letters that pass for nothing else. */
export function uniqueName(prefix = 'u'): string {
  const letters = [...randomBytes(12)].map((byte) => 'abcdefghkpqrstuvwxyz'[byte % 20]).join('');
  return `${prefix}_${letters}`;
}

/** An address nobody else comes from, so that nobody shares limits by accident. */
export function uniqueAddress(): string {
  return `10.${randomInt(256)}.${randomInt(256)}.${randomInt(1, 255)}`;
}

/** Anything with an address: an app of this process, or a server of its own. */
type Place = Pick<TestApp, 'url'>;

/** A person who has just registered, with a client that is signed in. */
export async function aUser(
  place: Place,
  overrides: Partial<{ username: string; nickname: string; password: string }> = {},
): Promise<TestUser> {
  const names = {
    username: uniqueName(),
    nickname: uniqueName('n'),
    password: 'correct horse 1',
    ...overrides,
  };
  const client = new ApiClient(place.url, uniqueAddress());
  const answer = await client.post('/user/register', names);
  if (answer.status !== 201) {
    throw new Error(`registering failed: ${answer.status} ${answer.text}`);
  }
  return {
    user: answer.body.user,
    client,
    cookie: client.cookie,
    username: names.username,
    password: names.password,
  };
}

/** A person with the role `admin`. */
export async function anAdmin(app: TestApp, overrides: Parameters<typeof aUser>[1] = {}): Promise<TestUser> {
  const person = await aUser(app, overrides);
  const { role } = await app.get(UsersService).setRole(person.user.id, 'admin');
  return { ...person, user: { ...person.user, role } };
}

/** A person with the role `moderator`. */
export async function aModerator(
  app: TestApp,
  overrides: Parameters<typeof aUser>[1] = {},
): Promise<TestUser> {
  const person = await aUser(app, overrides);
  const { role } = await app.get(UsersService).setRole(person.user.id, 'moderator');
  return { ...person, user: { ...person.user, role } };
}

/** A new room with nobody in it, made by an administrator; resolves with its slug. */
export async function aRoomBy(
  { client }: Pick<TestUser, 'client'>,
  kind: 'chat' | 'stream' = 'chat',
): Promise<string> {
  const slug = uniqueName('r').replace('_', '-');
  await client.post('/api/rooms', { slug, title: slug, kind });
  return slug;
}
