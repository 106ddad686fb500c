import { textFrame } from './text-frame.js';

/** Something without a seq that has its place among the entries. */
export interface Aside {
  readonly json: string;
  /** It follows this entry. */
  readonly after: number;
  /** Who is behind gets it later, and does not do without it. */
  readonly lasting: boolean;
}

interface Listener {
  readonly writable: boolean;
  write(frame: Buffer): void;
}

/** The channel, as far as its asides need to know it. */
export interface Audience<Subscriber> {
  /** Who keeps up. */
  readonly live: ReadonlySet<Subscriber>;
  /** What those who do not keep up are to be told later, one list for each. */
  owed(): Iterable<string[]>;
  /** Takes one out of `live` that cannot take an aside now. */
  leaveBehind(subscriber: Subscriber): void;
  /** One is up to date, and has missed what was passing meanwhile. */
  caughtUp(subscriber: Subscriber): void;
}

/** Lasting asides kept for one that is behind; more than a room says in the time until it is closed. */
const MOST_OWED = 100;

/** What a channel relays between its entries: each goes out when the entry that it follows has been sent. */
export class Asides<Subscriber extends Listener> {
  /** Relayed already, and waiting for the entry that they follow to be sent. */
  private readonly waiting: Aside[] = [];
  /** Caught up while asides were waiting: told as soon as those have gone out. */
  private readonly arrivals = new Set<Subscriber>();

  constructor(private readonly audience: Audience<Subscriber>) {}

  /** The seq that the first of them follows; entries beyond it wait for it. Infinity when there is none. */
  get next(): number {
    return this.waiting[0]?.after ?? Infinity;
  }

  /** Those of the waiting ones that nobody does without. */
  get owed(): string[] {
    return this.waiting.flatMap(({ json, lasting }) => (lasting ? [json] : []));
  }

  add(aside: Aside): void {
    this.waiting.push(aside);
  }

  /** A subscriber has joined the live ones; passing asides are not for it until it has been told what there is. */
  arrive(subscriber: Subscriber): void {
    this.arrivals.add(subscriber);
  }

  forget(subscriber: Subscriber): void {
    this.arrivals.delete(subscriber);
  }

  /** Sends what follows the entries up to `sent`, in the order it was added. */
  release(sent: number): void {
    while (this.next <= sent) {
      this.send(this.waiting.shift()!);
    }
    if (this.waiting.length === 0) {
      for (const subscriber of this.arrivals) {
        this.arrivals.delete(subscriber);
        this.audience.caughtUp(subscriber);
      }
    }
  }

  private send({ json, lasting }: Aside): void {
    const frame = textFrame(json);
    for (const subscriber of Array.from(this.audience.live)) {
      if (!subscriber.writable) {
        this.audience.leaveBehind(subscriber);
      } else if (lasting || !this.arrivals.has(subscriber)) {
        subscriber.write(frame);
      }
    }
    if (lasting) {
      for (const owed of this.audience.owed()) {
        owed.push(json);
        owed.splice(0, owed.length - MOST_OWED);
      }
    }
  }
}
