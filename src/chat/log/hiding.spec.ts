import { expect, it } from 'vitest';

import type { Entry } from '../messages/entry.entity.js';
import { afterHiding, type Hiding } from './hiding.js';

const entry = (seq: number, more: Partial<Entry> = {}): Entry => ({
  roomId: 1,
  seq,
  id: `id-${seq}`,
  event: 'message.posted',
  kind: 'chat',
  authorId: 'ann',
  authorName: 'ann',
  authorRole: 'user',
  nonce: null,
  text: 'words',
  replyTo: null,
  target: null,
  data: null,
  audience: null,
  removedBy: null,
  at: 0,
  ...more,
});
const changed = entry(4, { event: 'message.changed', target: 2 });
const restored = entry(5, { event: 'message.restored', target: 2, authorId: 'mod', data: '{"of":"ann"}' });
const pinned = entry(6, { event: 'room.pinned', target: 2, authorId: 'mod', data: '{"of":"ann"}' });

const at = { roomId: 1, by: 9 };
const message: Hiding = { type: 'message', target: 2, ...at };
const author: Hiding = { type: 'author', authorId: 'ann', ...at };
const clear: Hiding = { type: 'clear', after: 0, upTo: 2, ...at };
const restore: Hiding = { type: 'restore', target: 2, ...at };

it.each([message, author, clear])('$type: a message goes with all that says it again', (hiding) => {
  for (const said of [entry(2), changed, restored, pinned]) {
    expect(afterHiding(said, hiding)?.removedBy, said.event).toBe(9);
  }
});

it('leaves what is of others, what comes later, and what is no message', () => {
  for (const hiding of [message, author, clear, restore]) {
    expect(afterHiding(entry(10), hiding)).toBeUndefined();
    expect(afterHiding(entry(3, { event: 'message.removed', target: 2 }), hiding)).toBeUndefined();
  }
  expect(afterHiding(entry(3), message)).toBeUndefined();
  expect(afterHiding(entry(3), clear)).toBeUndefined();
  expect(afterHiding(entry(2, { authorId: 'bob' }), author)).toBeUndefined();
});

it('restores what was removed before, and not what is removed again since', () => {
  expect(afterHiding(entry(2, { removedBy: 8 }), restore)?.removedBy).toBeNull();
  expect(afterHiding(entry(2, { removedBy: 12 }), restore)).toBeUndefined();
  expect(afterHiding(entry(2), restore)).toBeUndefined();
});
