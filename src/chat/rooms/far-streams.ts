import type { ServerFrame } from '../../protocol/frames.js';
import { DomainError } from '../../common/errors.js';
import { isStaff, type Viewer } from '../../common/viewer.js';
import type { Entry } from '../messages/entry.entity.js';
import type { RoomMessage, StreamState } from './room.message.js';
import type { Stream } from './room.streams.js';

/** After its entry, the word that it has ended comes at once; then it is said without it. */
const LAST_WORD_MS = 2000;
/** Whoever still writes has answered by then. */
const ANSWER_MS = 3000;
/** That something is to stop is said again as long as it goes on: the bus loses what it is given while it is in doubt. */
const STOP_AGAIN_MS = 1000;
const STOPS = 15;

/** Something that another node writes. */
class FarStream implements Stream {
  readonly isShown = true;
  /** Cleared when everybody is asked what they write, and set by the answer. */
  isConfirmed = true;

  constructor(
    public state: StreamState,
    private readonly halt: (id: string) => void,
  ) {}

  get id(): string {
    return this.state.id;
  }

  get requesterId(): string {
    return this.state.requesterId;
  }

  snapshot(): ServerFrame {
    const { id, n, text, replyTo } = this.state;
    return { event: 'ai.snapshot', data: { id, n, text, status: 'running', replyTo } };
  }

  stop(): void {
    this.halt(this.id);
  }

  stopBy(viewer: Viewer): void {
    if (viewer.account?.id !== this.requesterId && !isStaff(viewer)) {
      throw new DomainError('auth.forbidden');
    }
    this.stop();
  }
}

/**
 * What other nodes are writing in a room, as far as it is known here: for whoever comes late, and so that no viewer is
 * shown a text with a hole. What was missed is asked for.
 */
export class FarStreams {
  private readonly streams = new Map<string, FarStream>();
  private readonly timers = new Set<NodeJS.Timeout>();

  constructor(
    private readonly room: {
      tell(message: RoomMessage): void;
      /** Shows the sockets of this node a frame in its place. */
      show(frame: ServerFrame, lasting: boolean): void;
    },
  ) {}

  get(id: string): Stream | undefined {
    return this.streams.get(id);
  }

  all(): Iterable<Stream> {
    return this.streams.values();
  }

  /** Asks the other nodes what they are writing. What nobody answers for has ended without a word. */
  ask(): void {
    const asked = [...this.streams.values()];
    asked.forEach((stream) => {
      stream.isConfirmed = false;
    });
    this.room.tell({ type: 'streams?' });
    this.later(ANSWER_MS, () => {
      for (const stream of asked.filter((one) => !one.isConfirmed)) {
        this.end(stream, { id: stream.id, status: 'failed' });
      }
    });
  }

  /** Has something ended where it is written; one that is not known here is asked for once. */
  stop(id: string, times = STOPS): void {
    this.room.tell({ type: 'stop', id });
    this.later(STOP_AGAIN_MS, () => {
      if (this.streams.has(id) && times > 1) {
        this.stop(id, times - 1);
      }
    });
  }

  /** Takes what another node says that it is writing. */
  learn(states: readonly StreamState[]): void {
    for (const state of states) {
      const known = this.streams.get(state.id);
      if (known && known.state.n >= state.n) {
        known.isConfirmed = true;
      } else {
        this.know(state);
        if (state.n > 0) {
          this.room.show(this.streams.get(state.id)!.snapshot(), false);
        }
      }
    }
  }

  /** Takes a frame that another node shows; answers whether it is to be shown here. */
  hear(frame: ServerFrame): boolean {
    switch (frame.event) {
      case 'ai.delta':
        return this.grow(frame.data);
      case 'ai.snapshot': {
        const stream = this.streams.get(frame.data.id);
        if (stream) {
          stream.state = { ...stream.state, n: frame.data.n, text: frame.data.text };
        }
        return true;
      }
      case 'ai.ended':
        this.streams.delete(frame.data.id);
        return true;
      default:
        return true;
    }
  }

  /** An entry has been taken: what it is the end of should say so, even when its node cannot. */
  follow({ event, kind, id, seq, data }: Entry): void {
    const stream = event === 'message.posted' && kind === 'ai' ? this.streams.get(id) : undefined;
    if (stream) {
      this.later(LAST_WORD_MS, () => this.end(stream, { id, seq, status: JSON.parse(data!).status }));
    }
  }

  close(): void {
    this.timers.forEach((timer) => clearTimeout(timer));
  }

  private know(state: StreamState): void {
    this.streams.set(state.id, new FarStream(state, (id) => this.stop(id)));
  }

  private grow({ id, n, text }: { id: string; n: number; text: string }): boolean {
    const stream = this.streams.get(id);
    if (stream?.state.n === n - 1) {
      stream.isConfirmed = true;
      stream.state = { ...stream.state, n, text: stream.state.text + text };
      return true;
    }
    if (!stream || stream.state.n < n) {
      this.room.tell({ type: 'streams?' });
    }
    return false;
  }

  private end(stream: FarStream, data: Extract<ServerFrame, { event: 'ai.ended' }>['data']): void {
    if (this.streams.get(stream.id) === stream) {
      this.streams.delete(stream.id);
      this.room.show({ event: 'ai.ended', data }, true);
    }
  }

  private later(ms: number, work: () => void): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      work();
    }, ms);
    this.timers.add(timer);
  }
}
