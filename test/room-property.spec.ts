import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { messagesIn } from '../public/js/reducer.js';
import { Room } from '../public/js/room.js';
import type { ClientFrame, EntryFrame, ServerFrame } from '../src/protocol/frames.js';
import type { UserView } from '../src/protocol/views.js';
import { FakeSurroundings, type FakeSocket } from './support/fake-surroundings.js';
import { LogModel } from './support/log-model.js';
import { essence, LossyWire } from './support/lossy-wire.js';

const me: UserView = { id: 'u1', nickname: 'Ara', role: 'user', color: 1 };
const at = '2026-01-01T00:00:00.000Z';

describe('a room in the browser, on a bad line', { timeout: 60_000 }, () => {
  it('ends at the log, and everything said in it is there once', () => {
    fc.assert(
      fc.property(fc.nat(20), fc.array(step, { maxLength: 80 }), (already, steps) => {
        const line = new Line(already);
        for (const run of steps) {
          run(line);
        }
        line.settle();
        expect(essence(line.room.log)).toEqual(essence(freshRoom(line.log).log));
        expect(line.room.outbox.parcels).toEqual([]);
        expect(line.stored.toSorted()).toEqual(line.said.toSorted());
      }),
      { numRuns: 1000 },
    );
  });
});

/** The client's room and a server, with a bad line between them that also breaks. */
class Line extends LossyWire {
  readonly log = new LogModel();
  readonly world = new FakeSurroundings();
  readonly room: Room;
  /** Texts that the client has said, and those that the server has stored. */
  readonly said: string[] = [];
  readonly stored: string[] = [];
  private taken = 0;
  private readonly seqs = new Map<string, number>();
  private socket: FakeSocket;

  constructor(already: number) {
    super();
    for (let index = 0; index < already; index++) {
      this.log.post(`already ${index}`);
    }
    this.room = aRoom(this.world);
    this.room.start();
    this.admit(3);
  }

  protected override arrive(frame: ServerFrame): void {
    this.socket.say(frame);
  }

  /** The server takes the next frame that the client has sent. */
  take(): void {
    const frame = this.socket.sent[this.taken];
    if (frame) {
      this.taken++;
      this.serve(frame);
    }
  }

  say(text: string): void {
    const unique = `${text} ${this.said.length}`;
    this.said.push(unique);
    this.room.say(unique);
  }

  /** Changes or removes one of the messages that the reader sees. */
  touch(pick: number, text: string | null): void {
    const messages = messagesIn(this.room.log);
    const message = messages[pick % messages.length];
    if (message && text === null) {
      this.room.remove(message.seq);
    } else if (message) {
      this.room.edit(message.seq, text!);
    }
  }

  /** The connection ends; what was under way is lost, in both directions. */
  cut(code: number, newest: number): void {
    const { length } = this.world.sockets;
    this.socket.end(code);
    for (let waited = 0; this.world.sockets.length === length; waited++) {
      expect(waited, 'it never comes back').toBeLessThan(60);
      this.world.pass(1000);
    }
    this.admit(newest);
  }

  /** The network gets well: everything arrives, and the reader scrolls to the top. */
  settle(): void {
    this.cut(1012, 3);
    for (let round = 0; !this.isQuiet; round++) {
      expect(round, 'it never comes to rest').toBeLessThan(2000);
      this.deliver();
      this.take();
      if (this.queue.length === 0 && this.room.log.next! <= this.log.head) {
        this.put({ event: 'ping', data: { head: this.log.head } });
      }
      if (this.queue.length === 0 && this.room.older) {
        this.room.loadOlder();
      }
    }
  }

  private get isQuiet(): boolean {
    const isDelivered = this.queue.length === 0 && this.taken === this.socket.sent.length;
    return isDelivered && this.room.log.next === this.log.head + 1 && !this.room.older;
  }

  /** What the server does when the client comes. */
  private admit(newest: number): void {
    this.socket = this.world.socket;
    this.taken = 0;
    const { searchParams } = new URL(this.socket.address);
    const cursor = searchParams.get('after');
    const after = cursor === null ? Math.max(0, this.log.head - newest) : Number(cursor);
    const welcome = this.log.welcome(cursor === null ? 'snapshot' : 'resume');
    Object.assign(welcome.data, { viewer: me });
    this.socket.open();
    this.socket.say(welcome);
    this.queue = [
      { event: 'batch', data: { events: this.log.page({ after }, Infinity).entries } },
      { event: 'live', data: { seq: this.log.head } },
    ];
  }

