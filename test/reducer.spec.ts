import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { cursorOf, emptyLog, hasOlder, messagesIn, prune, reduce } from '../public/js/reducer.js';
import type { EntryFrame, ServerFrame } from '../src/protocol/frames.js';
import { LogModel } from './support/log-model.js';
import { essence, LossyWire } from './support/lossy-wire.js';

describe('the client rule', () => {
  it('drops what it has, applies what is next and asks once for what is missing', () => {
    const log = new LogModel();
    const [one, two, three, four] = ['a', 'b', 'c', 'd'].map((text) => log.post(text)) as [
      EntryFrame,
      EntryFrame,
      EntryFrame,
      EntryFrame,
    ];
    const client = new Client();
    client.take(new LogModel().welcome('snapshot'), { event: 'live', data: { seq: 0 } });
    client.take(one, one);
    expect(client.texts).toEqual(['a']);

    client.take(three, four);
    expect(client.texts).toEqual(['a']);
    expect(client.asks).toEqual([1]);

    client.take({ event: 'history', data: { after: 1, entries: [two], more: true } });
    expect(client.texts).toEqual(['a', 'b', 'c', 'd']);
  });

  it('shows no text from the moment on that it is told gone, and changes nothing more when that has its turn', () => {
    const log = new LogModel();
    const client = joined(log);
    const [one, two, three] = [log.post('a'), log.post('b'), log.post('c')];
    client.take(one, two);
    const removal = log.remove(1);
    const cleared = log.clear();
    client.take({ event: 'gone', data: removal });
    expect(client.texts).toEqual([null, 'b']);
    expect(client.state.next).toBe(3);
    client.take({ event: 'gone', data: cleared });
    expect(client.texts).toEqual([null, null]);
    expect(client.asks).toEqual([]);
    // By then the server sends no text of it either; one that was on its way is not shown.
    client.take(three, removal);
    expect(client.texts).toEqual([null, null, null]);
    client.take(cleared);
    expect(client.state.next).toBe(6);
    expect(client.state.items.filter(({ type }) => type === 'line')).toHaveLength(1);
    client.take(log.post('d'));
    expect(client.texts).toEqual([null, null, null, 'd']);
  });

  it('follows where the viewers are led, over a reconnect too, and says who came in a line', () => {
    const log = new LogModel();
    const client = joined(log);
    const to = { slug: 'there', title: 'There', kind: 'chat' } as const;
    const raid = { id: 'one', to, endsAt: '', leftMs: 30_000 };
    client.take({ event: 'raid.started', data: raid });
    expect(client.state.raid).toEqual(raid);
    client.take({ event: 'raid.ended', data: { id: 'another', stopped: true } });
    expect(client.state.raid).toEqual(raid);
    client.take({ event: 'raid.ended', data: { id: 'one' } });
    expect(client.state.raid).toEqual({ ...raid, leftMs: 0 });
    client.take({ event: 'raid.started', data: { ...raid, id: 'two' } });
    client.take({ event: 'raid.ended', data: { id: 'two', stopped: true } });
    expect(client.state.raid).toBeNull();
    const { data } = log.welcome('resume') as Extract<ServerFrame, { event: 'welcome' }>;
    client.take({ event: 'welcome', data: { ...data, raid } });
    expect(client.state.raid).toEqual(raid);
    client.take({ event: 'welcome', data });
    expect(client.state.raid).toBeNull();
    const raided = { from: { slug: 'here', title: 'Here' }, people: 3 };
    client.take({ event: 'room.changed', data: { seq: 1, raided, at: '' } });
    expect(client.state.items).toMatchObject([
      { type: 'line', says: 'raided', params: { title: 'Here', count: 3 } },
    ]);
  });

  it('begins an empty chat with each event, and asks for nothing before it', () => {
    const log = new LogModel();
    const client = joined(log);
    client.take(log.post('before'));
    const at = '2026-11-22T20:47:00.000Z';
    const session = { id: 'one', title: 'The first', startedAt: at };
    const began: ServerFrame = { event: 'room.changed', data: { seq: 2, session, at } };
    client.take(began);
    expect(client.texts).toEqual([]);
    expect(hasOlder(client.state)).toBe(false);
    expect(client.state.session).toEqual({ ...session, firstSeq: 2 });
    client.take({ event: 'room.changed', data: { seq: 3, session: { ...session, endedAt: at }, at } });
    expect(client.state.session).toEqual({ ...session, endedAt: at, firstSeq: 2 });
    expect(client.state.items.map((item) => item.type === 'line' && item.says)).toEqual([
      'session-started',
      'session-ended',
    ]);
    expect(client.state.next).toBe(4);
  });

  it('names nobody who has deleted their account, and shows nothing of what went with them', () => {
    const at = '2026-11-22T20:47:00.000Z';
    const ann = { id: 'ann', nickname: 'Ann', role: 'user', color: 1 } as const;
    const posted = (seq: number, text: string): ServerFrame => ({
      event: 'message.posted',
      data: { seq, id: `m-${seq}`, kind: 'chat', author: ann, text, at },
    });
    for (const removed of [undefined, true] as const) {
      const client = joined(new LogModel());
      client.take(posted(1, 'words'), {
        event: 'user.sanctioned',
        data: { seq: 2, user: ann, action: 'timeout', at },
      });
      client.take({
        event: 'room.pinned',
        data: {
          seq: 3,
          target: 1,
          message: { id: 'm-1', kind: 'chat', author: ann, text: 'words', at },
          by: { id: 'mod', nickname: 'Mod' },
          at,
        },
      });
      client.take({
        event: 'user.deleted',
        data: { seq: 4, user: { id: 'ann' }, ...(removed && { removed }), at },
      });
      const text = removed ? null : 'words';
      expect(client.state.items).toMatchObject([
        { author: null, text, removed: removed ? 'author' : null },
        { says: 'timeout', params: { name: '' } },
      ]);
      expect(client.state.pinned?.message).toMatchObject({ author: null, text });
    }
  });

  it('asks for the tail when a ping tells of entries it never got', () => {
    const log = new LogModel();
    const client = joined(log);
    log.post('lost');
    client.take({ event: 'ping', data: { head: 1 } });
    expect(client.asks).toEqual([0]);

    client.take({ event: 'history', data: log.page({ after: 0 }, 50) });
    client.take({ event: 'ping', data: { head: 1 } });
    expect(client.texts).toEqual(['lost']);
    expect(client.asks).toEqual([0]);
  });

  it('asks for what the first entry after a snapshot has overtaken', () => {
    const log = new LogModel();
    const client = new Client();
    client.take(log.welcome('snapshot'));
    const [one, two] = [log.retitle('Another title'), log.post('a')];
    client.take({ event: 'batch', data: { events: [two] } }, { event: 'live', data: { seq: 0 } });
    expect(client.asks).toEqual([0]);
    client.take({ event: 'history', data: { after: 0, entries: [one, two], more: false } });
    expect([client.state.room?.title, client.texts]).toEqual(['Another title', ['a']]);
  });

  it('does not take a replay that is under way for a hole', () => {
    const log = new LogModel();
    const client = joined(log);
    for (let index = 0; index < 150; index++) {
      log.post(`m${index}`);
    }
    client.take(log.welcome('resume'));
    client.take({ event: 'batch', data: { events: log.page({ after: 0 }, 100).entries } });
    client.take({ event: 'batch', data: { events: log.page({ after: 100 }, 100).entries } });
    client.take({ event: 'live', data: { seq: 150 } });
    expect(client.asks).toEqual([]);
    expect(client.texts).toHaveLength(150);
  });

  it('does not ask in a circle when a page brings nothing', () => {
    const log = new LogModel();
    const client = joined(log);
    client.take({ event: 'ping', data: { head: 5 } });
    client.take({ event: 'history', data: { after: 0, entries: [], more: true } });
    expect(client.asks).toEqual([0]);
  });

  it('begins anew when the log is another one', () => {
    const log = new LogModel();
    const client = joined(log);
    client.take(log.post('of the old log'));
    const other = new LogModel();
    other.epoch = 'e2';
    client.take(other.welcome('snapshot'), { event: 'live', data: { seq: 0 } });
    expect(client.texts).toEqual([]);
    expect(cursorOf(client.state)).toEqual({ after: 0, epoch: 'e2' });
  });

  it('moves on over withheld places and over entries of later versions', () => {
    const log = new LogModel();
    const client = joined(log);
    client.take(log.withhold(), log.unknown(), log.post('after them'));
    expect(client.texts).toEqual(['after them']);
    expect(client.asks).toEqual([]);
  });

  it('keeps an edit for a message on a page that is loaded later', () => {
    const log = new LogModel();
    log.post('first wording');
    log.post('secret');
    const page = log.page({ before: 3 }, 50);
    const client = joined(log);
    client.take(log.change(1, 'second wording'), log.remove(2));
    client.take({ event: 'history', data: page });
    expect(client.texts).toEqual(['second wording', null]);
  });

  it('shows nothing of what came before the room was cleared', () => {
    const log = new LogModel();
    const client = joined(log);
    client.take(log.post('a'), log.post('b'), log.clear(), log.post('c'));
    expect(messagesIn(client.state).map(({ text, removed }) => [text, removed])).toEqual([
      [null, 'cleared'],
      [null, 'cleared'],
      ['c', null],
    ]);
  });

  it('follows what is pinned through edits, removals, restorations and other pins', () => {
    const log = new LogModel();
    const client = joined(log);
    const text = () => client.state.pinned?.message.text;
    client.take(log.post('as it was'), log.pin(1));
    expect(text()).toBe('as it was');
    client.take(log.change(1, 'as it is'));
    expect(text()).toBe('as it is');
    client.take(log.remove(1));
    expect(text()).toBeNull();
    client.take(log.restore(1, 'as it is'));
    expect(text()).toBe('as it is');
    client.take(log.post('another'), log.pin(6));
    expect(text()).toBe('another');
    client.take(log.clear());
    expect(text()).toBeNull();
    client.take(log.unpin());
    expect(client.state.pinned).toBeNull();
  });

  it('leaves the state it was given untouched', () => {
    const log = new LogModel();
    const client = joined(log);
    client.take(log.post('a'));
    const before = client.state;
    const copy = structuredClone(before);
    client.take(log.post('b'), log.change(1, 'x'), log.remove(2));
    expect(before).toEqual(copy);
  });

  it('ends at the fold of the log, whatever is lost, doubled, reordered or cut off on the way', () => {
    fc.assert(
      fc.property(fc.nat(20), fc.array(step, { maxLength: 60 }), (already, steps) => {
        const log = new LogModel();
        for (let index = 0; index < already; index++) {
          log.post(`already ${index}`);
        }
        const wire = new Wire(log);
        wire.connect('snapshot', 3);
        for (const run of steps) {
          run(wire, log);
        }
        wire.settle();

        const fresh = new Client();
        fresh.take(log.welcome('snapshot'));
        fresh.take({ event: 'batch', data: { events: log.page({ after: 0 }, Infinity).entries } });
        fresh.take({ event: 'live', data: { seq: log.head } });
        expect(essence(wire.client.state)).toEqual(essence(fresh.state));
      }),
      { numRuns: 1000 },
    );
  });
});

