import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';

import type { ReactionCounts } from '../../protocol/frames.js';
import type { Reaction } from '../../protocol/views.js';
import { Clock } from '../../common/clock.js';
import { DomainError } from '../../common/errors.js';
import { Paced } from '../../common/paced.js';
import { speakerOf, type Viewer } from '../../common/viewer.js';
import { Bus } from '../../realtime/bus/bus.js';
import { SharedWindows, type SharedWindow } from '../../realtime/cluster/shared.window.js';
import type { LiveRoom } from '../rooms/live-room.js';
import { LiveRooms } from '../rooms/live-rooms.js';
import { ageRefusal } from '../rooms/room.policy.js';

/** How often at most the people of a room are told what others feel. */
export const REACTIONS_EVERY_MS = 500;
/** Of one person over all nodes, in any two seconds. */
export const REACTIONS_AT_ONCE = 10;
export const REACTIONS_WINDOW_MS = 2000;
const TOPIC = 'reactions';

interface Felt {
  readonly roomId: number;
  readonly counts: ReactionCounts;
}

/**
 * What people feel, in passing: counted, shown to whoever keeps up, and forgotten. Nothing of it is stored, and nothing of
 * the database is read for it. Each node counts what it has heard, from its own people and in bundles from the others.
 */
@Injectable()
export class Reactions implements OnModuleDestroy {
  private readonly sent: SharedWindow;
  private readonly toShow = new Map<number, ReactionCounts>();
  private readonly toTell = new Map<number, ReactionCounts>();
  private readonly showing = new Paced<number>(REACTIONS_EVERY_MS, (roomId) => this.show(roomId));
  private readonly telling = new Paced<number>(REACTIONS_EVERY_MS, (roomId) => this.tell(roomId));

  constructor(
    private readonly live: LiveRooms,
    private readonly bus: Bus,
    private readonly clock: Clock,
    windows: SharedWindows,
  ) {
    this.sent = windows.make('reactions', () => REACTIONS_AT_ONCE, REACTIONS_WINDOW_MS);
    bus.subscribe<Felt>(TOPIC, ({ roomId, counts }) => {
      if (this.live.at(roomId)) {
        add(this.toShow, roomId, counts);
        this.showing.ask(roomId);
      }
    });
  }

  onModuleDestroy(): void {
    this.showing.close();
    this.telling.close();
  }

  /**
   * Takes one reaction. Throws `reactions.off`, `rate.limited`, and what keeps this person from writing in the room. Of who is
   * hidden nothing is shown, and nobody tells them.
   */
  async react(viewer: Viewer, live: LiveRoom, reaction: Reaction): Promise<void> {
    const account = speakerOf(viewer);
    if (account === null) {
      throw new DomainError('auth.required');
    }
    const { settings, room } = live;
    if (!settings.reactions) {
      throw new DomainError('reactions.off');
    }
    if (account.guest && !settings.guests) {
      throw new DomainError('room.members-only');
    }
    if (room.archived) {
      throw new DomainError('room.read-only');
    }
    const now = this.clock.now();
    const refusal = live.silences.refusal(account.id, now) ?? ageRefusal(account, settings, now);
    if (refusal) {
      throw refusal;
    }
    const wait = await this.sent.take(account.id);
    if (wait > 0) {
      throw new DomainError('rate.limited', { retryAfterMs: wait });
    }
    if (account.role === 'user' && live.silences.hides(account.id)) {
      return;
    }
    const one = { [reaction]: 1 };
    add(this.toShow, room.id, one);
    add(this.toTell, room.id, one);
    this.showing.ask(room.id);
    this.telling.ask(room.id);
  }

  @Interval(60_000)
  sweep(): void {
    this.sent.sweep();
  }

  private show(roomId: number): void {
    const counts = take(this.toShow, roomId);
    if (counts) {
      this.live.at(roomId)?.showPassing({ event: 'reactions', data: { counts } });
    }
  }

  private tell(roomId: number): void {
    const counts = take(this.toTell, roomId);
    if (counts) {
      this.bus.publish(TOPIC, { roomId, counts } satisfies Felt);
    }
  }
}

function add(sums: Map<number, ReactionCounts>, roomId: number, counts: ReactionCounts): void {
  const sum = { ...sums.get(roomId) };
  for (const [name, count] of Object.entries(counts)) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of counts are reactions.
    const reaction = name as Reaction;
    sum[reaction] = (sum[reaction] ?? 0) + count;
  }
  sums.set(roomId, sum);
}

function take(sums: Map<number, ReactionCounts>, roomId: number): ReactionCounts | undefined {
  const counts = sums.get(roomId);
  sums.delete(roomId);
  return counts;
}
