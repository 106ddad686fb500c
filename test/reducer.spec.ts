import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  cursorOf,
  emptyLog,
  hasOlder,
  messagesIn,
  prune,
  reduce,
  type LogState,
} from '../public/js/reducer.js';
import type { EntryFrame, ServerFrame } from '../src/protocol/frames.js';
import { LogModel } from './support/log-model.js';

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

/** What a reader can tell apart. A removed message shows no edit mark. */
function essence(state: LogState) {
  return {
    next: state.next,
    title: state.room?.title,
    lines: state.items.filter((item) => item.type === 'line'),
    messages: messagesIn(state).map(({ seq, text, removed, edited }) => ({
      seq,
      text,
      removed: removed !== null,
      edited: removed === null && edited,
    })),
  };
}

/** A connection that loses, doubles and reorders frames, which is more than TCP would. */
class Wire {
  client = new Client();
  private queue: ServerFrame[] = [];

  constructor(private readonly log: LogModel) {}

  put(frame: ServerFrame): void {
    this.queue.push(frame);
  }

  deliver(): void {
    const frame = this.queue.shift();
    if (frame) {
      this.client.take(frame);
    }
  }

  drop(): void {
    this.queue.shift();
  }

  double(): void {
    this.queue.splice(1, 0, ...this.queue.slice(0, 1));
  }

  swap(): void {
    this.queue.splice(0, 2, ...this.queue.slice(0, 2).toReversed());
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
