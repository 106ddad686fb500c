/** A place in the line. */
export interface Seat {
  /** 0: it is one's turn; 1: one is the next. */
  readonly place: number;
  /** Resolves when it is one's turn. */
  readonly turn: Promise<void>;
  /** Called whenever the place has changed. */
  onMove: (() => void) | null;
  /** Leaves, whether it was one's turn or not. May be called twice. */
  leave(): void;
}

class Waiting implements Seat {
  readonly turn: Promise<void>;
  onMove: (() => void) | null = null;
  place = 0;
  private resolveTurn: () => void;

  constructor(readonly leave: () => void) {
    this.turn = new Promise((resolve) => {
      this.resolveTurn = resolve;
    });
  }

  move(place: number): void {
    if (place === 0) {
      this.resolveTurn();
    }
    if (place !== this.place) {
      this.place = place;
      this.onMove?.();
    }
  }
}

/** So many at one time; so many more wait, in the order in which they came. Both numbers may change. */
export class Line {
  private readonly inside = new Set<Seat>();
  private waiting: Waiting[] = [];

  constructor(
    private readonly most: () => number,
    private readonly mostWaiting: () => number,
  ) {}

  /** How many wait. */
  get length(): number {
    return this.waiting.length;
  }

  /** Null when there is no place left. */
  enter(): Seat | null {
    const isFull = this.inside.size >= this.most() || this.waiting.length > 0;
    if (isFull && this.waiting.length >= this.mostWaiting()) {
      return null;
    }
    const seat = new Waiting(() => this.leave(seat));
    this.waiting.push(seat);
    this.advance();
    return seat;
  }

  private leave(seat: Seat): void {
    this.inside.delete(seat);
    this.waiting = this.waiting.filter((other) => other !== seat);
    this.advance();
  }

  private advance(): void {
    while (this.waiting.length > 0 && this.inside.size < this.most()) {
      const seat = this.waiting.shift()!;
      this.inside.add(seat);
      seat.move(0);
    }
    this.waiting.forEach((seat, index) => seat.move(index + 1));
  }
}