class Client {
  state = emptyLog();
  readonly asks: number[] = [];

  take(...frames: ServerFrame[]): void {
    for (const frame of frames) {
      const { state, ask } = reduce(this.state, frame);
      this.state = state;
      if (ask) {
        this.asks.push(ask.after);
      }
    }
  }

  get texts(): (string | null)[] {
    return messagesIn(this.state).map(({ text }) => text);
  }
}

/** A client in an otherwise quiet room. */
function joined(log: LogModel): Client {
  const client = new Client();
  client.take(log.welcome('snapshot'), { event: 'live', data: { seq: log.head } });
  return client;
}

/** A client that is only the rule, at the end of a bad line. */
class Wire extends LossyWire {
  client = new Client();

  constructor(private readonly log: LogModel) {
    super();
  }

  protected override arrive(frame: ServerFrame): void {
    this.client.take(frame);
  }

  /** The next `count` frames as one, as far as they are entries. */
  join(count: number): void {
    const head = this.queue.slice(0, count);
    const events = head.flatMap((frame) => ('seq' in frame.data && frame.event !== 'live' ? [frame] : []));
    const rest = head.filter((frame) => !events.includes(frame as EntryFrame));
    this.queue.splice(0, count, { event: 'batch', data: { events: events as EntryFrame[] } }, ...rest);
  }

