import { describe, expect, it } from 'vitest';

import type { Role } from '../../protocol/views.js';
import { planAppend, type LogState } from './append.plan.js';
import type { Draft } from './draft.js';

const someone = (id: string, role: Role = 'user') => ({ id, nickname: id, role });
const ann = someone('ann');

let made = 0;
const base = (actor = ann, nonce: string | null = null) => ({ roomId: 1, id: `id-${++made}`, actor, nonce });
const post = (text: string, actor = ann, nonce: string | null = null): Draft => ({
  ...base(actor, nonce),
  type: 'post',
  kind: 'chat',
  text,
  replyTo: null,
});
const change = (target: number, actor = ann): Draft => ({
  ...base(actor),
  type: 'change',
  target,
  text: 'new',
});
const remove = (target: number, actor = ann): Draft => ({
  ...base(actor),
  type: 'remove',
  target,
  reason: null,
});
const archive = (archived: boolean): Draft => ({
  ...base(someone('root', 'admin')),
  type: 'room',
  changes: { archived },
});

function aState(head = 0): LogState {
  return { rooms: new Map([[1, { head, archived: false }]]), stored: new Map(), targets: new Map() };
}

/** Each outcome in one word: its seq, `dup of` a seq, or the refusal. */
function outcomes(drafts: Draft[], state = aState()): string[] {
  return planAppend(drafts, state, 1000).outcomes.map((outcome) =>
    outcome.status === 'stored'
      ? `${outcome.entry.seq}`
      : outcome.status === 'dup'
        ? `dup of ${outcome.seq}`
        : outcome.code,
  );
}

describe('a batch', () => {
  it('gets dense seqs in the order it arrived, and holes come from no refusal', () => {
    expect(outcomes([post('a'), remove(99), post('b'), change(1), post('c')], aState(7))).toEqual([
      '8',
      'not-found',
      '9',
      'not-found',
      '10',
    ]);
  });

  it('stores a nonce once for a person and room, also within the batch', () => {
    const bob = someone('bob');
    const drafts = [post('a', ann, 'same'), post('a', ann, 'same'), post('b', bob, 'same')];
    expect(outcomes(drafts)).toEqual(['1', 'dup of 1', '2']);
  });

  it('lets only authors change, and nobody change what is removed', () => {
    const admin = someone('root', 'admin');
    expect(outcomes([post('a'), change(1, admin), change(1), remove(1), change(1), change(2)])).toEqual([
      '1',
      'auth.forbidden',
      '2',
      '3',
      'not-found',
      'not-found',
    ]);
  });

  it('takes a second removal for the first', () => {
    expect(outcomes([post('a'), remove(1), remove(1)])).toEqual(['1', '2', 'dup of 2']);
  });

  it('keeps an archived room closed to all but its administrators', () => {
    expect(outcomes([archive(true), post('a'), archive(false), post('b')])).toEqual([
      '1',
      'room.read-only',
      '2',
      '3',
    ]);
  });

  it('knows no room that is not there', () => {
    expect(outcomes([{ ...post('a'), roomId: 2 }])).toEqual(['not-found']);
  });
});

describe('removing', () => {
  const roles: Role[] = ['user', 'moderator', 'admin'];
  const allowed = new Set(['moderator user', 'admin user', 'admin moderator', 'admin admin']);

  it.each(roles.flatMap((actor) => roles.map((author) => [actor, author] as const)))(
    'as %s what a %s wrote',
    (actor, author) => {
      const [, removal] = outcomes([
        post('a', someone('author', author)),
        remove(1, someone('actor', actor)),
      ]);
      expect(removal).toBe(allowed.has(`${actor} ${author}`) ? '2' : 'auth.forbidden');
    },
  );

  it('says who removed it', () => {
    const { entries } = planAppend(
      [post('a'), remove(1), post('b'), remove(3, someone('mod', 'moderator'))],
      aState(),
      1000,
    );
    expect(entries[1]).toMatchObject({ event: 'message.removed', target: 1, data: '{"by":"author"}' });
    expect(entries[3]).toMatchObject({ event: 'message.removed', target: 3, data: '{"by":"staff"}' });
  });
});
