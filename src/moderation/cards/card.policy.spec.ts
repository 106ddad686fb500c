import { expect, it } from 'vitest';

import type { Role } from '../../protocol/views.js';
import { mayRead } from './card.policy.js';

const roles: Role[] = ['user', 'moderator', 'admin'];

it.each(['moderator', 'admin'] as const)('a %s reads of those below, and never of themselves', (role) => {
  const read = roles.filter((other) => mayRead({ id: 'a', role }, { id: 'b', role: other }));
  expect(read).toEqual(role === 'admin' ? roles : ['user']);
  expect(mayRead({ id: 'a', role }, { id: 'a', role })).toBe(false);
});
