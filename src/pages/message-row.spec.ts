import { expect, it } from 'vitest';

import { MENTION_CASES } from '../../test/support/mention-cases.js';
import { rowsOf } from './message-row.js';

const at = '2026-11-22T20:47:00.000Z';
const author = { id: 'u1', nickname: 'Bo', role: 'user', color: 1 } as const;

it.each(MENTION_CASES)('a row says, as the panel does, that %j calls %j: %s', (text, nickname, calls) => {
  const account = { id: 'u2', username: 'user', nickname, role: 'user', locale: null, createdAt: 0 } as const;
  const viewer = { account, sessionId: null, locale: 'en', address: '' } as const;
  const message = { seq: 1, id: 'm1', kind: 'chat', author, text, at } as const;
  const [row] = rowsOf([{ type: 'message', message }], viewer, { markdown: true }, new Map());
  expect(row).toMatchObject({ mention: calls });
});
