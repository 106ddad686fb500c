import * as fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import { Metrics } from '../../common/metrics.js';
import type { Account, Viewer } from '../../common/viewer.js';
import type { RoomSocket } from '../../realtime/room-socket.js';
import type { Entry } from '../messages/entry.entity.js';
import { logFrame } from '../messages/entry.presenter.js';
import { LiveRoom } from './live-room.js';

beforeEach(() => {
  vi.useFakeTimers({
    toFake: [
      'setTimeout',
      'clearTimeout',
      'setInterval',
      'clearInterval',
      'setImmediate',
      'performance',
      'Date',
    ],
  });
});
afterEach(() => vi.useRealTimers());

const metrics = new Metrics();

/** A room with its log, and what is true of it however it is sent. */
class World {
  readonly log: Entry[] = [];
  readonly live: LiveRoom;
  readonly people: Person[] = [];
  /** Stored together, and not told to the room yet. */
  private batch: Entry[] = [];
  private delay = 0;
  /** The newest seq that may be shown to everybody by now. */
  private out = 0;

  constructor() {
    this.live = new LiveRoom(
      {
        id: 1,
        slug: 'room',
        title: '',
        kind: 'chat',
        ownerId: null,
        settings: '{}',
        embed: null,
        archived: false,
        epoch: 'e',
        head: 0,
        first: 1,
        pinned: null,
        cleared: 0,
        createdAt: 0,
      },
      { moderators: [], pin: null, poll: null, sessions: [], emotes: new Map() },
      async (from, limit) => this.log.slice(from - 1, from - 1 + limit).map(logFrame),
      metrics,
      { tell: () => undefined, follow: () => undefined, now: () => Date.now() },
    );
  }

  say(): void {
    this.add({ event: 'message.posted', kind: 'chat', text: `text ${this.log.length + 1}` });
  }

  remove(which: number): void {
    const standing = this.log.filter(
      ({ event, removedBy }) => event === 'message.posted' && removedBy === null,
    );
    const target = standing[which % standing.length];
    if (target) {
      const seq = this.log.length + 1;
      this.log[target.seq - 1] = { ...target, removedBy: seq };
      this.add({ event: 'message.removed', target: target.seq, data: '{"by":"staff"}' });
    }
  }

  set(delay: number): void {
    if (delay !== this.delay) {
      this.settle();
      this.out = this.delay === 0 ? this.log.length + 1 : this.out;
      this.delay = delay;
      this.add({ event: 'room.changed', data: JSON.stringify({ settings: { delay } }) });
    }
  }

  /** How far the log may be shown now to who is not staff. */
  settle(): number {
    const old = this.log.findLast(({ at }) => at + this.delay * 1000 <= Date.now())?.seq ?? 0;
    this.out = this.delay === 0 ? this.log.length : Math.max(this.out, old);
    return this.out;
  }

  /** Tells the room what was stored. */
  apply(): void {
    this.live.apply(this.batch);
    this.batch = [];
  }

  isRemoved(seq: number): boolean {
    return this.log[seq - 1]!.removedBy !== null;
  }

  private add(entry: Partial<Entry> & Pick<Entry, 'event'>): void {
    const seq = this.log.length + 1;
    const whole: Entry = {
      roomId: 1,
      seq,
      id: `m${seq}`,
      kind: null,
      authorId: 'ann',
      authorName: 'Ann',
      authorRole: 'user',
      nonce: null,
      text: null,
      replyTo: null,
      target: null,
      data: null,
      audience: null,
      removedBy: null,
      at: Date.now(),
      ...entry,
    };
    this.log.push(whole);
    this.settle();
    this.batch.push(whole);
  }
}

/** A viewer whose socket has no network, and who checks whatever comes. */
class Person {
  cursor = 1;
  closed = false;
  writable = true;
  isStaff = false;
  onRenewed: () => void = () => undefined;
  readonly seqs: number[] = [];
  lives = 0;
  readonly faults: string[] = [];
  private drain: () => void = () => undefined;

  constructor(private readonly world: World) {
    this.enter();
  }

