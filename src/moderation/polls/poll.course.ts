import { randomUUID } from 'node:crypto';

import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';

import { Clock } from '../../common/clock.js';
import { Draining } from '../../common/draining.js';
import { Paced } from '../../common/paced.js';
import { refusalOf, type Actor, type OpenPollDraft } from '../../chat/log/draft.js';
import { LogWriter } from '../../chat/log/log.writer.js';
import { askedIn } from '../../chat/polls/open-poll.js';
import { closingNonce, openingNonce } from '../../chat/polls/poll.nonces.js';
import type { Poll } from '../../chat/polls/poll.entity.js';
import { PollTally } from '../../chat/polls/poll.tally.js';
import { PollsRepository } from '../../chat/polls/polls.repository.js';
import { LiveRooms } from '../../chat/rooms/live-rooms.js';
import { Bus } from '../../realtime/bus/bus.js';

/** How often at most the people of a room are told how its poll stands. */
export const COUNTS_EVERY_MS = 500;
const LOOK_EVERY_MS = 1000;
/** So long whoever opens or closes a poll is left to it; then others see it through. */
const STUCK_MS = 10_000;
/** Polls and votes are kept so long; the result stays in the log. */
const KEPT_MS = 30 * 24 * 60 * 60_000;
const TOPIC = 'polls';
/** The server itself, which no sanction concerns. */
const NOBODY: Actor = { id: '', nickname: '', role: 'ai' };

interface Voted {
  readonly roomId: number;
}

/**
 * What becomes of a poll once it is a row: the log says that it is open, people are told how it stands, and the log says how
 * it ended. Each step may be done again, on any node and after a crash, and is in the log once.
 */
@Injectable()
export class PollCourse implements OnModuleDestroy {
  private readonly logger = new Logger('Polls');
  /** Shows the people of this node how the poll of a room stands. */
  private readonly showing = new Paced<number>(COUNTS_EVERY_MS, (roomId) => this.show(roomId));
  /** Tells the other nodes that somebody has voted here. */
  private readonly telling = new Paced<number>(COUNTS_EVERY_MS, (roomId) =>
    this.bus.publish(TOPIC, { roomId } satisfies Voted),
  );
  private isLooking = false;

  constructor(
    private readonly polls: PollsRepository,
    private readonly tally: PollTally,
    private readonly log: LogWriter,
    private readonly live: LiveRooms,
    private readonly bus: Bus,
    private readonly draining: Draining,
    private readonly clock: Clock,
  ) {
    bus.subscribe<Voted>(TOPIC, ({ roomId }) => this.showing.ask(roomId));
  }

  onModuleDestroy(): void {
    this.showing.close();
    this.telling.close();
  }

  /** Has the log say that it is open. Throws what the log refuses it with; then it never was. */
  async open(poll: Poll): Promise<Poll> {
    const { id, roomId, question, choices, closesAt, byId, byName, byRole, byAddress } = poll;
    const draft: OpenPollDraft = {
      type: 'poll-open',
      roomId,
      id: randomUUID(),
      actor: { id: byId, nickname: byName, role: byRole },
      from: byAddress,
      nonce: openingNonce(poll),
      poll: { id, question, choices, closesAt },
    };
    const outcome = await this.log.append(draft);
    if (outcome.status === 'refused') {
      await this.polls.delete(id);
      throw refusalOf(outcome);
    }
    if (outcome.status !== 'stored' && outcome.status !== 'dup') {
      throw new Error(`A poll was ${outcome.status}.`);
    }
    const { seq: openedSeq, at } = outcome.status === 'stored' ? outcome.entry : outcome;
    await this.polls.noteOpened(id, openedSeq, at);
    return { ...poll, openedSeq, at };
  }

  /** Takes no vote any more, and has the log say the result. Answers whether this call is the one that ended it. */
  async close({ id }: Poll): Promise<boolean> {
    const isEnded = await this.polls.close(id, this.clock.now());
    await this.finish(id);
    return isEnded;
  }

  /** Somebody has voted: everybody in the room is told soon. */
  voted(roomId: number): void {
    this.showing.ask(roomId);
    this.telling.ask(roomId);
  }

  /** Ends what is over, and sees through what another node could not. */
  @Interval(LOOK_EVERY_MS)
  async look(): Promise<void> {
    if (this.isLooking || this.draining.closed) {
      return;
    }
    this.isLooking = true;
    try {
      for (const poll of await this.polls.unfinished()) {
        // One that cannot be ended now must not keep the others open.
        await this.seeThrough(poll).catch((error: unknown) => this.logger.error(error));
      }
    } catch (error) {
      this.logger.error(error);
    } finally {
      this.isLooking = false;
    }
  }

  @Interval(60 * 60_000)
  async forget(): Promise<void> {
    await this.polls
      .forgetBefore(this.clock.now() - KEPT_MS)
      .catch((error: unknown) => this.logger.error(error));
  }

  private async seeThrough(poll: Poll): Promise<void> {
    const now = this.clock.now();
    if (poll.closedAt === null && poll.closesAt <= now) {
      await this.close(poll);
    } else if (poll.closedAt !== null && poll.closedAt + STUCK_MS <= now) {
      await this.finish(poll.id);
    } else if (poll.openedSeq === null && poll.at + STUCK_MS <= now) {
      await this.open(poll);
    }
  }

  /** The row says when it ended, and whether by itself, whoever has come so far. */
  private async finish(id: string): Promise<void> {
    const poll = await this.polls.findById(id);
    if (!poll || poll.closedSeq !== null) {
      return;
    }
    const { roomId, question, choices, closedAt, closesAt } = poll;
    const opened = poll.openedSeq ?? (await this.open(poll)).openedSeq ?? 0;
    const counts = await this.tally.anew(poll);
    const { seq } = await this.log.write({
      type: 'poll-close',
      roomId,
      id: randomUUID(),
      actor: NOBODY,
      nonce: closingNonce(poll),
      poll: { id, question, choices },
      opened,
      counts,
      isEarly: (closedAt ?? closesAt) < closesAt,
    });
    await this.polls.noteClosed(id, seq, counts);
  }

  private show(roomId: number): void {
    const asked = this.live.at(roomId)?.poll;
    if (asked) {
      this.showCounts(roomId, askedIn(asked)).catch((error: unknown) => this.logger.error(error));
    }
  }

  private async showCounts(roomId: number, poll: { id: string; choices: string[] }): Promise<void> {
    const counts = await this.tally.anew(poll);
    this.live.at(roomId)?.showPassing({ event: 'poll.counts', data: { id: poll.id, counts } });
  }
}
