import { Injectable } from '@nestjs/common';

import { ConversationsService } from '../ai/conversations/conversations.service.js';
import { SessionsService, type Signed } from '../auth/sessions.service.js';
import { WarningsRepository } from '../chat/log/warnings.repository.js';
import { EntriesRepository } from '../chat/messages/entries.repository.js';
import { exported } from '../chat/messages/exported.presenter.js';
import { PollsRepository } from '../chat/polls/polls.repository.js';
import { RoomsRepository } from '../chat/rooms/rooms.repository.js';
import { jsonLines } from '../common/download.js';
import { IgnoredPeople } from './ignored/ignored-people.service.js';
import { QuestionsRepository } from '../moderation/questions/questions.repository.js';
import { ReportsRepository } from '../moderation/reports/reports.repository.js';
import { NamesService } from '../users/names.service.js';
import { presentUser } from '../users/user.presenter.js';

const instant = (at: number) => new Date(at).toISOString();

/** Entries read at a time: what an export holds in memory, however much somebody said. */
const PAGE = 500;

/** All that the server has of a person, as one JSON file that is made while it is sent. */
@Injectable()
export class AccountExport {
  constructor(
    private readonly sessions: SessionsService,
    private readonly rooms: RoomsRepository,
    private readonly entries: EntriesRepository,
    private readonly conversations: ConversationsService,
    private readonly ignored: IgnoredPeople,
    private readonly polls: PollsRepository,
    private readonly questions: QuestionsRepository,
    private readonly warnings: WarningsRepository,
    private readonly reports: ReportsRepository,
    private readonly names: NamesService,
  ) {}

  /**
   * `{user, createdAt, formerNames, sessions, ignored, votes, questions, questionVotes, warnings, reports, messages,
   * conversations}`; what was removed is there without its text, and of what others said or did nothing that this person
   * was not told.
   */
  async *file(viewer: Signed): AsyncGenerator<string> {
    const { account } = viewer;
    const user = presentUser(account, { self: true });
    const createdAt = instant(account.createdAt);
    const formerNames = await this.names.formerOf(account.id);
    const sessions = await this.sessions.list(viewer);
    const ignored = await this.ignored.list(account.id);
    const votes = await this.votes(account.id);
    const asked = await this.questionsOf(account.id);
    const told = await this.warningsAndReports(account.id);
    const head = { user, createdAt, formerNames, sessions, ignored, votes, ...asked, ...told };
    yield `${JSON.stringify(head).slice(0, -1)},\n"messages":`;
    yield* jsonLines(this.messages(account.id));
    yield ',"conversations":';
    yield* jsonLines(this.conversations.all(viewer));
    yield '}\n';
  }

  private async votes(userId: string): Promise<object[]> {
    const votes = await this.polls.allVotesOf(userId);
    const slugs = await this.rooms.slugsOf(votes.map(({ poll }) => poll.roomId));
    return votes.map(({ poll, choice, at }) => ({
      room: slugs.get(poll.roomId) ?? null,
      question: poll.question,
      choice: poll.choices[choice],
      at: instant(at),
    }));
  }

  private async questionsOf(userId: string): Promise<{ questions: object[]; questionVotes: object[] }> {
    const own = await this.questions.of(userId, null);
    const others = await this.questions.votedFor(userId);
    const slugs = await this.rooms.slugsOf([...own, ...others].map(({ roomId }) => roomId));
    return {
      questions: own.map(({ roomId, text, at, status }) => ({
        room: slugs.get(roomId) ?? null,
        text,
        at: instant(at),
        status,
      })),
      questionVotes: others.map(({ roomId, text }) => ({ room: slugs.get(roomId) ?? null, text })),
    };
  }

  /** What staff told them, and what they told staff: without who it was, as they were told it, and without others' words. */
  private async warningsAndReports(userId: string): Promise<{ warnings: object[]; reports: object[] }> {
    const received = await this.warnings.everywhere(userId);
    const made = await this.reports.madeBy(userId);
    const slugs = await this.rooms.slugsOf([...received, ...made].map(({ roomId }) => roomId));
    return {
      warnings: received.map(({ roomId, reason, at, acknowledgedAt }) => ({
        room: slugs.get(roomId) ?? null,
        reason,
        at: instant(at),
        acknowledgedAt: acknowledgedAt === null ? null : instant(acknowledgedAt),
      })),
      reports: made.map(({ roomId, target, reason, words, at }) => ({
        room: slugs.get(roomId) ?? null,
        target,
        reason,
        ...(words !== null && { words }),
        at: instant(at),
      })),
    };
  }

  private async *messages(userId: string): AsyncGenerator<object> {
    for (const { id, slug } of await this.rooms.listShared({ archived: true })) {
      let after = 0;
      for (;;) {
        const page = await this.entries.saidBy(id, userId, after, PAGE);
        const edits = await this.entries.lastEdits(
          id,
          page.map(({ seq }) => seq),
        );
        for (const entry of page) {
          yield { room: slug, ...exported(entry, edits.get(entry.seq)) };
        }
        if (page.length < PAGE) {
          break;
        }
        after = page.at(-1)!.seq;
      }
    }
  }
}