  answer(limit: number): void {
    for (const after of this.client.asks.splice(0)) {
      this.put({ event: 'history', data: this.log.page({ after }, limit) });
    }
  }

  older(limit: number): void {
    const { oldest } = this.client.state;
    if (oldest !== null && hasOlder(this.client.state)) {
      this.put({ event: 'history', data: this.log.page({ before: oldest }, limit) });
    }
  }

  prune(limit: number): void {
    this.client.state = prune(this.client.state, limit);
  }

  connect(mode: 'snapshot' | 'resume', newest: number): void {
    const cursor = cursorOf(this.client.state);
    const resumes = mode === 'resume' && cursor !== null;
    const after = resumes ? cursor.after : Math.max(0, this.log.head - newest);
    this.queue = [];
    this.client.asks.length = 0;
    this.client.take(this.log.welcome(resumes ? 'resume' : 'snapshot'));
    this.put({ event: 'batch', data: { events: this.log.page({ after }, Infinity).entries } });
    this.put({ event: 'live', data: { seq: this.log.head } });
  }

  /** The network gets well: all that is under way arrives, holes are filled, and the reader scrolls to the top. */
  settle(): void {
    if (this.client.state.next === null) {
      this.connect('resume', 3);
    }
    for (let round = 0; this.queue.length > 0 || this.client.state.next! <= this.log.head; round++) {
      expect(round, 'the client never catches up').toBeLessThan(1000);
      this.deliver();
      if (this.queue.length === 0) {
        this.put({ event: 'ping', data: { head: this.log.head } });
        this.deliver();
        this.answer(7);
      }
    }
    while (hasOlder(this.client.state)) {
      this.older(5);
      this.deliver();
    }
  }
}

