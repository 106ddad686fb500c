import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, IsNull, LessThan, Repository } from 'typeorm';

import { isUniqueViolation } from '../../database/unique-violation.js';
import { queryUnsynced } from '../../database/unsynced.js';
import { PollVote } from './poll-vote.entity.js';
import { Poll } from './poll.entity.js';

/** Polls and their votes in the database. */
@Injectable()
export class PollsRepository {
  constructor(
    @InjectRepository(Poll) private readonly polls: Repository<Poll>,
    @InjectRepository(PollVote) private readonly votes: Repository<PollVote>,
  ) {}

  /** False, and nothing is stored, if there is one with this id or the room's last one has not ended. */
  async insert(poll: Poll): Promise<boolean> {
    try {
      await this.polls.insert(poll);
      return true;
    } catch (error) {
      if (isUniqueViolation(error)) {
        return false;
      }
      throw error;
    }
  }

  findById(id: string): Promise<Poll | null> {
    return this.polls.findOneBy({ id });
  }

  /** The one of a room whose end the log does not say yet. */
  unfinishedIn(roomId: number): Promise<Poll | null> {
    return this.polls.findOneBy({ roomId, closedSeq: IsNull() });
  }

  /** The same of all rooms. */
  unfinished(): Promise<Poll[]> {
    return this.polls.findBy({ closedSeq: IsNull() });
  }

  /** Those of a room, the newest first. */
  newestIn(roomId: number, limit: number): Promise<Poll[]> {
    return this.polls.find({ where: { roomId }, order: { at: 'DESC', id: 'DESC' }, take: limit });
  }

  /** Takes no vote from now on; answers whether this call is the one that did it. */
  async close(id: string, closedAt: number): Promise<boolean> {
    const { affected } = await this.polls.update({ id, closedAt: IsNull() }, { closedAt });
    return (affected ?? 0) > 0;
  }

  async noteOpened(id: string, openedSeq: number, at: number): Promise<void> {
    await this.polls.update({ id }, { openedSeq, at });
  }

  async noteClosed(id: string, closedSeq: number, counts: number[]): Promise<void> {
    await this.polls.update({ id }, { closedSeq, counts });
  }

  /** It never was: the log did not take it. */
  async delete(id: string): Promise<void> {
    await this.polls.delete({ id });
    await this.votes.delete({ pollId: id });
  }

  /** Forgets those that ended before a time, with the votes. */
  async forgetBefore(at: number): Promise<void> {
    const old = await this.polls.find({ select: { id: true }, where: { closedAt: LessThan(at) } });
    const ids = old.map(({ id }) => id);
    if (ids.length > 0) {
      await this.votes.delete({ pollId: In(ids) });
      await this.polls.delete({ id: In(ids) });
    }
  }

  /**
   * Takes a person's vote, in place of their former one; answers whether the poll was open. Once `close` has resolved no
   * vote is taken on any node, and those that were can be counted.
   */
  async vote({ pollId, userId, choice, at }: PollVote): Promise<boolean> {
    const { driver } = this.votes.manager.dataSource;
    const place = (index: number, type: string) => `CAST(${driver.createParameter('', index)} AS ${type})`;
    // Whoever closes it waits for those who vote, and they for whoever closes it. SQLite has one writer anyway.
    const lock = driver.options.type === 'postgres' ? 'FOR SHARE' : '';
    const taken = await queryUnsynced(
      this.votes.manager,
      `INSERT INTO poll_votes (poll_id, user_id, choice, at)
       SELECT id, ${place(0, 'varchar')}, ${place(1, 'integer')}, ${place(2, 'bigint')} FROM polls
       WHERE id = ${place(3, 'varchar')} AND closed_at IS NULL ${lock}
       ON CONFLICT (poll_id, user_id) DO UPDATE SET choice = excluded.choice, at = excluded.at
       RETURNING choice`,
      [userId, choice, at, pollId],
    );
    return taken.length > 0;
  }

  async voteOf(pollId: string, userId: string): Promise<number | null> {
    return (await this.votes.findOneBy({ pollId, userId }))?.choice ?? null;
  }

  /** What somebody chose in these polls. */
  async votesOf(pollIds: readonly string[], userId: string): Promise<Map<string, number>> {
    const found = await this.votes.findBy({ pollId: In([...pollIds]), userId });
    return new Map(found.map(({ pollId, choice }) => [pollId, choice]));
  }

  /** All that somebody ever chose, the oldest first, with what was asked where. */
  async allVotesOf(userId: string): Promise<(Pick<PollVote, 'choice' | 'at'> & { poll: Poll })[]> {
    const votes = await this.votes.find({ where: { userId }, order: { at: 'ASC' } });
    const polls = await this.polls.findBy({ id: In(votes.map(({ pollId }) => pollId)) });
    const byId = new Map(polls.map((poll) => [poll.id, poll]));
    return votes.flatMap(({ pollId, choice, at }) => {
      const poll = byId.get(pollId);
      return poll ? [{ choice, at, poll }] : [];
    });
  }

  /** Votes by choice. */
  async count({ id, choices }: Pick<Poll, 'id' | 'choices'>): Promise<number[]> {
    const rows = await this.votes
      .createQueryBuilder('vote')
      .select('vote.choice', 'choice')
      .addSelect('COUNT(*)', 'count')
      .where('vote.pollId = :id', { id })
      .groupBy('vote.choice')
      .getRawMany<{ choice: number; count: number | string }>();
    const counted = new Map(rows.map(({ choice, count }) => [choice, Number(count)]));
    return choices.map((_, choice) => counted.get(choice) ?? 0);
  }
}
