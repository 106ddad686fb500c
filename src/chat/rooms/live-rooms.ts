import { Injectable } from '@nestjs/common';

import { CloseCode } from '../../protocol/close-codes.js';
import type { ServerFrame } from '../../protocol/frames.js';
import type { PresenceView } from '../../protocol/views.js';
import { Clock } from '../../common/clock.js';
import { DomainError } from '../../common/errors.js';
import { Metrics } from '../../common/metrics.js';
import { Bus, type Unsubscribe } from '../../realtime/bus/bus.js';
import { Census, type Counted } from '../../realtime/cluster/census.js';
import type { Entry } from '../messages/entry.entity.js';
import { logFrame } from '../messages/entry.presenter.js';
import { EntriesRepository } from '../messages/entries.repository.js';
import { EmotesRepository } from '../emotes/emotes.repository.js';
import { roomEmotes } from '../emotes/room-emotes.js';
import type { OpenPoll } from '../polls/open-poll.js';
import { openingNonce } from '../polls/poll.nonces.js';
import { PollsRepository } from '../polls/polls.repository.js';
import { EventSessionsRepository } from '../sessions/event-sessions.repository.js';
import { roomSessions, sessionNonce, type RoomSessions } from '../sessions/room-sessions.js';
import { SERVER } from '../log/draft.js';
import { LiveRoom } from './live-room.js';
import { pinFrom, type Pin } from './pin.js';
import type { Room } from './room.entity.js';
import { topicOf, type RoomMessage } from './room.message.js';
import { RoomsRepository, type RoomStanding } from './rooms.repository.js';

/** How much of the log is read when a room opens, so that whoever joins after the first needs no query. */
const WARM_ENTRIES = 1024;
const LINGER_MS = 30_000;

/** The rooms that are open on this node, and what the nodes tell each other about them. */
@Injectable()
export class LiveRooms {
  private readonly loaded = new Map<number, LiveRoom>();
  private readonly bySlug = new Map<string, LiveRoom>();
  /** What each of them hears from other nodes. */
  private readonly ears = new Map<number, Unsubscribe>();
  private readonly observers = new Set<(entries: readonly Entry[]) => void>();
  private readonly followers = new Set<(entry: Entry) => void>();
  private missed: () => void = () => undefined;
  private readonly opening = new Map<number, { live: Promise<LiveRoom>; missed: Entry[] }>();

  constructor(
    private readonly rooms: RoomsRepository,
    private readonly entries: EntriesRepository,
    private readonly emotes: EmotesRepository,
    private readonly sessions: EventSessionsRepository,
    private readonly polls: PollsRepository,
    private readonly bus: Bus,
    private readonly census: Census,
    private readonly metrics: Metrics,
    private readonly clock: Clock,
  ) {
    census.countIn(() => this.counted());
  }

  /** Of those that are open. */
  get ids(): number[] {
    return [...this.loaded.keys()];
  }

  /** The live room, made when it is not open yet. Throws `not-found`. */
  async open(roomId: number): Promise<LiveRoom> {
    const loaded = this.loaded.get(roomId);
    if (loaded) {
      // Whoever is about to come in is given time to: only then does the room have a socket.
      loaded.emptySince &&= performance.now();
      return loaded;
    }
    let opening = this.opening.get(roomId);
    if (!opening) {
      // What is committed while the row is being read is kept, or the room would start without its newest entries.
      const missed: Entry[] = [];
      const live = this.load(roomId, missed).finally(() => {
        this.opening.delete(roomId);
        if (!this.loaded.has(roomId)) {
          this.drop(roomId, CloseCode.RoomGone);
        }
      });
      opening = { missed, live };
      this.opening.set(roomId, opening);
      this.listen(roomId);
    }
    return opening.live;
  }

  /** The room if it is open on this node. */
  at(roomId: number): LiveRoom | undefined {
    return this.loaded.get(roomId);
  }

  /** The row of an everybody's room that is open already; with it, coming in takes no query. */
  shared(slug: string): Room | undefined {
    const room = this.bySlug.get(slug)?.room;
    return room?.ownerId === null ? room : undefined;
  }

  /** Tells of everything that this node commits, of whatever rooms, each entry once. The observer must not throw. */
  observe(observer: (entries: readonly Entry[]) => void): void {
    this.observers.add(observer);
  }