  get viewer(): Viewer {
    const account: Account = {
      id: 'bob',
      username: 'bob',
      nickname: 'Bob',
      role: this.isStaff ? 'moderator' : 'user',
      locale: null,
      createdAt: 0,
    };
    return { account, sessionId: null, locale: 'en', address: '' };
  }

  enter(): void {
    const socket = this.socket;
    this.cursor = this.seqs.length + 1;
    this.world.live.enter(socket, this.viewer);
    this.world.live.channelFor(this.viewer).join(socket, () => this.lives++);
  }

  comeBack(): void {
    this.world.apply();
    this.world.live.leave(this.socket, this.viewer);
    this.enter();
  }

  rank(isStaff: boolean): void {
    this.world.apply();
    this.isStaff = isStaff;
    this.onRenewed();
  }

  clog(isClogged: boolean): void {
    this.world.apply();
    this.writable = !isClogged;
    if (!isClogged) {
      this.drain();
    }
  }

  sees(): boolean {
    return true;
  }

  async drained(): Promise<void> {
    if (!this.writable) {
      await new Promise<void>((resolve) => {
        this.drain = resolve;
      });
    }
  }

  lost(): void {
    this.faults.push('lost');
  }

  write(frame: Buffer): void {
    const length = frame[1]!;
    const json = frame.subarray(length < 126 ? 2 : length === 126 ? 4 : 10).toString();
    const { event, data } = JSON.parse(json);
    for (const entry of event === 'batch' ? data.events : [{ event, data }]) {
      if (/^(?:message|room)\./.test(entry.event)) {
        this.take(entry.data);
      }
    }
  }

  private take({ seq, text }: { seq: number; text?: string | null }): void {
    this.seqs.push(seq);
    if (!this.isStaff && seq > this.world.settle()) {
      this.faults.push(`${seq} came too early`);
    }
    if (typeof text === 'string' && this.world.isRemoved(seq)) {
      this.faults.push(`${seq} came though it was removed`);
    }
  }

  private get socket(): RoomSocket<Entry> {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- all of a socket that a room and its channels use
    return this as unknown as RoomSocket<Entry>;
  }
}

const who = fc.nat(2);
const step = fc.oneof(
  { weight: 5, arbitrary: fc.constant((world: World) => world.say()) },
  { weight: 2, arbitrary: fc.nat(50).map((n) => (world: World) => world.remove(n)) },
  { weight: 2, arbitrary: fc.constantFrom(0, 1, 5).map((delay) => (world: World) => world.set(delay)) },
  {
    weight: 2,
    arbitrary: fc.tuple(who, fc.boolean()).map(
      ([n, isStaff]) =>
        (world: World) =>
          world.people[n]!.rank(isStaff),
    ),
  },
  { weight: 1, arbitrary: who.map((n) => (world: World) => world.people[n]!.comeBack()) },
  {
    weight: 1,
    arbitrary: fc.tuple(who, fc.boolean()).map(
      ([n, isClogged]) =>
        (world: World) =>
          world.people[n]!.clog(isClogged),
    ),
  },
);
/** In ms; null: what comes next is stored together with this. */
const pause = fc.constantFrom(null, null, 0, 0, 5, 60, 400, 1000, 3000);

it('is dense, never too early and never with a removed text, whatever is switched, ranked or slow meanwhile', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(step, pause), { maxLength: 60 }), async (steps) => {
      const world = new World();
      world.people.push(new Person(world), new Person(world), new Person(world));
      for (const [run, ms] of steps) {
        run(world);
        if (ms !== null) {
          world.apply();
          await vi.advanceTimersByTimeAsync(ms);
        }
      }
      world.apply();
      world.people.forEach((person) => person.clog(false));
      await vi.advanceTimersByTimeAsync(6000);
      for (const { seqs, faults } of world.people) {
        expect(faults).toEqual([]);
        expect(seqs).toEqual(world.log.map(({ seq }) => seq));
      }
      world.live.close();
    }),
    { numRuns: 300 },
  );
}, 30_000);
