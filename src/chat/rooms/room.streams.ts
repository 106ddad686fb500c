import type { ServerFrame } from '../../protocol/frames.js';
import type { Viewer } from '../../common/viewer.js';
import type { Entry } from '../messages/entry.entity.js';
import { FarStreams } from './far-streams.js';
import type { RoomMessage, StreamState } from './room.message.js';

/** Something that is being written before everybody's eyes, and becomes an entry when it is done. */
export interface Stream {
  /** The id of the message it becomes. */
  readonly id: string;
  /** Whether whoever comes late is shown it; before that it has nothing for others. */
  readonly isShown: boolean;
  /** Who asked for it. */
  readonly requesterId: string;
  /** All there is so far, for whoever comes late or fell behind. */
  snapshot(): ServerFrame;
  /** Ends it with what there is. */
  stop(reason: 'stopped'): void;
  /** The same for whoever may. Throws `auth.forbidden` unless the viewer asked for it or is staff. */
  stopBy(viewer: Viewer): void;
}

/** What is being written in a room now: here, and on other nodes as far as they have said so. */
export class RoomStreams {
  private readonly own = new Set<Stream>();
  private readonly far: FarStreams;

  constructor(
    private readonly tell: (message: RoomMessage) => void,
    show: (frame: ServerFrame, lasting: boolean) => void,
  ) {
    this.far = new FarStreams({ tell, show });
  }

  /** Takes one that is written on this node. */
  add(stream: Stream): void {
    this.own.add(stream);
  }

  delete(stream: Stream): void {
    this.own.delete(stream);
  }

  /** Whether something is being written on this node. */
  get isWriting(): boolean {
    return this.own.size > 0;
  }

  find(id: string): Stream | undefined {
    return [...this.own].find((stream) => stream.id === id) ?? this.far.get(id);
  }

  /** What whoever comes late is to be shown. */
  snapshots(): ServerFrame[] {
    return [...this.own, ...this.far.all()].filter(({ isShown }) => isShown).map((one) => one.snapshot());
  }

  /** Asks the other nodes what they are writing: for a room that has just been opened, or was cut off. */
  ask(): void {
    this.far.ask();
  }

  /** Has something ended that is not written here; whoever asks for it must be allowed to. */
  stopElsewhere(id: string): void {
    this.far.stop(id);
  }

  /** Tells the other nodes how far those that are written here have come; only the one, when its id is given. */
  tellOwn(only?: string): void {
    const streams = [...this.own].flatMap((stream) => stateOf(stream, only));
    if (streams.length > 0) {
      this.tell({ type: 'streams', streams });
    }
  }

  /** Takes a frame that is shown in the room, from here or from another node; answers whether it is to be shown here. */
  hear(frame: ServerFrame): boolean {
    return this.far.hear(frame);
  }

  /** Takes what another node says that it is writing. */
  learn(states: readonly StreamState[]): void {
    this.far.learn(states);
  }

  /** Ends one of this node with what there is, because another node asks for it. */
  stopOwn(id: string): void {
    [...this.own].find((stream) => stream.id === id)?.stop('stopped');
  }

  /** An entry has been taken: it may be what a stream has become. */
  follow(entry: Entry): void {
    this.far.follow(entry);
  }

  close(): void {
    this.far.close();
  }
}

function stateOf(stream: Stream, only: string | undefined): StreamState[] {
  const { event, data } = stream.snapshot();
  if (event !== 'ai.snapshot' || (only ?? data.id) !== data.id || data.replyTo === undefined) {
    return [];
  }
  const { id, replyTo, n, text } = data;
  return [{ id, requesterId: stream.requesterId, replyTo, n, text }];
}
