import type { EventSessionView } from '../../protocol/frames.js';
import type { EventSession } from './event-session.entity.js';

/** A session as the log says it; with `endedAt`, it is over. */
export function presentSession({
  id,
  title,
  startedAt,
  endedAt,
}: Pick<EventSession, 'id' | 'title' | 'startedAt' | 'endedAt'>): EventSessionView {
  return {
    id,
    title,
    startedAt: new Date(startedAt).toISOString(),
    ...(endedAt !== null && { endedAt: new Date(endedAt).toISOString() }),
  };
}

/** The entry that says it begins or ends is named by this, whoever asked for it. */
export const sessionNonce = (id: string, what: 'start' | 'end') => `session-${id}-${what}`;

/** A session, and where the chat that viewers have begins. */
export interface ShownSession {
  readonly session: EventSessionView;
  readonly firstSeq: number;
  /** The entry that ended it; null: none yet. */
  readonly lastSeq: number | null;
}

/** The newest sessions of a room, the newest last: with a delay, viewers may still be in the one before. */
export type RoomSessions = readonly ShownSession[];

const KEPT = 2;

/** As they are read when a room opens. */
export function roomSessions(newestFirst: readonly EventSession[]): RoomSessions {
  return newestFirst
    .slice(0, KEPT)
    .flatMap((session) =>
      session.firstSeq === null
        ? []
        : [{ session: presentSession(session), firstSeq: session.firstSeq, lastSeq: session.lastSeq }],
    )
    .toReversed();
}

/** What an entry of the log makes of them: each is taken once, whether or not it had been read already. */
export function followSession(sessions: RoomSessions, session: EventSessionView, seq: number): RoomSessions {
  const known = sessions.find((shown) => shown.session.id === session.id);
  if (session.endedAt === undefined) {
    return known ? sessions : [...sessions, { session, firstSeq: seq, lastSeq: null }].slice(-KEPT);
  }
  return sessions.map((shown) => (shown === known ? { ...shown, session, lastSeq: seq } : shown));
}

/** The session of whoever has seen the log up to a head; null where there has been none. */
export function sessionAt(sessions: RoomSessions, head: number): ShownSession | null {
  const shown = sessions.findLast(({ firstSeq }) => firstSeq <= head) ?? null;
  if (!shown || shown.lastSeq === null || shown.lastSeq <= head) {
    return shown;
  }
  const { endedAt: _, ...session } = shown.session;
  return { ...shown, session, lastSeq: null };
}
