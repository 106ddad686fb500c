import { describe, expect, it } from 'vitest';

import type { EntryFrame } from '../protocol/frames.js';
import { foldEntries } from './fold-entries.js';

const at = '2026-11-22T12:00:00.000Z';
const posted = (seq: number, text: string): EntryFrame => ({
  event: 'message.posted',
  data: { seq, id: `m${seq}`, kind: 'chat', author: null, text, at },
});
const shown = (entries: EntryFrame[]) =>
  foldEntries(entries).map((entry) =>
    entry.type === 'message' ? [entry.message.seq, entry.message.text] : entry.entry.event,
  );

describe('a page of the log', () => {
  it('shows messages as they stand after edits and removals', () => {
    expect(
      shown([
        posted(1, 'one'),
        posted(2, 'two'),
        { event: 'message.changed', data: { seq: 3, target: 1, text: 'first', at } },
        { event: 'message.removed', data: { seq: 4, target: 2, by: 'author', at } },
        { event: 'message.withheld', data: { seq: 5 } },
        { event: 'message.changed', data: { seq: 6, target: 2, text: 'back?', at } },
        { event: 'message.removed', data: { seq: 7, target: 99, by: 'staff', at } },
      ]),
    ).toEqual([
      [1, 'first'],
      [2, null],
    ]);
  });

  it('restores what staff restores and clears what was cleared', () => {
    expect(
      shown([
        posted(1, 'one'),
        { event: 'message.removed', data: { seq: 2, target: 1, by: 'staff', at } },
        { event: 'message.restored', data: { seq: 3, target: 1, text: 'one', by: 'staff', at } },
        posted(4, 'four'),
        { event: 'room.cleared', data: { seq: 5, upTo: 1, at } },
        { event: 'room.changed', data: { seq: 6, title: 'New', at } },
      ]),
    ).toEqual([[4, 'four'], 'room.cleared', 'room.changed']);
  });

  it('leaves the entries it was given as they were', () => {
    const entries = [
      posted(1, 'one'),
      { event: 'message.removed', data: { seq: 2, target: 1, by: 'author', at } } as const,
    ];
    foldEntries(entries);
    expect(entries[0]).toEqual(posted(1, 'one'));
  });
});
