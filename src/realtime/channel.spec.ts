import { describe, expect, it, vi } from 'vitest';

import { Channel, type Subscriber } from './channel.js';
import type { LogFrame } from './ring.js';
import { textFrame } from './text-frame.js';

interface Note {
  secret?: boolean;
}

/** A socket without a network: it unpacks what it is written, and drains when the test says so. */
class FakeSubscriber implements Subscriber<Note> {
  cursor = 1;
  closed = false;
  writable = true;
  isLost = false;
  readonly seqs: number[] = [];
  readonly withheld: number[] = [];
  /** Everything in the order it came: seqs, and the words of what was relayed. */
  readonly heard: (number | string)[] = [];
  frames = 0;
  private drain: (() => void) | null = null;
  private readonly waiting = new Set<() => void>();

  constructor(
    private readonly isStaff = false,
    from = 1,
  ) {
    this.cursor = from;
  }

  sees(entry: Note): boolean {
    return this.isStaff || !entry.secret;
  }

  write(frame: Buffer): void {
    this.frames++;
    const { event, data } = JSON.parse(payloadOf(frame).toString());
    for (const entry of event === 'batch' ? data.events : [{ event, data }]) {
      this.heard.push(data.word ?? entry.data.seq);
      (entry.event === 'message.withheld' ? this.withheld : this.seqs).push(entry.data.seq);
    }
    this.waiting.forEach((check) => check());
  }

  async drained(): Promise<void> {
    if (!this.writable) {
      await new Promise<void>((resolve) => {
        this.drain = resolve;
      });
    }
  }

  lost(): void {
    this.isLost = true;
    this.waiting.forEach((check) => check());
  }

  resume(): void {
    this.writable = true;
    this.drain?.();
  }

  /** Resolves when the test's condition holds after a frame. */
  async until(holds: () => boolean): Promise<void> {
    if (!holds()) {
      await new Promise<void>((resolve) => {
        const check = () => {
          if (holds()) {
            this.waiting.delete(check);
            resolve();
          }
        };
        this.waiting.add(check);
      });
    }
  }

  has(seq: number): Promise<void> {
    return this.until(() => this.seqs.includes(seq) || this.withheld.includes(seq));
  }
}

const frame = (seq: number, entry: Note = {}): LogFrame<Note> => ({
  seq,
  json: JSON.stringify({ event: 'message.posted', data: { seq, text: `text ${seq}` } }),
  entry,
  restricted: entry.secret ?? false,
});
const frames = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => frame(from + index));
const range = (from: number, to: number) => frames(from, to).map(({ seq }) => seq);

/** One that takes a while to be written to. */
class SlowSubscriber extends FakeSubscriber {
  override write(bytes: Buffer): void {
    const until = performance.now() + 1;
    while (performance.now() < until) {
      // A system call of a busy machine.
    }
    super.write(bytes);
  }
}

/** A channel over a log of which the database holds everything up to `stored`. */
function aChannel(head = 0, stored = () => head) {
  const reads: number[] = [];
  const channel = new Channel<Note>(head, {
    read: async (from, limit) => {
      reads.push(from);
      return frames(from, Math.min(stored(), from + limit - 1));
    },
  });
  return { channel, reads };
}

function join(channel: Channel<Note>, subscriber: FakeSubscriber): Promise<FakeSubscriber> {
  return new Promise((resolve) => channel.join(subscriber, () => resolve(subscriber)));
}

