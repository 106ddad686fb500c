import { Injectable } from '@nestjs/common';

import { CloseCode } from '../protocol/close-codes.js';
import type { PresenceView } from '../protocol/views.js';
import { DomainError } from '../common/errors.js';
import { Metrics } from '../common/metrics.js';
import type { Entry } from './entry.entity.js';
import { logFrame } from './entry.presenter.js';
import { EntriesRepository } from './entries.repository.js';
import { LiveRoom } from './live-room.js';
import { RoomsRepository } from './rooms.repository.js';

/** How much of the log is read when a room opens, so that whoever joins after the first needs no query. */
const WARM_ENTRIES = 1024;
const LINGER_MS = 30_000;

/** The rooms that are open on this node. */
@Injectable()
export class LiveRooms {
  private readonly loaded = new Map<number, LiveRoom>();
  private readonly observers = new Set<(entries: readonly Entry[]) => void>();
  private readonly opening = new Map<number, { live: Promise<LiveRoom>; missed: Entry[] }>();

  constructor(
    private readonly rooms: RoomsRepository,
    private readonly entries: EntriesRepository,
    private readonly metrics: Metrics,
  ) {}

  /** The live room, made when it is not open yet. Throws `not-found`. */
  async open(roomId: number): Promise<LiveRoom> {
    const loaded = this.loaded.get(roomId);
    if (loaded) {
      return loaded;
    }
    let opening = this.opening.get(roomId);
    if (!opening) {
      // What is committed while the row is being read is kept, or the room would start without its newest entries.
      const missed: Entry[] = [];
      opening = { missed, live: this.load(roomId, missed).finally(() => this.opening.delete(roomId)) };
      this.opening.set(roomId, opening);
    }
    return opening.live;
  }

  /** Tells of everything that this node commits, of whatever rooms, each entry once. The observer must not throw. */
  observe(observer: (entries: readonly Entry[]) => void): void {
    this.observers.add(observer);
  }

  /** Hands committed entries, of whatever rooms, to those that are open. */
  committed(entries: Entry[]): void {
    const byRoom = new Map<number, Entry[]>();
    for (const entry of entries) {
      const own = byRoom.get(entry.roomId) ?? [];
      own.push(entry);
      byRoom.set(entry.roomId, own);
    }
    for (const [roomId, own] of byRoom) {
      this.loaded.get(roomId)?.apply(own);
      this.opening.get(roomId)?.missed.push(...own);
    }
    this.observers.forEach((observe) => observe(entries));
  }

  /** Drops a room that is no more, and sends everybody in it away. */
  remove(roomId: number): void {
    const live = this.loaded.get(roomId);
    this.loaded.delete(roomId);
    live?.sockets.forEach((socket) => socket.close(CloseCode.RoomGone));
    live?.close();
  }

  /** Takes a title that was not said in the log. */
  keepTitle(roomId: number, title: string): void {
    this.loaded.get(roomId)?.keepTitle(title);
  }

  presenceOf(roomId: number): PresenceView {
    return this.loaded.get(roomId)?.presence.view ?? { count: 0, sockets: 0 };
  }

  /** The oldest entries of a room are gone. */
  keepFrom(roomId: number, first: number): void {
    this.loaded.get(roomId)?.keepFrom(first);
  }

  /** Closes rooms that have been empty for a while, and counts those that are not. */
  sweep(now: number): void {
    let lagging = 0;
    for (const [roomId, live] of this.loaded) {
      lagging += live.channel.lagging;
      if (live.streams.size === 0 && live.emptySince !== null && now - live.emptySince > LINGER_MS) {
        this.loaded.delete(roomId);
        live.close();
      }
    }
    this.metrics.rooms.set(this.loaded.size);
    this.metrics.laggingSockets.set(lagging);
  }

  close(): void {
    for (const live of this.loaded.values()) {
      live.close();
    }
    this.loaded.clear();
  }

  private async load(roomId: number, missed: Entry[]): Promise<LiveRoom> {
    const row = await this.rooms.findById(roomId);
    if (!row) {
      throw new DomainError('not-found');
    }
    const read = async (from: number, limit: number) =>
      (await this.entries.from(roomId, from, limit)).map(logFrame);
    const live = new LiveRoom(row, read, this.metrics);
    live.channel.warm((await this.entries.before(roomId, row.head + 1, WARM_ENTRIES)).map(logFrame));
    this.loaded.set(roomId, live);
    live.apply(missed);
    return live;
  }
}
