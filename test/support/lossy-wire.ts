import { messagesIn, type LogState } from '../../public/js/reducer.js';
import type { ServerFrame } from '../../src/protocol/frames.js';

/** Frames on their way over a line that loses, doubles and reorders them, which is more than TCP would. */
export abstract class LossyWire {
  protected queue: ServerFrame[] = [];

  protected abstract arrive(frame: ServerFrame): void;

  put(frame: ServerFrame): void {
    this.queue.push(frame);
  }

  deliver(): void {
    const frame = this.queue.shift();
    if (frame) {
      this.arrive(frame);
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
}

/** What a reader can tell apart. A removed message shows no edit mark. */
export function essence(state: LogState) {
  return {
    next: state.next,
    title: state.room?.title,
    emotes: [...state.emotes.keys()].toSorted(),
    lines: state.items.filter((item) => item.type === 'line'),
    messages: messagesIn(state).map(({ seq, text, removed, edited }) => ({
      seq,
      text,
      removed: removed !== null,
      edited: removed === null && edited,
    })),
  };
}