type Step = (wire: Wire, log: LogModel) => void;

/** Picks one of the messages there are, if any. */
function onTarget(log: LogModel, pick: number, act: (target: number) => EntryFrame): EntryFrame {
  const { targets } = log;
  return targets.length === 0 ? log.withhold() : act(targets[pick % targets.length]!);
}

const pick = fc.nat(1000);
const written: fc.Arbitrary<Step> = fc
  .oneof(
    { weight: 6, arbitrary: fc.string({ maxLength: 3 }).map((text) => (log: LogModel) => log.post(text)) },
    {
      weight: 3,
      arbitrary: fc.tuple(pick, fc.string({ maxLength: 3 })).map(
        ([n, text]) =>
          (log: LogModel) =>
            onTarget(log, n, (target) => log.change(target, text)),
      ),
    },
    {
      weight: 2,
      arbitrary: pick.map((n) => (log: LogModel) => onTarget(log, n, (target) => log.remove(target))),
    },
    {
      weight: 1,
      arbitrary: pick.map(
        (n) => (log: LogModel) => onTarget(log, n, (target) => log.restore(target, 'restored')),
      ),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        (log: LogModel) => log.withhold(),
        (log: LogModel) => log.unknown(),
        (log: LogModel) => log.retitle(`Title ${log.head}`),
        (log: LogModel) => log.clear(),
        (log: LogModel) => log.emote(`e_${log.head % 3}`),
      ),
    },
  )
  .map((write) => (wire, log) => wire.put(write(log)));

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 10, arbitrary: written },
  { weight: 8, arbitrary: fc.constant<Step>((wire) => wire.deliver()) },
  {
    weight: 2,
    arbitrary: fc.constantFrom<Step[]>(
      (wire) => wire.drop(),
      (wire) => wire.double(),
      (wire) => wire.swap(),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.integer({ min: 2, max: 9 }).map(
      (count): Step =>
        (wire) =>
          wire.join(count),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.integer({ min: 1, max: 9 }).map(
      (limit): Step =>
        (wire) =>
          wire.answer(limit),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.integer({ min: 1, max: 9 }).map(
      (limit): Step =>
        (wire) =>
          wire.older(limit),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 1, max: 9 }).map(
      (limit): Step =>
        (wire) =>
          wire.prune(limit),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom('snapshot' as const, 'resume' as const), fc.nat(9)).map(
      ([mode, newest]): Step =>
        (wire) =>
          wire.connect(mode, newest),
    ),
  },
);
