import { Channel, type ChannelOptions, type Rewrite } from '../../realtime/channel.js';
import type { RoomSocket } from '../../realtime/room-socket.js';
import type { Entry } from '../messages/entry.entity.js';
import { presentEntry } from '../messages/entry.presenter.js';
import { hidePin, followPin, type Pin } from './pin.js';
import { hidingOf, type Hiding } from '../log/hiding.js';
import { Holdback } from './holdback.js';

/** Something without a seq that waits until the entry before it is out. */
interface Held {
  readonly json: string;
  readonly after: number;
}

/** Where the late side begins: nobody has been shown more than this, or everybody may be. */
export interface LateStart {
  readonly head: number;
  /** What is on top of the room as of there. */
  readonly pin: Pin | null;
  readonly delay: number;
}

/**
 * The room as viewers get it who are shown everything some seconds late: a channel of the same log that is fed from the
 * real one when entries have become old enough, so that all that is sent, read and counted there ends at its head. Every node
 * works that out for itself, from when entries were made.
 */
export class LateSide {
  readonly channel: Channel<Entry>;
  private readonly holdback: Holdback;
  private readonly held: Held[] = [];
  private pinned: Pin | null;
  private delayMs: number;
  private timer: NodeJS.Timeout | null = null;
  private closed = false;

  constructor(
    { head, pin, delay }: LateStart,
    private readonly real: Channel<Entry>,
    { read, onFanout }: Pick<ChannelOptions<Entry>, 'read' | 'onFanout'>,
    /** The time of day, as the log has it. */
    private readonly now: () => number,
  ) {
    this.pinned = pin;
    this.delayMs = delay * 1000;
    this.holdback = new Holdback(head);
    this.channel = new Channel(head, {
      // The database has more than may be shown.
      read: async (from, limit) => {
        const frames = await read(from, limit);
        return frames.filter(({ seq }) => seq <= this.holdback.head);
      },
      onEntry: (entry) => {
        this.pinned = followPin(this.pinned, entry);
      },
      ...(onFanout && { onFanout }),
    });
    this.channel.warm(real.kept(1, head));
    real.kept(head + 1, real.head).forEach(({ entry }) => this.take(entry));
  }

  get pin(): Pin | null {
    return this.pinned;
  }

  /** Seconds. What is kept back already is shown by the new delay as well; what is out stays out. */
  set delay(seconds: number) {
    this.delayMs = seconds * 1000;
    this.release();
  }

  /** Keeps back a new entry of the room. That a text is removed is told at once to whom it was shown. */
  take(entry: Entry): void {
    if (entry.seq <= this.holdback.head) {
      return;
    }
    // By its age, and no longer than the delay from now on: whoever made it may have another clock.
    const age = Math.max(0, this.now() - entry.at);
    this.holdback.add(entry.seq, performance.now() - age);
    if (removesTexts(entry) && entry.audience === null) {
      this.channel.relay(JSON.stringify({ event: 'gone', data: presentEntry(entry) }), { lasting: true });
    }
    this.schedule();
  }

  /** Shows something lasting without a seq, when all is out that is in the log before it. */
  relay(json: string, after: number): void {
    this.held.push({ json, after: Math.max(after, this.real.head) });
    this.sayHeld();
  }

  /** Has a viewer go on in real time. */
  handOver(socket: RoomSocket<Entry>): void {
    const owing = this.held.map(({ json }) => json);
    this.channel.handOver(socket, this.real, owing);
  }

  /** The same as for the real channel, and at once: a text that is gone is not sent late either. */
  rewrite(rewrite: Rewrite<Entry>, hiding: Hiding): void {
    this.channel.rewrite(rewrite);
    this.pinned = hidePin(this.pinned, hiding);
  }

  /** Called about once a second; reads again what could not be read when it became due. */
  sweep(): void {
    this.channel.forgetReplays();
    this.channel.expect(this.holdback.head);
  }

  close(): void {
    this.closed = true;
    if (this.timer) {
      clearTimeout(this.timer);
    }
    this.channel.close();
  }

  private release(): void {
    const head = this.holdback.release(performance.now(), this.delayMs);
    if (head > this.channel.head) {
      this.channel.append(this.real.kept(this.channel.head + 1, head));
      // What memory no longer holds is read.
      this.channel.expect(head);
      this.sayHeld();
    }
    this.schedule(true);
  }

  private sayHeld(): void {
    while (this.held[0] && this.held[0].after <= this.holdback.head) {
      const { json, after } = this.held.shift()!;
      this.channel.relay(json, { after, lasting: true });
    }
  }

  /** One timer, for what is due next. `anew`: it may be due earlier than was thought. */
  private schedule(anew = false): void {
    if (this.timer && anew) {
      clearTimeout(this.timer);
      this.timer = null;
    }
    const dueAt = this.holdback.dueAt(this.delayMs);
    if (dueAt !== null && !this.closed) {
      this.timer ??= setTimeout(
        () => {
          this.timer = null;
          this.release();
        },
        Math.max(0, Math.ceil(dueAt - performance.now())),
      );
    }
  }
}

/** Whether an entry takes texts out of the log that people may have before their eyes. */
function removesTexts(entry: Entry): boolean {
  const hiding = hidingOf(entry);
  return hiding !== null && (hiding.type === 'leave' ? hiding.removes : hiding.type !== 'restore');
}