  private serve(frame: ClientFrame): void {
    switch (frame.event) {
      case 'history': {
        const { limit = 50, ...range } = frame.data;
        this.put({ event: 'history', data: this.log.page(range, Math.min(limit, 7)) });
        break;
      }
      case 'say':
        this.store(frame.data.nonce, () => {
          this.stored.push(frame.data.text);
          const entry = this.log.post(frame.data.text);
          Object.assign(entry.data, { nonce: frame.data.nonce });
          return entry;
        });
        break;
      case 'edit':
        this.store(frame.data.nonce, () => this.log.change(frame.data.target, frame.data.text));
        break;
      case 'remove':
        this.store(frame.data.nonce, () => this.log.remove(frame.data.target));
        break;
      default:
        throw new Error(`The client sent ${frame.event}`);
    }
  }

  private store(nonce: string, append: () => EntryFrame): void {
    const earlier = this.seqs.get(nonce);
    if (earlier === undefined) {
      const entry = append();
      this.seqs.set(nonce, entry.data.seq);
      this.put(entry);
    }
    this.put({
      event: 'ack',
      data: { nonce, seq: this.seqs.get(nonce)!, id: 'x', at, ...(earlier !== undefined && { dup: true }) },
    });
  }
}

function aRoom(world: FakeSurroundings): Room {
  const kept = new Map<string, string>();
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
  return new Room(
    {
      socketAddress: 'ws://madang/ws?room=lobby',
      slug: 'lobby',
      viewer: me,
      storage,
      onChange: () => undefined,
      onNotice: () => undefined,
      onError: () => undefined,
      onRefused: () => 'kept',
      onStranger: () => undefined,
    },
    world.build(),
  );
}

/** A room that has just come and read everything from the beginning. */
function freshRoom(log: LogModel): Room {
  const world = new FakeSurroundings();
  const room = aRoom(world);
  room.start();
  world.socket.open();
  const welcome = log.welcome('snapshot');
  Object.assign(welcome.data, { viewer: me });
  world.socket.say(welcome);
  world.socket.say({ event: 'batch', data: { events: log.page({ after: 0 }, Infinity).entries } });
  world.socket.say({ event: 'live', data: { seq: log.head } });
  return room;
}

type Step = (line: Line) => void;

const word = fc.string({ maxLength: 3 });
const pick = fc.nat(1000);
/** Others change a message that there is. */
const others = fc.tuple(pick, word, fc.nat(9)).map(([number, text, what]): Step => (line) => {
  const { log } = line;
  const { targets } = log;
  const target = targets[number % targets.length];
  const isAbout = target !== undefined;
  if (what < 6 || !isAbout) {
    line.put(log.post(text));
  } else if (what === 6) {
    line.put(log.change(target, text));
  } else if (what === 7) {
    line.put(log.remove(target));
  } else if (what === 8) {
    line.put(log.restore(target, 'restored'));
  } else {
    line.put(number % 4 === 0 ? log.clear() : log.withhold());
  }
});

const always = (run: Step) => fc.constant(run);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: others },
  { weight: 10, arbitrary: always((line) => line.deliver()) },
  { weight: 6, arbitrary: always((line) => line.take()) },
  { weight: 1, arbitrary: always((line) => line.drop()) },
  { weight: 1, arbitrary: always((line) => line.double()) },
  { weight: 1, arbitrary: always((line) => line.swap()) },
  {
    weight: 3,
    arbitrary: word.map(
      (text): Step =>
        (line) =>
          line.say(text),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(pick, fc.option(word)).map(
      ([number, text]): Step =>
        (line) =>
          line.touch(number, text),
    ),
  },
  { weight: 1, arbitrary: always((line) => line.room.loadOlder()) },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 1, max: 9 }).map(
      (limit): Step =>
        (line) =>
          line.room.prune(limit),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom(1006, 1012, 4108, 4201), fc.nat(9)).map(
      ([code, newest]): Step =>
        (line) =>
          line.cut(code, newest),
    ),
  },
);
