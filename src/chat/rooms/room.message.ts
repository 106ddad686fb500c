import type { ServerFrame } from '../../protocol/frames.js';
import type { Entry } from '../messages/entry.entity.js';

/** Something that is being written, as far as it has come. */
export interface StreamState {
  readonly id: string;
  readonly requesterId: string;
  readonly replyTo: number;
  /** The number of the last delta, and the text up to it. */
  readonly n: number;
  readonly text: string;
}

/** What the nodes tell each other about a room, on its topic. */
export type RoomMessage =
  /** Committed just now, in order. */
  | { readonly type: 'entries'; readonly entries: readonly Entry[] }
  /** For everybody, in its place among the entries. */
  | { readonly type: 'aside'; readonly frame: ServerFrame; readonly after: number; readonly lasting: boolean }
  /** For whoever keeps up. */
  | { readonly type: 'passing'; readonly frame: ServerFrame }
  /** For the staff who are there, but for one of them. */
  | { readonly type: 'staff'; readonly frame: ServerFrame; readonly except?: string }
  /** For one person who is there. */
  | { readonly type: 'person'; readonly userId: string; readonly frame: ServerFrame }
  /** Tells somebody that what they said will not be posted. */
  | { readonly type: 'denied'; readonly userId: string; readonly nonce: string }
  /** What this node is writing; asked for, or because it has begun. */
  | { readonly type: 'streams'; readonly streams: readonly StreamState[] }
  | { readonly type: 'streams?' }
  /** Whoever writes this is to end it with what there is. */
  | { readonly type: 'stop'; readonly id: string };

export const topicOf = (roomId: number) => `room:${roomId}`;
