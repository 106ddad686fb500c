import type { EntryFrame, ServerFrame } from '../../../src/protocol/frames.js';

/** One entry as the database has it. */
export interface StoredRow {
  readonly seq: number;
  readonly id: string;
  readonly event: string;
  readonly authorId: string | null;
  readonly nonce: string | null;
  readonly text: string | null;
  readonly target: number | null;
  readonly removedBy: number | null;
  /** What the event says besides, as JSON. */
  readonly data: string | null;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** What one client did and saw. Ticks count the events of all clients of a recording, in the order they happened. */
export interface ClientLog {
  readonly name: string;
  readonly userId: string | null;
  /** Frames may have been taken out on its way, so that its sockets may have holes. */
  readonly lossy: boolean;
  /** One for each socket: the seqs that were pushed (replayed or live, not asked for), and whatever else came. */
  readonly sockets: readonly {
    readonly pushed: readonly number[];
    readonly others: readonly ServerFrame[];
  }[];
  /** What it applied by the client rule; another segment begins with each snapshot. */
  readonly segments: readonly Segment[];
  /** The first sending of each nonce. */
  readonly sends: readonly { readonly nonce: string; readonly tick: number }[];
  readonly acks: readonly {
    readonly nonce: string;
    readonly seq: number;
    readonly dup: boolean;
    readonly tick: number;
  }[];
  /** Nonces that were refused at least once, and so may have been overtaken. */
  readonly refused: ReadonlySet<string>;
}

export interface Segment {
  readonly epoch: string;
  /** The seq that was to be applied first. */
  readonly start: number;
  readonly applied: readonly EntryFrame[];
}

/** A scenario when all is quiet again: every client has come back and has had time to catch up. */
export interface Recording {
  readonly epoch: string;
  /** The room's log, ascending. */
  readonly rows: readonly StoredRow[];
  readonly clients: readonly ClientLog[];
}

/** Events that only mention an entry. */
const MENTIONS = ['ack', 'live', 'ai.ended'];

/** Every way in which a recording breaks what the protocol promises; empty when it keeps all. */
export function broken(recording: Recording): string[] {
  return [
    ackedIsStored,
    logIsDense,
    everybodyIsComplete,
    everybodySawTheSame,
    noNonceTwice,
    noSocketIsPushedTwice,
    sendersKeepTheirOrder,
    acknowledgedComesBefore,
    bannedIsSilent,
    ephemeralHasNoPlace,
  ].flatMap((check) => check(recording));
}

/** I1: an acknowledged nonce is in the log, at the acknowledged place, in its sender's name. */
export function ackedIsStored({ rows, clients }: Recording): string[] {
  const at = new Map(rows.map((row) => [row.seq, row]));
  return clients.flatMap(({ name, userId, acks }) =>
    acks
      .filter(({ nonce, seq }) => at.get(seq)?.nonce !== nonce || at.get(seq)?.authorId !== userId)
      .map(({ nonce, seq }) => `I1 ${name}: ${nonce} was acked at ${seq}, where ${at.get(seq)?.nonce} is`),
  );
}

/** I2: seqs are dense. The first may be gone: old entries are allowed to be deleted. */
export function logIsDense({ rows }: Recording): string[] {
  const first = rows[0]?.seq ?? 1;
  return rows
    .filter(({ seq }, index) => seq !== first + index)
    .slice(0, 1)
    .map(({ seq }) => `I2 the log has a hole or a double before ${seq}`);
}

/** I3: what a client applied since its last snapshot is consecutive, from its start to the head. */
export function everybodyIsComplete({ epoch, rows, clients }: Recording): string[] {
  const head = rows.at(-1)?.seq ?? 0;
  return clients.flatMap(({ name, segments }) => {
    const faults = segments.flatMap(({ start, applied }) =>
      applied
        .filter(({ data }, index) => data.seq !== start + index)
        .slice(0, 1)
        .map(({ data }) => `I3 ${name}: ${data.seq} was applied out of turn`),
    );
    const last = segments.at(-1);
    const end = last ? last.start + last.applied.length - 1 : null;
    if (last?.epoch !== epoch) {
      return [...faults, `I3 ${name}: ended in the log ${last?.epoch}, and there is ${epoch}`];
    }
    return end === head ? faults : [...faults, `I3 ${name}: ended at ${end}, and the head is ${head}`];
  });
}

/** I4: the same seq is the same entry for everybody and in the database, but for texts that were removed since. */
export function everybodySawTheSame({ epoch, rows, clients }: Recording): string[] {
  const at = new Map(rows.map((row) => [row.seq, row]));
  return clients.flatMap(({ name, segments }) =>
    segments
      .filter((segment) => segment.epoch === epoch)
      .flatMap(({ applied }) => applied)
      .filter((frame) => !tellsOf(frame, at.get(frame.data.seq)))
      .map((frame) => `I4 ${name}: saw ${JSON.stringify(frame)}, and the log has another`),
  );
}

function tellsOf(frame: EntryFrame, row: StoredRow | undefined): boolean {
  if (!row) {
    return false;
  }
  if (frame.event === 'message.withheld') {
    return row.removedBy !== null || row.event !== 'message.posted';
  }
  if (frame.event !== row.event) {
    return false;
  }
  switch (frame.event) {
    case 'message.posted': {
      const { id, nonce = null, text, removed } = frame.data;
      const isSame = id === row.id && nonce === row.nonce;
      return isSame && (text === row.text || (text === null && removed === true && row.removedBy !== null));
    }
    case 'message.changed':
      return frame.data.target === row.target && frame.data.text === row.text;
    case 'message.removed':
      return frame.data.target === row.target;
    default:
      return true;
  }
}

/** I5: one person's nonce is stored once. */
export function noNonceTwice({ rows }: Recording): string[] {
  const seen = new Set<string>();
  return rows.flatMap(({ authorId, nonce, seq }) => {
    const key = `${authorId} ${nonce}`;
    const isDouble = nonce !== null && seen.has(key);
    seen.add(key);
    return isDouble ? [`I5 the nonce ${nonce} was stored again at ${seq}`] : [];
  });
}

/** I6: no socket is pushed an entry twice, nor out of order, nor past a hole, unless the way lost it. */
export function noSocketIsPushedTwice({ clients }: Recording): string[] {
  return clients.flatMap(({ name, lossy, sockets }) =>
    sockets.flatMap(({ pushed }, socket) =>
      pushed
        .filter((seq, index) => {
          const step = index === 0 ? 1 : seq - pushed[index - 1]!;
          return lossy ? step < 1 : step !== 1;
        })
        .slice(0, 1)
        .map((seq) => `I6 ${name}: its socket ${socket} was pushed ${seq} out of turn`),
    ),
  );
}

/** I7: what a person sent one after the other stands in that order. */
export function sendersKeepTheirOrder({ rows, clients }: Recording): string[] {
  const seqOf = seqByNonce(rows);
  return clients.flatMap(({ name, userId, sends, refused }) => {
    let last = 0;
    return sends
      .filter(({ nonce }) => !refused.has(nonce))
      .flatMap(({ nonce }) => {
        const seq = seqOf.get(`${userId} ${nonce}`);
        if (seq === undefined) {
          return [];
        }
        const isBehind = seq < last;
        last = Math.max(last, seq);
        return isBehind ? [`I7 ${name}: ${nonce} at ${seq} was overtaken`] : [];
      });
  });
}

/** I8: what was acknowledged before something was sent stands before it, whoever sent either. */
export function acknowledgedComesBefore({ rows, clients }: Recording): string[] {
  const seqOf = seqByNonce(rows);
  const events = clients
    .flatMap(({ userId, sends, acks }) => [
      ...acks.map(({ tick, seq, nonce }) => ({ tick, acked: seq, stored: null, nonce })),
      ...sends.map(({ tick, nonce }) => ({
        tick,
        acked: null,
        stored: seqOf.get(`${userId} ${nonce}`) ?? null,
        nonce,
      })),
    ])
    .sort((a, b) => a.tick - b.tick);
  let acked = 0;
  return events.flatMap((event) => {
    acked = Math.max(acked, event.acked ?? 0);
    return event.stored !== null && event.stored <= acked
      ? [`I8 ${event.nonce} is at ${event.stored}, and ${acked} was acked before it was sent`]
      : [];
  });
}

/** I9: nobody's message stands behind their ban, nor within their time-out. */
export function bannedIsSilent({ rows }: Recording): string[] {
  const silenced = new Map<string, number>();
  return rows.flatMap((row) => {
    if (row.event === 'user.sanctioned' && row.data !== null) {
      const { user, action, until } = JSON.parse(row.data) as Sanction;
      if (action === 'lift') {
        silenced.delete(user.id);
      } else {
        silenced.set(user.id, until === undefined ? Infinity : Date.parse(until));
      }
    }
    const end = row.event === 'message.posted' ? silenced.get(row.authorId ?? '') : undefined;
    return end !== undefined && row.at < end ? [`I9 ${row.seq} is of somebody who was silenced`] : [];
  });
}

interface Sanction {
  user: { id: string };
  action: 'timeout' | 'ban' | 'lift';
  until?: string;
}

/** I10: what passes has no place in the log. */
export function ephemeralHasNoPlace({ clients }: Recording): string[] {
  return clients.flatMap(({ name, sockets }) =>
    sockets
      .flatMap(({ others }) => others)
      .filter(({ event, data }) => !MENTIONS.includes(event) && 'seq' in data)
      .map(({ event }) => `I10 ${name}: ${event} came with a seq`),
  );
}

function seqByNonce(rows: readonly StoredRow[]): Map<string, number> {
  return new Map(rows.map(({ authorId, nonce, seq }) => [`${authorId} ${nonce}`, seq]));
}