  /**
   * Tells of the entries of rooms that are open here, whichever node committed them: each once, in the order of its
   * room. The follower must not throw.
   */
  follow(follower: (entry: Entry) => void): void {
    this.followers.add(follower);
  }

  /** Calls back when other nodes' messages may have been missed. */
  onMissed(callback: () => void): void {
    this.missed = callback;
  }

  /** Hands committed entries, of whatever rooms, to those that are open, here and on other nodes. */
  committed(entries: Entry[]): void {
    const byRoom = new Map<number, Entry[]>();
    for (const entry of entries) {
      const own = byRoom.get(entry.roomId) ?? [];
      own.push(entry);
      byRoom.set(entry.roomId, own);
    }
    for (const [roomId, own] of byRoom) {
      this.apply(roomId, own);
      this.tell(roomId, { type: 'entries', entries: own });
    }
    this.observers.forEach((observe) => observe(entries));
  }

  /**
   * Shows the staff of a room, on whatever node they are, a frame that is for them alone. Nobody comes back for it: who
   * has just connected asks what there is. `except` is not shown it, staff or not.
   */
  tellStaff(roomId: number, frame: ServerFrame, except?: string): void {
    this.loaded.get(roomId)?.sockets.sendStaff(frame, except);
    this.tell(roomId, { type: 'staff', frame, ...(except !== undefined && { except }) });
  }

  /** The same in every room where a person has a socket on this node. */
  tellStaffAround(userId: string, frame: ServerFrame): void {
    for (const [id, live] of this.loaded) {
      if (live.room.kind !== 'assistant' && live.sockets.of(userId).length > 0) {
        this.tellStaff(id, frame);
      }
    }
  }

  /** Drops a room that is no more, and sends everybody in it away. */
  remove(roomId: number): void {
    this.drop(roomId, CloseCode.RoomGone);
  }

  /** Takes what the database says now of rooms that were open when it was asked. */
  compare(asked: readonly number[], rows: readonly RoomStanding[]): void {
    const standing = new Map(rows.map((row) => [row.id, row]));
    for (const id of asked) {
      const live = this.loaded.get(id);
      const row = standing.get(id);
      if (live && !row) {
        this.remove(id);
      } else if (live && row && live.room.epoch !== row.epoch) {
        this.drop(id, CloseCode.LogReplaced);
      } else if (live && row) {
        live.keepUp(row);
      }
    }
  }

  /** Takes a title that was not said in the log. */
  keepTitle(roomId: number, title: string): void {
    this.loaded.get(roomId)?.keepTitle(title);
  }

  presenceOf(roomId: number): PresenceView {
    const live = this.loaded.get(roomId);
    if (live) {
      return live.presence.view;
    }
    const { people, guests, sockets, approx } = this.census.elsewhere(roomId);
    return { count: people + guests, sockets, ...(approx && { approx }) };
  }

  /** The oldest entries of a room are gone. */
  keepFrom(roomId: number, first: number): void {
    this.loaded.get(roomId)?.keepFrom(first);
  }

  /** Closes rooms that have been empty for a while, and counts those that are not. */
  sweep(now: number): void {
    let lagging = 0;
    for (const live of this.loaded.values()) {
      lagging += live.lagging;
      live.sweep();
      if (!live.streams.isWriting && live.emptySince !== null && now - live.emptySince > LINGER_MS) {
        this.drop(live.room.id, CloseCode.RoomGone);
      }
    }
    this.metrics.rooms.set(this.loaded.size);
    this.metrics.laggingSockets.set(lagging);
  }

  close(): void {
    this.ids.forEach((id) => this.drop(id, CloseCode.Restart));
  }

  /** The rooms that people are counted in; in a conversation with the AI there is one. */
  private *counted(): Generator<Counted> {
    for (const [id, { room, presence }] of this.loaded) {
      if (room.kind !== 'assistant') {
        yield {
          id,
          guests: presence.guests,
          sockets: presence.sockets,
          elsewhere: presence.elsewhere,
          people: () => presence.people(),
          hear: (elsewhere) => presence.hear(elsewhere),
        };
      }
    }
  }

  private drop(roomId: number, code: CloseCode): void {
    const live = this.loaded.get(roomId);
    this.loaded.delete(roomId);
    this.ears.get(roomId)?.();
    this.ears.delete(roomId);
    if (live) {
      this.bySlug.delete(live.room.slug);
      for (const socket of live.sockets) {
        socket.close(code);
      }
      live.close();
    }
  }

