import { describe, expect, it } from 'vitest';

import type { Message } from '../public/js/entries.js';
import { Pace } from '../public/js/pace.js';
import { continues, withDays } from '../public/js/row-flow.js';

let seq = 0;
const message = (given: Partial<Message> = {}): Message => ({
  type: 'message',
  seq: ++seq,
  id: String(seq),
  kind: 'chat',
  author: { id: 'ara', nickname: 'Ara', role: 'user', color: 1 },
  text: 'hello',
  at: '2026-03-05T10:00:10.000Z',
  edited: false,
  removed: null,
  ...given,
});
const bora = { id: 'bora', nickname: 'Bora', role: 'user' as const, color: 2 };

describe('a message', () => {
  it('goes on with the one above of the same person and minute', () => {
    expect(continues(message(), message({ at: '2026-03-05T10:00:59.999Z' }))).toBe(true);
  });

  it.each<[string, Partial<Message>, Partial<Message>]>([
    ['another person', {}, { author: bora }],
    ['the next minute, where the time is told again', {}, { at: '2026-03-05T10:01:00.000Z' }],
    ['an answer, which has its quote', {}, { replyTo: 1 }],
    ['an announcement', {}, { kind: 'admin' }],
    ['what follows an announcement', { kind: 'admin' }, {}],
    ['a removed one', {}, { removed: 'author', text: null }],
    ['what follows a removed one', { removed: 'staff', text: null }, {}],
    ['deleted accounts', { author: null }, { author: null }],
  ])('stands alone: %s', (_, above, one) => {
    expect(continues(message(above), message(one))).toBe(false);
  });

  it('stands alone at the beginning', () => {
    expect(continues(null, message())).toBe(false);
  });

  it('goes on with the own one above while it is on its way', () => {
    const frame = { event: 'say' as const, data: { text: 'more', nonce: 'nonce-123' } };
    expect(continues(message(), { frame, status: 'sent' }, 'ara')).toBe(true);
    expect(continues(message({ author: bora }), { frame, status: 'sent' }, 'ara')).toBe(false);
    expect(continues(message(), { frame, status: 'failed' }, 'ara')).toBe(false);
  });
});

describe('days', () => {
  const dayOf = (at: string) => at.slice(0, 10);
  const days = (items: Message[]) =>
    withDays(items, dayOf, '2026-03-06').map((item) => (item.type === 'day' ? dayOf(item.at) : '·'));

  it('begin before their first message', () => {
    const items = ['2026-03-04T10:00:00Z', '2026-03-04T11:00:00Z', '2026-03-06T09:00:00Z'];
    expect(days(items.map((at) => message({ at })))).toEqual(['2026-03-04', '·', '·', '2026-03-06', '·']);
  });

  it('are not told while all is of today', () => {
    expect(days([message({ at: '2026-03-06T09:00:00Z' })])).toEqual(['·']);
  });
});

describe('a steady pace', () => {
  const items = (count: number) => Array.from({ length: count }, (_, index) => message({ seq: index + 1 }));
  const steady = () => {
    const pace = new Pace();
    pace.on = true;
    pace.shown(items(10), 0);
    return pace;
  };

  it('shows everything at once while it is off', () => {
    const pace = new Pace();
    pace.shown(items(10), 0);
    expect(pace.shown(items(500), 1)).toHaveLength(500);
  });

  it('shows the first after silence at once, and a burst one by one, each of them', () => {
    const pace = steady();
    expect(pace.shown(items(11), 60_000)).toHaveLength(11);
    const all = items(31);
    let now = 60_001;
    let last = 11;
    while (last < 31) {
      const shown = pace.shown(all, now).length;
      expect(shown - last).toBeLessThanOrEqual(1);
      last = shown;
      now += pace.due ?? 0;
    }
    expect(now).toBeGreaterThan(60_000 + 6000);
    expect(pace.behind).toBe(0);
    expect(pace.due).toBeNull();
  });

  it('never keeps back more than the log keeps', () => {
    const pace = steady();
    expect(pace.shown(items(4010), 1)).toHaveLength(2510);
    expect(pace.behind).toBe(1500);
  });

  it('follows a room that is always faster half a minute behind', () => {
    const pace = steady();
    let count = 10;
    for (let now = 0; now < 300_000; now += 100) {
      count += 2;
      pace.shown(items(count), now);
    }
    expect(pace.behind).toBeGreaterThan(500);
    expect(pace.behind).toBeLessThan(700);
  });

  it('catches up when it is told to', () => {
    const pace = steady();
    pace.shown(items(100), 1);
    pace.catchUp();
    expect(pace.shown(items(100), 2)).toHaveLength(100);
    expect(pace.behind).toBe(0);
  });
});
