import type { EntryFrame, PostedMessage } from '../protocol/frames.js';

/** A message as it stands now, after the edits and removals that follow it. */
export interface StandingMessage extends PostedMessage {
  changed?: true;
  /** It went with everything else: not even its place is shown. */
  cleared?: true;
}

/** What a page shows of a log, in order: messages, and the events that leave a line. */
export type StandingEntry =
  | { type: 'message'; message: StandingMessage }
  | { type: 'event'; entry: Exclude<EntryFrame, MessageEntry | PinEntry | DeletedEntry> };

type Changed = Extract<EntryFrame, { event: 'message.changed' }>['data'];
type MessageEntry = Extract<EntryFrame, { event: `message.${string}` }>;
type DeletedEntry = Extract<EntryFrame, { event: 'user.deleted' }>;
type PinEntry = Extract<EntryFrame, { event: 'room.pinned' | 'room.unpinned' }>;

/**
 * The entries of a page as they stand at its end. The log keeps what was said as it was said; edits and removals are entries
 * of their own that come later. Pure.
 */
export function foldEntries(entries: readonly EntryFrame[]): StandingEntry[] {
  const standing: StandingEntry[] = [];
  const messages = new Map<number, StandingMessage>();

  for (const entry of entries) {
    switch (entry.event) {
      case 'message.posted': {
        const message = { ...entry.data };
        messages.set(message.seq, message);
        standing.push({ type: 'message', message });
        break;
      }
      case 'message.removed':
        remove(messages.get(entry.data.target));
        break;
      case 'message.changed':
        change(messages.get(entry.data.target), entry.data);
        break;
      case 'message.restored':
        restore(messages.get(entry.data.target), entry.data.text);
        break;
      case 'message.withheld':
      case 'room.pinned':
      case 'room.unpinned':
      // What is read is without the name already.
      case 'user.deleted':
        break;
      case 'room.cleared':
        for (const message of messages.values()) {
          if (message.seq <= entry.data.upTo) {
            remove(message);
            message.cleared = true;
          }
        }
        standing.push({ type: 'event', entry });
        break;
      case 'user.sanctioned':
        for (const message of messages.values()) {
          if (entry.data.removed && message.author?.id === entry.data.user.id) {
            remove(message);
          }
        }
        standing.push({ type: 'event', entry });
        break;
      case 'room.changed':
      case 'room.poll-opened':
      case 'room.poll-closed':
      case 'user.role-changed':
        standing.push({ type: 'event', entry });
        break;
    }
  }
  return standing.filter((entry) => entry.type === 'event' || !entry.message.cleared);
}

function remove(message: StandingMessage | undefined): void {
  if (message) {
    message.text = null;
    message.removed = true;
  }
}

function change(message: StandingMessage | undefined, { text, ai }: Changed): void {
  if (message && !message.removed) {
    message.text = text;
    message.ai = ai ?? message.ai;
    message.changed = true;
  }
}

function restore(message: StandingMessage | undefined, text: string): void {
  if (message) {
    message.text = text;
    delete message.removed;
    delete message.cleared;
  }
}
