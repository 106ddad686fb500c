import { describe, expect, it } from 'vitest';

import type { EntryFrame, ServerFrame } from '../../../src/protocol/frames.js';
import { broken, type ClientLog, type Recording, type StoredRow } from './invariants.js';

const at = Date.parse('2026-01-01T00:00:00.000Z');

const row = (seq: number, more: Partial<StoredRow> = {}): StoredRow => ({
  seq,
  id: `id-${seq}`,
  event: 'message.posted',
  authorId: 'ann',
  nonce: `nonce-${seq}`,
  text: `text ${seq}`,
  target: null,
  removedBy: null,
  data: null,
  at,
  ...more,
});

const entry = (seq: number, text = `text ${seq}`): EntryFrame => ({
  event: 'message.posted',
  data: {
    seq,
    id: `id-${seq}`,
    kind: 'chat',
    author: { id: 'ann', nickname: 'Ann', role: 'user', color: 1 },
    text,
    at: new Date(at).toISOString(),
    nonce: `nonce-${seq}`,
  },
});

const presence: ServerFrame = { event: 'presence', data: { count: 1, sockets: 1 } };

const ann: ClientLog = {
  name: 'ann',
  userId: 'ann',
  lossy: false,
  sockets: [{ pushed: [1, 2, 3], others: [presence, { event: 'live', data: { seq: 0 } }] }],
  segments: [{ epoch: 'e1', start: 1, applied: [entry(1), entry(2), entry(3)] }],
  sends: [1, 2, 3].map((seq) => ({ nonce: `nonce-${seq}`, tick: seq * 2 - 1 })),
  acks: [1, 2, 3].map((seq) => ({ nonce: `nonce-${seq}`, seq, dup: false, tick: seq * 2 })),
  refused: new Set(),
};
const viewer: ClientLog = { ...ann, name: 'viewer', userId: null, sends: [], acks: [] };
const whole: Recording = { epoch: 'e1', rows: [row(1), row(2), row(3)], clients: [ann, viewer] };

/** The recording with something changed about Ann. */
const withAnn = (changes: Partial<ClientLog>): Recording => ({
  ...whole,
  clients: [{ ...ann, ...changes }, viewer],
});
const withRows = (...rows: StoredRow[]): Recording => ({ ...whole, rows });
const applied = (...frames: EntryFrame[]) =>
  withAnn({ segments: [{ epoch: 'e1', start: 1, applied: frames }] });
const sanction = (seq: number, data: object) =>
  row(seq, {
    event: 'user.sanctioned',
    authorId: 'staff',
    data: JSON.stringify({ user: { id: 'ann' }, ...data }),
  });

describe('the checker', () => {
  it('finds nothing in a history that keeps every promise', () => {
    expect(broken(whole)).toEqual([]);
  });

  it('forgives what is no fault: a removal, a refusal that was overtaken, a line that loses, an earlier log', () => {
    const removed = {
      ...entry(1),
      data: { ...entry(1).data, text: null, removed: true },
    } as EntryFrame;
    expect(
      broken({
        ...applied(removed, entry(2), entry(3)),
        rows: [row(1, { removedBy: 9 }), row(2), row(3)],
      }),
    ).toEqual([]);
    const late = [2, 1, 3].map((seq, index) => ({ nonce: `nonce-${seq}`, tick: index }));
    expect(broken(withAnn({ sends: late, acks: [], refused: new Set(['nonce-2']) }))).toEqual([]);
    expect(broken(withAnn({ lossy: true, sockets: [{ pushed: [1, 3], others: [] }] }))).toEqual([]);
    const segments = [{ epoch: 'e0', start: 7, applied: [entry(7, 'of another log')] }, ...ann.segments];
    expect(broken(withAnn({ segments }))).toEqual([]);
  });

  const faults: [string, string, Recording][] = [
    ['an ack without its entry', 'I1', withRows(row(1), row(2), row(3, { nonce: 'another' }))],
    ['an ack for what somebody else said', 'I1', withRows(row(1), row(2), row(3, { authorId: 'bob' }))],
    ['a hole in the log', 'I2', withRows(row(1), row(3))],
    ['a client that ends early', 'I3', applied(entry(1), entry(2))],
    ['a client with a hole', 'I3', applied(entry(1), entry(3))],
    [
      'a client that stayed in another log',
      'I3',
      withAnn({ segments: [{ ...ann.segments[0]!, epoch: 'e0' }] }),
    ],
    ['another text for one client', 'I4', applied(entry(1), entry(2, 'else'), entry(3))],
    [
      'a withheld place that nobody withheld',
      'I4',
      applied(entry(1), { event: 'message.withheld', data: { seq: 2 } }, entry(3)),
    ],
    ['a nonce stored twice', 'I5', withRows(row(1), row(2), row(3, { nonce: 'nonce-2' }))],
    ['an entry pushed twice', 'I6', withAnn({ sockets: [{ pushed: [1, 2, 2, 3], others: [] }] })],
    ['a hole in what is pushed', 'I6', withAnn({ sockets: [{ pushed: [1, 3], others: [] }] })],
    [
      'a double on a line that may lose',
      'I6',
      withAnn({ lossy: true, sockets: [{ pushed: [1, 1], others: [] }] }),
    ],
    [
      'posts of one person that changed places',
      'I7',
      withAnn({ sends: [2, 1, 3].map((seq, index) => ({ nonce: `nonce-${seq}`, tick: index })), acks: [] }),
    ],
    [
      'something that was sent after an ack and stands before it',
      'I8',
      withAnn({ sends: [{ nonce: 'nonce-1', tick: 9 }], acks: [ann.acks[1]!] }),
    ],
    ['a message after a ban', 'I9', withRows(row(1), sanction(2, { action: 'ban' }), row(3))],
    [
      'a message during a time-out',
      'I9',
      withRows(
        row(1),
        sanction(2, { action: 'timeout', until: new Date(at + 1000).toISOString() }),
        row(3, { at: at + 500 }),
      ),
    ],
    [
      'presence with a place in the log',
      'I10',
      withAnn({
        sockets: [
          {
            pushed: [],
            others: [{ event: 'presence', data: { count: 1, seq: 4 } } as unknown as ServerFrame],
          },
        ],
      }),
    ],
  ];

  it.each(faults)('finds %s', (_, name, recording) => {
    expect(broken(recording).map((fault) => fault.split(' ')[0])).toContain(name);
  });

  it('lets those speak again whose ban was lifted or whose time-out is over', () => {
    const rows = (data: object, later: Partial<StoredRow>) => [
      row(1, { nonce: null }),
      sanction(2, { action: 'ban' }),
      sanction(3, data),
      row(4, later),
    ];
    const silent = (recording: StoredRow[]) =>
      broken({ epoch: 'e1', rows: recording, clients: [] }).filter((fault) => fault.startsWith('I9'));
    expect(silent(rows({ action: 'lift' }, {}))).toEqual([]);
    const until = new Date(at + 1000).toISOString();
    expect(silent(rows({ action: 'timeout', until }, { at: at + 2000 }))).toEqual([]);
    expect(silent(rows({ action: 'timeout', until }, { at: at + 500 }))).toHaveLength(1);
  });
});
