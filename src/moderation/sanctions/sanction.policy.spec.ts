import { expect, it } from 'vitest';

import type { Role } from '../../protocol/views.js';
import { maySanction } from './sanction.policy.js';

const roles: Role[] = ['user', 'moderator', 'admin'];
const allowed = new Set(['moderator user', 'admin user', 'admin moderator', 'admin admin']);
const pairs = roles.flatMap((actor) => roles.map((target) => [actor, target] as const));

it.each(pairs)('a %s acts on a %s, or does not', (actor, target) => {
  expect(maySanction({ id: 'a', role: actor }, { id: 'b', role: target, founder: false })).toBe(
    allowed.has(`${actor} ${target}`),
  );
});

it.each(roles)('nobody acts on the first administrator, and a %s not on themselves', (role) => {
  expect(maySanction({ id: 'a', role }, { id: 'b', role: 'admin', founder: true })).toBe(false);
  expect(maySanction({ id: 'a', role }, { id: 'a', role: 'user', founder: false })).toBe(false);
});
