import { Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';

import type { PollView } from '../../protocol/views.js';
import { Clock } from '../../common/clock.js';
import { DomainError } from '../../common/errors.js';
import { idOf } from '../../common/nonce-id.js';
import type { Viewer } from '../../common/viewer.js';
import { checkedText } from '../../chat/messages/message.text.js';
import { PostingPolicies } from '../../chat/messages/posting.policies.js';
import type { Poll } from '../../chat/polls/poll.entity.js';
import { PollTally } from '../../chat/polls/poll.tally.js';
import { PollsRepository } from '../../chat/polls/polls.repository.js';
import { SharedWindows, type SharedWindow } from '../../realtime/cluster/shared.window.js';
import { ActionLog } from '../actions/action.log.js';
import { Participation } from '../participation.service.js';
import { StaffService, type AtWork } from '../staff.service.js';
import { PollCourse } from './poll.course.js';
import { presentPoll } from './poll.presenter.js';

/** In graphemes. */
export const LONGEST_QUESTION = 200;
export const LONGEST_CHOICE = 80;
/** How often one person may vote, and think better of it, in a while. */
export const VOTES = 20;
const VOTES_WINDOW_MS = 30_000;
const LISTED = 20;

export interface NewPoll {
  readonly question: string;
  readonly choices: readonly string[];
  readonly seconds: number;
  readonly nonce?: string | undefined;
}

/** What staff ask everybody in a room, one thing at a time; whoever may write there votes once, and may change their mind. */
@Injectable()
export class PollsService {
  private readonly made: SharedWindow;

  constructor(
    private readonly staff: StaffService,
    private readonly participation: Participation,
    private readonly policies: PostingPolicies,
    private readonly polls: PollsRepository,
    private readonly tally: PollTally,
    private readonly course: PollCourse,
    private readonly actions: ActionLog,
    private readonly clock: Clock,
    windows: SharedWindows,
  ) {
    this.made = windows.make('votes', () => VOTES, VOTES_WINDOW_MS);
  }

  /** The newest polls of a room, an open one first, with what the viewer chose. Throws `not-found`. */
  async list(viewer: Viewer, slug: string): Promise<PollView[]> {
    const { live, account } = await this.participation.look(viewer, slug);
    const polls = (await this.polls.newestIn(live.room.id, LISTED)).filter(
      ({ openedSeq }) => openedSeq !== null,
    );
    const ids = polls.map(({ id }) => id);
    const votes = account ? await this.polls.votesOf(ids, account.id) : new Map<string, number>();
    return Promise.all(
      polls.map(async (poll) =>
        presentPoll(poll, poll.counts ?? (await this.tally.of(poll)), votes.get(poll.id) ?? null),
      ),
    );
  }

  /**
   * Opens a poll. Throws `auth.forbidden` for who is not staff there, `room.read-only` in an archived room, `poll.open` while
   * another one is, and what is wrong with the words.
   */
  async start(viewer: Viewer, slug: string, wanted: NewPoll): Promise<PollView> {
    const work = await this.staff.at(viewer, slug);
    const { account, address, live } = work;
    if (live.room.archived) {
      throw new DomainError('room.read-only');
    }
    const at = this.clock.now();
    const poll: Poll = {
      id: idOf(account.id, wanted.nonce && `${live.room.id} ${wanted.nonce}`),
      roomId: live.room.id,
      ...this.checked(work, wanted),
      byId: account.id,
      byName: account.nickname,
      byRole: account.role,
      byAddress: address,
      at,
      closesAt: at + wanted.seconds * 1000,
      closedAt: null,
      openedSeq: null,
      closedSeq: null,
      counts: null,
    };
    if (await this.polls.insert(poll)) {
      return this.present(await this.course.open(poll));
    }
    const same = await this.polls.findById(poll.id);
    if (same?.roomId !== poll.roomId) {
      throw new DomainError('poll.open');
    }
    return this.present(same.openedSeq === null ? await this.course.open(same) : same);
  }

  /**
   * Takes the viewer's vote, in place of their former one. Throws as `Participation.require` does, `not-found` for what is no
   * poll of this room, `poll.closed`, `frame.invalid` for a choice that it does not have, and `rate.limited`.
   */
  async vote(viewer: Viewer, slug: string, id: string, choice: number): Promise<PollView> {
    const { live, account } = await this.participation.require(viewer, slug);
    const poll = await this.find(live.room.id, id);
    if (choice >= poll.choices.length) {
      throw new DomainError('frame.invalid', { fields: { choice: 'field.choice' } });
    }
    const at = this.clock.now();
    if (poll.closedAt !== null || poll.closesAt <= at) {
      throw new DomainError('poll.closed');
    }
    const wait = await this.made.take(account.id);
    if (wait > 0) {
      throw new DomainError('rate.limited', { retryAfterMs: wait });
    }
    if (!(await this.polls.vote({ pollId: id, userId: account.id, choice, at }))) {
      throw new DomainError('poll.closed');
    }
    this.course.voted(live.room.id);
    return presentPoll(poll, await this.tally.anew(poll), choice);
  }

  /** Ends a poll before its time; one that has ended stays as it is. Throws `auth.forbidden` and `not-found`. */
  async end(viewer: Viewer, slug: string, id: string): Promise<PollView> {
    const { live, account, address } = await this.staff.at(viewer, slug);
    const poll = await this.find(live.room.id, id);
    if (poll.closedAt === null && (await this.course.close(poll))) {
      const { question, choices } = poll;
      await this.actions.record(
        { account, address },
        { action: 'poll.end', roomId: live.room.id, details: { question, choices } },
      );
    }
    return this.present(await this.find(live.room.id, id));
  }

  /** Forgets who has not voted for a while. */
  @Interval(60_000)
  sweep(): void {
    this.made.sweep();
  }

  private async find(roomId: number, id: string): Promise<Poll> {
    // It comes straight from an address, and PostgreSQL fails to look for a NUL.
    const poll = id.includes('\0') ? null : await this.polls.findById(id);
    if (poll?.roomId !== roomId) {
      throw new DomainError('not-found');
    }
    return poll;
  }

  private async present(poll: Poll): Promise<PollView> {
    return presentPoll(poll, poll.counts ?? (await this.tally.of(poll)), null);
  }

  /** The words as they are to be stored. */
  private checked(work: AtWork, { question, choices }: NewPoll): Pick<Poll, 'question' | 'choices'> {
    const checked = choices.map((choice) => this.agreed(work, choice, LONGEST_CHOICE));
    const distinct = new Set(checked.map((choice) => choice.normalize('NFKC').toLowerCase()));
    if (distinct.size < checked.length) {
      throw new DomainError('frame.invalid', { fields: { choices: 'field.choices' } });
    }
    return { question: this.agreed(work, question, LONGEST_QUESTION), choices: checked };
  }

  private agreed({ live, account }: AtWork, raw: string, limit: number): string {
    const { text, isHeld } = this.policies.judge({ account, live, text: checkedText(raw, limit) });
    if (isHeld) {
      // There is no place for a poll to wait in.
      throw new DomainError('text.blocked');
    }
    return text;
  }
}