describe('a channel', () => {
  it('sends everybody the same entries in order, one frame for what came together', async () => {
    const { channel } = aChannel();
    const [a, b] = [await join(channel, new FakeSubscriber()), await join(channel, new FakeSubscriber())];
    channel.append(frames(1, 3));
    channel.append(frames(4, 5));
    await Promise.all([a.has(5), b.has(5)]);
    expect(a.seqs).toEqual(range(1, 5));
    expect(b.seqs).toEqual(range(1, 5));
    expect(a.frames).toBe(1);
  });

  it('replays from the cursor before it goes live, and twice asked replays nothing', async () => {
    const { channel, reads } = aChannel(250);
    const resumed = await join(channel, new FakeSubscriber(false, 101));
    expect(resumed.seqs).toEqual(range(101, 250));
    const upToDate = await join(channel, new FakeSubscriber(false, 251));
    expect(upToDate.seqs).toEqual([]);
    expect(reads.length).toBeLessThanOrEqual(2);
  });

  it('reads a page once for all who need it at the same time', async () => {
    const { channel, reads } = aChannel(90);
    await Promise.all(range(1, 50).map((from) => join(channel, new FakeSubscriber(false, from))));
    expect(reads).toEqual([1]);
  });

  it('joins in the middle of a burst without a gap or a double', async () => {
    const { channel } = aChannel();
    const early = await join(channel, new FakeSubscriber());
    channel.append(frames(1, 10));
    const late = await join(channel, new FakeSubscriber(false, 4));
    channel.append(frames(11, 20));
    await Promise.all([early.has(20), late.has(20)]);
    expect(early.seqs).toEqual(range(1, 20));
    expect(late.seqs).toEqual(range(4, 20));
  });

  it('leaves a slow socket behind, and catches it up from where it was', async () => {
    const { channel } = aChannel(0, () => 3000);
    const [slow, quick] = [
      await join(channel, new FakeSubscriber()),
      await join(channel, new FakeSubscriber()),
    ];
    slow.writable = false;
    for (let from = 1; from <= 2901; from += 100) {
      channel.append(frames(from, from + 99));
      await quick.has(from + 99);
    }
    expect(slow.seqs).toEqual([]);
    expect(channel.lagging).toBe(1);
    slow.resume();
    await slow.has(3000);
    expect(slow.seqs).toEqual(range(1, 3000));
    expect(quick.seqs).toEqual(range(1, 3000));
  });

  it('fills a hole from the database, and drops what it knows', async () => {
    const { channel } = aChannel(0, () => 6);
    const viewer = await join(channel, new FakeSubscriber());
    channel.append(frames(1, 2));
    channel.append(frames(6, 6));
    channel.append(frames(2, 2));
    await viewer.has(6);
    expect(viewer.seqs).toEqual(range(1, 6));
  });

  it('shows what is not for everybody only as its place', async () => {
    const { channel } = aChannel();
    const [viewer, staff] = [
      await join(channel, new FakeSubscriber()),
      await join(channel, new FakeSubscriber(true)),
    ];
    channel.append([frame(1), frame(2, { secret: true }), frame(3)]);
    await Promise.all([viewer.has(3), staff.has(3)]);
    expect(viewer).toMatchObject({ seqs: [1, 3], withheld: [2] });
    expect(staff).toMatchObject({ seqs: [1, 2, 3], withheld: [] });
  });

  it('never sends a text again that was rewritten', async () => {
    const { channel } = aChannel();
    channel.append(frames(1, 2));
    channel.rewrite((known) =>
      known.seq === 1 ? { ...known, json: '{"event":"x","data":{"seq":1}}' } : undefined,
    );
    const [first] = await channel.page(1, 1);
    expect(first?.json).not.toContain('text 1');
  });

  it('lets others have their turn in the middle of a fan-out, and then has not sent what was rewritten', async () => {
    const { channel } = aChannel();
    const crowd = await Promise.all(range(1, 20).map(() => join(channel, new SlowSubscriber())));
    const reached = () => crowd.filter(({ seqs }) => seqs.includes(1)).length;
    let before = 0;
    channel.append([frame(1)]);
    await crowd[0]!.has(1);
    setImmediate(() => {
      before = reached();
      channel.rewrite((known) =>
        known.seq === 1
          ? { ...known, json: '{"event":"message.posted","data":{"seq":1,"word":"gone"}}' }
          : undefined,
      );
      channel.append([frame(2)]);
    });
    await Promise.all(crowd.map((viewer) => viewer.has(2)));
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThan(20);
    expect(crowd.filter(({ heard }) => heard.includes('gone'))).toHaveLength(20 - before);
    for (const { seqs } of crowd) {
      expect(seqs).toEqual([1, 2]);
    }
  });

  it('does not send it either when the database was just being asked for it', async () => {
    const { channel } = aChannel(2000);
    const page = channel.page(1, 2);
    channel.rewrite((known) => (known.seq === 1 ? { ...known, json: 'gone' } : undefined));
    expect((await page).map(({ json }) => json)).toEqual(['gone', frame(2).json]);
  });

  it('tells of each entry once and in order, by whatever way it came', async () => {
    const told: number[] = [];
    const channel = new Channel<{ seq: number }>(0, {
      read: async (from) => [4, 5].filter((seq) => seq >= from).map(telling),
      onEntry: ({ seq }) => told.push(seq),
    });
    function telling(seq: number): LogFrame<{ seq: number }> {
      return { ...frame(seq), entry: { seq } };
    }
    channel.append([telling(2), telling(1)]);
    channel.append([telling(3), telling(2)]);
    channel.expect(5);
    await vi.waitFor(() => expect(told).toEqual([1, 2, 3, 4, 5]));
  });

  it('gives up a socket whose entries cannot be read', async () => {
    const channel = new Channel<Note>(2000, { read: () => Promise.reject(new Error('no database')) });
    const viewer = new FakeSubscriber();
    channel.join(viewer, () => undefined);
    await viewer.until(() => viewer.isLost);
    expect(channel.size).toBe(0);
  });

  it('gives up a socket whose next entries are no longer kept, and goes on behind them', async () => {
    const channel = new Channel<Note>(2, { read: async (from) => frames(Math.max(from, 8), 9) });
    channel.warm(frames(1, 2));
    const viewer = await join(channel, new FakeSubscriber(false, 3));
    channel.append([frame(9)]);
    await viewer.until(() => viewer.isLost);
    expect(viewer.seqs).toEqual([]);
    const next = await join(channel, new FakeSubscriber(false, 8));
    expect(next.seqs).toEqual([8, 9]);
  });

  it('survives more in one turn than its ring holds, with viewers who have just caught up', async () => {
    const { channel } = aChannel(0, () => 5000);
    const viewer = await join(channel, new FakeSubscriber());
    channel.append([]);
    channel.append(frames(1, 5000));
    await viewer.has(5000);
    expect(viewer.seqs).toEqual(range(1, 5000));
    channel.leave(viewer);
    expect(channel.size).toBe(0);
  });
});

