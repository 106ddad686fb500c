import { describe, expect, it } from 'vitest';

import type { Role, RoomSettings } from '../../protocol/views.js';
import { DEFAULT_SETTINGS } from '../rooms/room-settings.js';
import { planAppend, type LogState } from './append.plan.js';
import type { Draft, SanctionDraft } from './draft.js';
import { noReview } from './review.js';

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

function aState(head = 0, settings: Partial<RoomSettings> = {}): LogState {
  return {
    rooms: new Map([
      [
        1,
        {
          head,
          lastAt: 0,
          archived: false,
          settings: { ...DEFAULT_SETTINGS, ...settings },
          pinned: null,
          cleared: 0,
        },
      ],
    ]),
    stored: new Map(),
    targets: new Map(),
    sanctions: new Map(),
    lastPosts: new Map(),
    consents: new Map(),
    saidTexts: new Map(),
    ...noReview(),
  };
}

/** Each outcome in one word: its seq, `dup of` a seq, or the refusal. */
function outcomes(drafts: Draft[], state = aState()): string[] {
  return planAppend(drafts, state, 1000).outcomes.map((outcome) => {
    switch (outcome.status) {
      case 'stored':
        return `${outcome.entry.seq}`;
      case 'dup':
        return `dup of ${outcome.seq}`;
      case 'refused':
        return outcome.code;
      default:
        return outcome.status;
    }
  });
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

  it('is never older than what is there, whatever the clock says', () => {
    const state = aState(1);
    state.rooms.get(1)!.lastAt = 5000;
    expect(planAppend([post('a'), post('b')], state, 1000).entries.map(({ at }) => at)).toEqual([5000, 5000]);
    expect(planAppend([post('c')], state, 6000).entries.map(({ at }) => at)).toEqual([6000]);
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

describe('a sanction', () => {
  const mod = someone('mod', 'moderator');
  const sanction = (
    user: string,
    more: Partial<Omit<SanctionDraft, 'type' | 'actor'>> = {},
  ): SanctionDraft => ({
    ...base(mod),
    type: 'sanction',
    sanctionId: `sanction-${++made}`,
    user: someone(user),
    action: 'timeout',
    scope: 'room',
    until: 6000,
    reason: null,
    removesMessages: false,
    echo: false,
    ...more,
  });
  const lift = ({ sanctionId, action, scope, roomId }: SanctionDraft): Draft => ({
    ...base(mod),
    roomId,
    type: 'lift',
    sanctionId,
    action,
    scope,
    user: ann,
    echo: false,
  });
  const ban = { action: 'ban', until: null } as const;
  const appoint: Draft = { ...base(ann), type: 'role', user: someone('bob'), role: 'moderator' };

  it.each([
    ['a time-out', {}, ['user.timed-out', 'user.timed-out', '3', 'user.timed-out']],
    ['a ban', ban, ['user.banned', 'user.banned', 'user.banned', 'user.banned']],
    ['one on the server', { ...ban, scope: 'server' }, Array.from({ length: 4 }, () => 'user.banned')],
    ['one that is over', { until: 1000 }, ['3', '4', '5', '6']],
  ] as const)('such as %s holds from its place in the log on', (_name, more, expected) => {
    const drafts = [post('a'), sanction('ann', more), post('b'), change(1), remove(1), appoint];
    expect(outcomes(drafts)).toEqual(['1', '2', ...expected]);
  });

  it('says how long it still holds, and binds nobody else', () => {
    const { outcomes: found } = planAppend(
      [sanction('ann'), post('a'), post('b', someone('bob'))],
      aState(),
      1000,
    );
    expect(found[1]).toEqual({ status: 'refused', code: 'user.timed-out', retryAfterMs: 5000 });
    expect(found[2]!.status).toBe('stored');
  });

  it('in one room is none in another, and one on the server is one everywhere', () => {
    const state = aState();
    state.rooms.set(2, { ...state.rooms.get(1)!, head: 10 });
    const there = { ...post('a'), roomId: 2 };
    expect(outcomes([sanction('ann'), there, sanction('ann', { scope: 'server' }), there], state)).toEqual([
      '1',
      '11',
      '2',
      'user.timed-out',
    ]);
  });

  it('takes the place of the one before, and is lifted once', () => {
    const [first, second] = [sanction('ann', ban), sanction('ann')];
    const drafts = [first, second, lift(first), lift(second), lift(second), post('a')];
    const plan = planAppend(drafts, aState(), 1000);
    expect(plan.outcomes.map(({ status }) => status)).toEqual([
      'stored',
      'stored',
      'refused',
      'stored',
      'refused',
      'stored',
    ]);
    expect(plan.sanctions.map(({ draft }) => draft)).toEqual([first, second]);
    expect(plan.lifts.map(({ sanctionId }) => sanctionId)).toEqual([first.sanctionId, second.sanctionId]);
  });

  it('is kept once, and told again elsewhere', () => {
    const drafts = [sanction('ann', { scope: 'server' }), sanction('ann', { scope: 'server', echo: true })];
    const plan = planAppend(drafts, aState(), 1000);
    expect([plan.entries.length, plan.sanctions.length]).toEqual([2, 1]);
  });

  it('may take their messages with it, those of the same batch too', () => {
    const drafts = [
      post('a'),
      post('b', someone('bob')),
      sanction('ann', { ...ban, removesMessages: true }),
      { ...remove(1), actor: mod },
      { ...remove(2), actor: mod },
    ];
    expect(outcomes(drafts)).toEqual(['1', '2', '3', 'dup of 3', '4']);
    expect(planAppend(drafts, aState(), 1000).hidings[0]).toEqual({
      type: 'author',
      roomId: 1,
      authorId: 'ann',
      by: 3,
    });
  });

  it('does not bind the AI', () => {
    const ai = { id: 'ai', nickname: 'ai', role: 'ai' } as const;
    expect(outcomes([sanction('ai', ban), { ...post('a'), actor: ai }])).toEqual(['1', '2']);
  });
});

describe('a mode', () => {
  const roles: Role[] = ['user', 'moderator', 'admin'];

  it.each(roles)('for hosts only lets a %s write, or not', (role) => {
    const bob = someone('bob', role);
    const expected = role === 'user' ? 'room.read-only' : '1';
    expect(outcomes([post('a', bob)], aState(0, { hostsOnly: true }))).toEqual([expected]);
  });

  it.each(roles)('for hosts only lets a %s take back their own words', (role) => {
    const bob = someone('bob', role);
    const hostsOnly: Draft = {
      ...base(someone('root', 'admin')),
      type: 'room',
      changes: { settings: { hostsOnly: true } },
    };
    expect(outcomes([post('a', bob), hostsOnly, remove(1, bob)])).toEqual(['1', '2', '3']);
  });

  it.each(roles)('of slow writing holds for a %s, or not', (role) => {
    const bob = someone('bob', role);
    const state = aState(0, { slowMode: 30 });
    expect(outcomes([post('a', bob), change(1, bob)], state)).toEqual(['1', '2']);

    const at = (now: number) => planAppend([post('b', bob), post('c')], state, now).outcomes[0];
    const early = { status: 'refused', code: 'room.slow-mode', retryAfterMs: 1 };
    expect(at(30_999)).toEqual(role === 'user' ? early : expect.objectContaining({ status: 'stored' }));
    expect(at(31_000)!.status).toBe('stored');
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

describe('a restoration', () => {
  const mod = someone('mod', 'moderator');
  const root = someone('root', 'admin');
  const restore = (target: number, actor = mod): Draft => ({
    ...base(actor),
    type: 'restore',
    target,
    reason: null,
  });
  const removeBy = (actor: typeof ann) => ({ ...remove(1), actor });

  it.each<[string, Draft, Draft, string]>([
    ['a moderator what they removed', removeBy(mod), restore(1), '3'],
    ['an administrator what a moderator removed', removeBy(mod), restore(1, root), '3'],
    ['no moderator what an administrator removed', removeBy(root), restore(1), 'auth.forbidden'],
    ['nobody what its author took back', remove(1), restore(1, root), 'auth.forbidden'],
    ['no user anything', removeBy(mod), restore(1, ann), 'auth.forbidden'],
    ['nobody what stands', post('b'), restore(1), 'not-found'],
  ])('is made by %s', (_who, before, after, outcome) => {
    expect(outcomes([post('a'), before, after]).at(-1)).toBe(outcome);
  });

  it('brings back the newest text, and lets it be changed and removed again', () => {
    const drafts = [post('a'), change(1), removeBy(mod), restore(1), change(1), removeBy(mod), restore(1)];
    const { entries, hidings } = planAppend(drafts, aState(), 1000);
    expect(entries.map(({ event, text }) => [event, text])).toEqual([
      ['message.posted', 'a'],
      ['message.changed', 'new'],
      ['message.removed', null],
      ['message.restored', 'new'],
      ['message.changed', 'new'],
      ['message.removed', null],
      ['message.restored', 'new'],
    ]);
    expect(hidings.map(({ type, by }) => [type, by])).toEqual([
      ['message', 3],
      ['restore', 4],
      ['message', 6],
      ['restore', 7],
    ]);
  });
});

describe('clearing', () => {
  const root = someone('root', 'admin');
  const clear = (upTo: number | null = null): Draft => ({ ...base(root), type: 'clear', upTo, reason: null });

  it('takes what is before it in its batch, and nothing behind it', () => {
    const drafts = [post('a'), clear(), change(1), post('b'), change(4)];
    expect(outcomes(drafts)).toEqual(['1', '2', 'not-found', '3', 'not-found']);
    expect(planAppend(drafts, aState(), 1000).entries[1]?.data).toBe('{"upTo":1}');
  });

  it('goes no further than the log, and begins where the last ended', () => {
    const { hidings } = planAppend([post('a'), clear(), post('b'), clear(99)], aState(), 1000);
    expect(hidings).toEqual([
      { type: 'clear', roomId: 1, after: 0, upTo: 1, by: 2 },
      { type: 'clear', roomId: 1, after: 1, upTo: 3, by: 4 },
    ]);
  });
});

describe('a pin', () => {
  const mod = someone('mod', 'moderator');
  const pin = (target: number): Draft => ({ ...base(mod), type: 'pin', target, until: null });
  const unpin = (): Draft => ({ ...base(mod), type: 'unpin' });

  it('is of a message that stands, and can be taken off once', () => {
    expect(outcomes([post('a'), pin(1), unpin(), unpin(), pin(2), remove(1), pin(1)])).toEqual([
      '1',
      '2',
      '3',
      'not-found',
      'not-found',
      '4',
      'not-found',
    ]);
  });
});

describe('review', () => {
  const mod = someone('mod', 'moderator');
  const approve = (heldId: string): Draft => ({
    ...base(mod),
    type: 'approve',
    heldId,
    user: ann,
  });
  const deny = (heldId: string): Draft => ({ ...base(mod), type: 'deny', heldId, as: 'denied' });
  const held = (id: string, actor = ann, nonce = `nonce-${id}`, review: 'mode' | 'term' = 'mode'): Draft => ({
    ...base(actor, nonce),
    id,
    type: 'post',
    kind: 'chat',
    text: 'wait',
    replyTo: null,
    review,
  });
  const holding = () => aState(0, { hold: true });

  it('keeps what people say out of the log, and lets staff speak', () => {
    expect(outcomes([held('h1'), post('mine', mod, 'nonce-mod')], holding())).toEqual(['held', '1']);
    expect(outcomes([held('h1', ann, 'nonce-h1', 'term')])).toEqual(['held']);
  });

  it('has what people say wait for a look where the room wants that, after what staff review', () => {
    const why = (settings: Partial<RoomSettings>, review?: 'term') =>
      planAppend([held('h1', ann, 'nonce-h1', review)], aState(0, settings), 1).holds.map((one) => one.why);
    expect(why({ aiWatch: 'hold' })).toEqual(['check']);
    expect(why({ aiWatch: 'hold', hold: true })).toEqual(['mode']);
    expect(why({ aiWatch: 'hold' }, 'term')).toEqual(['term']);
    expect(why({ aiWatch: 'flag' })).toEqual([]);
  });

  it('answers a nonce with what has become of it', () => {
    const drafts = [held('h1'), held('h2'), held('h1'), approve('h1'), deny('h2'), held('h1'), held('h2')];
    expect(outcomes(drafts, holding())).toEqual([
      'held',
      'held',
      'held',
      '1',
      'settled',
      'dup of 1',
      'text.denied',
    ]);
  });

  it('is settled once: the first decision holds, and the same again is no other', () => {
    const drafts = [held('h1'), approve('h1'), approve('h1'), deny('h1')];
    expect(outcomes(drafts, holding())).toEqual(['held', '1', 'dup of 1', 'not-found']);
    const denied = [held('h1'), deny('h1'), deny('h1'), approve('h1')];
    expect(outcomes(denied, holding())).toEqual(['held', 'settled', 'settled', 'not-found']);
  });

  it('posts under the author’s name, with their nonce, at the time of approval', () => {
    const { entries, settlements } = planAppend([held('h1'), approve('h1')], holding(), 7000);
    expect(entries).toEqual([
      expect.objectContaining({ id: 'h1', authorId: 'ann', nonce: 'nonce-h1', text: 'wait', at: 7000 }),
    ]);
    expect(settlements).toEqual([{ id: 'h1', status: 'approved', at: 7000, seq: 1 }]);
  });

  it('leaves its nonce to nothing else, since it may still be posted', () => {
    const other = { ...remove(1), nonce: 'nonce-h1' };
    expect(outcomes([held('h1'), post('a', mod, 'nonce-mod'), other, approve('h1')], holding())).toEqual([
      'held',
      '1',
      'frame.invalid',
      '2',
    ]);
  });

  it('is bounded for each person', () => {
    const drafts = Array.from({ length: 6 }, (_, n) => held(`h${n}`));
    expect(outcomes([...drafts, held('b1', someone('bob'))], holding()).slice(4)).toEqual([
      'held',
      'held.full',
      'held',
    ]);
  });

  it('allows no edit by which something else would stand there', () => {
    expect(outcomes([held('h1'), approve('h1'), change(1)], holding())).toEqual([
      'held',
      '1',
      'room.no-edits',
    ]);
  });
});