  private apply(roomId: number, entries: readonly Entry[]): void {
    this.loaded.get(roomId)?.apply(entries);
    this.opening.get(roomId)?.missed.push(...entries);
  }

  private tell(roomId: number, message: RoomMessage): void {
    this.bus.publish(topicOf(roomId), message);
  }

  private listen(roomId: number): void {
    const hear = (message: RoomMessage) => {
      if (message.type === 'entries') {
        this.apply(roomId, message.entries);
      } else {
        this.loaded.get(roomId)?.hear(message);
      }
    };
    const ear = this.bus.subscribe<RoomMessage>(topicOf(roomId), hear, () => {
      this.loaded.get(roomId)?.streams.ask();
      this.missed();
    });
    this.ears.get(roomId)?.();
    this.ears.set(roomId, ear);
  }

  /** What is on top of a room, as it reads now; nothing once it is too old to be kept. */
  private async pinOf({ id, pinned }: Room, upTo = Infinity): Promise<Pin | null> {
    const entry = pinned === null || pinned > upTo ? null : await this.entries.findOne(id, pinned);
    const about = entry ? await this.entries.about(id, entry.target!) : [];
    return (
      entry &&
      pinFrom(
        entry,
        about.filter(({ seq }) => seq <= upTo),
      )
    );
  }

  /**
   * Where those stand who are shown a room late, as far as is known without having been there: what is younger than the
   * delay waits, also what was said before that was set.
   */
  private async startLate(live: LiveRoom, row: Room, newest: readonly Entry[]): Promise<void> {
    const { delay } = live.settings;
    if (delay > 0) {
      const before = this.clock.now() - delay * 1000;
      const out =
        newest.findLast(({ at }) => at <= before) ?? (await this.entries.newestBefore(row.id, before));
      const head = out?.seq ?? row.first - 1;
      live.startLate({ head, pin: await this.pinOf(row, head) });
    }
  }

  /** What a room is being asked, as far as its log says. */
  private async pollOf({ id }: Room): Promise<OpenPoll | null> {
    const poll = await this.polls.unfinishedIn(id);
    if (!poll) {
      return null;
    }
    const { openedSeq } = poll;
    const entry = await (openedSeq === null
      ? this.entries.findByNonce(id, poll.byId, openingNonce(poll))
      : this.entries.findOne(id, openedSeq));
    return entry?.event === 'room.poll-opened' ? entry : null;
  }

  /** The newest events of a room. The log says so before their rows do, so that of an unfinished one it is asked. */
  private async sessionsOf(roomId: number): Promise<RoomSessions> {
    const open = await this.sessions.unfinished(roomId);
    const kept = await this.sessions.ofRoom(roomId, 2);
    if (!open) {
      return roomSessions(kept);
    }
    const seqOf = async (what: 'start' | 'end') =>
      (await this.entries.findByNonce(roomId, SERVER.id, sessionNonce(open.id, what)))?.seq ?? null;
    const firstSeq = open.firstSeq ?? (await seqOf('start'));
    const present = { ...open, firstSeq, lastSeq: await seqOf('end') };
    return roomSessions([present, ...kept.filter(({ id }) => id !== open.id)]);
  }

  private async load(roomId: number, missed: Entry[]): Promise<LiveRoom> {
    const row = await this.rooms.findById(roomId);
    if (!row) {
      throw new DomainError('not-found');
    }
    const read = async (from: number, limit: number) => {
      this.metrics.logReads.inc();
      return (await this.entries.from(roomId, from, limit)).map(logFrame);
    };
    const known = {
      moderators: await this.rooms.moderatorIds(roomId),
      pin: await this.pinOf(row),
      poll: await this.pollOf(row),
      emotes: roomEmotes(await this.emotes.ofRoom(roomId)),
      sessions: await this.sessionsOf(roomId),
    };
    const live = new LiveRoom(row, known, read, this.metrics, {
      tell: (message) => this.tell(roomId, message),
      follow: (entry) => this.followers.forEach((follow) => follow(entry)),
      now: () => this.clock.now(),
    });
    const newest = await this.entries.before(roomId, row.head + 1, WARM_ENTRIES);
    live.channel.warm(newest.map(logFrame));
    await this.startLate(live, row, newest);
    this.loaded.set(roomId, live);
    this.bySlug.set(row.slug, live);
    live.apply(missed);
    live.streams.ask();
    return live;
  }
}