function payloadOf(bytes: Buffer): Buffer {
  const length = bytes[1]!;
  return bytes.subarray(length < 126 ? 2 : length === 126 ? 4 : 10);
}

describe('what is relayed', () => {
  const word = (word: string) => JSON.stringify({ event: 'notice', data: { word } });
  const heardIn = (subscriber: FakeSubscriber, count: number) =>
    subscriber.until(() => subscriber.heard.length === count).then(() => subscriber.heard);

  function aRelay(head = 0) {
    const caughtUp: Subscriber<Note>[] = [];
    const channel = new Channel<Note>(head, {
      read: async (from, limit) => frames(from, Math.min(head, from + limit - 1)),
      onCaughtUp: (subscriber) => {
        caughtUp.push(subscriber);
        subscriber.write(textFrame(word('snapshot')));
      },
    });
    return { channel, caughtUp };
  }

  it('has its place among the entries, however they are bundled', async () => {
    const { channel } = aRelay();
    const a = await join(channel, new FakeSubscriber());
    channel.append(frames(1, 2));
    channel.relay(word('after 1'), { after: 1 });
    channel.relay(word('after 2'), { after: 2 });
    channel.relay(word('at the end'));
    channel.append(frames(3, 3));
    expect(await heardIn(a, 7)).toEqual(['snapshot', 1, 'after 1', 2, 'after 2', 'at the end', 3]);
  });

  it('waits for nothing when its entry has gone out', async () => {
    const { channel } = aRelay(5);
    const a = await join(channel, new FakeSubscriber(false, 6));
    channel.relay(word('now'), { after: 5 });
    expect(a.heard).toEqual(['snapshot', 'now']);
  });

  it('is made up for when one that fell behind has caught up: the lasting, then a snapshot', async () => {
    const { channel, caughtUp } = aRelay();
    const slow = await join(channel, new FakeSubscriber());
    slow.writable = false;
    channel.relay(word('passing'));
    channel.relay(word('lasting'), { lasting: true });
    expect(channel.lagging).toBe(1);
    slow.resume();
    expect(await heardIn(slow, 3)).toEqual(['snapshot', 'lasting', 'snapshot']);
    expect(caughtUp).toEqual([slow, slow]);
    channel.relay(word('again'));
    expect(slow.heard.at(-1)).toBe('again');
  });
});

describe('a subscriber that is handed over', () => {
  it('goes on from its cursor, without a gap or a double, there and back', async () => {
    const real = aChannel(0, () => 0).channel;
    const late = aChannel(0, () => 0).channel;
    const viewer = await join(late, new FakeSubscriber());
    real.append(frames(1, 6));
    late.append(frames(1, 2));
    await viewer.has(2);
    late.handOver(viewer, real);
    await viewer.has(6);
    expect([late.size, real.has(viewer)]).toEqual([0, true]);
    real.handOver(viewer, late);
    late.append(frames(3, 8));
    await viewer.has(8);
    expect(viewer.seqs).toEqual(range(1, 8));
    expect(real.size).toBe(0);
  });

  it.each(['there', 'there and back'])('is sent nothing twice in the middle of a page: %s', async (way) => {
    const pages: (() => void)[] = [];
    const slowly = new Channel<Note>(150, {
      read: (from, limit) =>
        new Promise((resolve) => {
          pages.push(() => resolve(frames(from, Math.min(150, from + limit - 1))));
        }),
    });
    const { channel: other } = aChannel(150, () => 150);
    const viewer = new FakeSubscriber();
    let lives = 0;
    slowly.join(viewer, () => lives++);
    slowly.handOver(viewer, other);
    if (way === 'there and back') {
      other.handOver(viewer, slowly);
    }
    // Both ways through the log are waiting for their page now, if there are two.
    await new Promise(setImmediate);
    const there = way === 'there' ? other : slowly;
    there.append(frames(151, 151));
    while (!viewer.seqs.includes(151) && !viewer.isLost) {
      pages.splice(0).forEach((arrive) => arrive());
      await new Promise(setImmediate);
    }
    expect(viewer.seqs).toEqual(range(1, 151));
    expect([lives, viewer.isLost, there.size]).toEqual([1, false, 1]);
  });

  it('takes along what it is owed and what it waits for', async () => {
    const word = (word: string) => JSON.stringify({ event: 'notice', data: { word } });
    const [late, real] = [aChannel(3, () => 3).channel, aChannel(5, () => 5).channel];
    const viewer = new FakeSubscriber(false, 4);
    await join(late, viewer);
    late.relay(word('later'), { after: 5, lasting: true });
    late.handOver(viewer, real, [word('besides')]);
    await viewer.until(() => viewer.heard.length === 4);
    expect(viewer.heard).toEqual([4, 5, 'later', 'besides']);
  });

  it('may have seen more than the other has: it waits there', async () => {
    const { channel: real } = aChannel(9, () => 9);
    const { channel: late } = aChannel(4, () => 4);
    const viewer = await join(real, new FakeSubscriber(false, 8));
    real.handOver(viewer, late);
    late.append(frames(5, 7));
    late.append(frames(8, 12));
    await viewer.has(12);
    expect(viewer.seqs).toEqual(range(8, 12));
  });
});
