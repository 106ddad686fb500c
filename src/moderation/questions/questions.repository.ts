import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, LessThan, Not, Repository } from 'typeorm';

import { isUniqueViolation } from '../../database/unique-violation.js';
import { QuestionVote } from './question-vote.entity.js';
import { Question } from './question.entity.js';

/** Questions and who wants them answered, in the database. */
@Injectable()
export class QuestionsRepository {
  constructor(
    @InjectRepository(Question) private readonly questions: Repository<Question>,
    @InjectRepository(QuestionVote) private readonly votes: Repository<QuestionVote>,
  ) {}

  /** False, and nothing is stored, if there is one with this id. */
  async insert(question: Question): Promise<boolean> {
    try {
      await this.questions.insert(question);
      return true;
    } catch (error) {
      if (isUniqueViolation(error)) {
        return false;
      }
      throw error;
    }
  }

  findById(id: string): Promise<Question | null> {
    return this.questions.findOneBy({ id });
  }

  /** Those of a room, the newest first. */
  newestIn(roomId: number, limit: number): Promise<Question[]> {
    return this.questions.find({ where: { roomId }, order: { at: 'DESC', id: 'DESC' }, take: limit });
  }

  /** How many of a room nobody has answered. */
  countOpen(roomId: number): Promise<number> {
    return this.questions.countBy({ roomId, status: Not('answered') });
  }

  /** Moves it on; answers whether it was where it is moved from. */
  async move(id: string, from: Question['status'], to: Question['status']): Promise<boolean> {
    const { affected } = await this.questions.update({ id, status: from }, { status: to });
    return (affected ?? 0) > 0;
  }

  /** Answers whether it was there. */
  async delete(id: string): Promise<boolean> {
    await this.votes.delete({ questionId: id });
    return ((await this.questions.delete({ id })).affected ?? 0) > 0;
  }

  /** Those of somebody in a room, or (null) everywhere. */
  of(authorId: string, roomId: number | null): Promise<Question[]> {
    return this.questions.find({
      where: { authorId, ...(roomId !== null && { roomId }) },
      order: { at: 'ASC' },
    });
  }

  /** Forgets those of before a time. */
  async forgetBefore(at: number): Promise<void> {
    const old = await this.questions.find({ select: { id: true }, where: { at: LessThan(at) } });
    const ids = old.map(({ id }) => id);
    if (ids.length > 0) {
      await this.votes.delete({ questionId: In(ids) });
      await this.questions.delete({ id: In(ids) });
    }
  }

  /** Once for each person; the same again is nothing new. */
  async vote(questionId: string, userId: string): Promise<void> {
    await this.votes.createQueryBuilder().insert().values({ questionId, userId }).orIgnore().execute();
  }

  async unvote(questionId: string, userId: string): Promise<void> {
    await this.votes.delete({ questionId, userId });
  }

  /** Which of these somebody has voted for. */
  async votedBy(userId: string, ids: readonly string[]): Promise<Set<string>> {
    const found = await this.votes.findBy({ userId, questionId: In([...ids]) });
    return new Set(found.map(({ questionId }) => questionId));
  }

  /** What somebody wants answered that others have asked. */
  async votedFor(userId: string): Promise<Question[]> {
    const found = await this.votes.findBy({ userId });
    return this.questions.findBy({ id: In(found.map(({ questionId }) => questionId)) });
  }

  /** How many votes each of these has. */
  async count(ids: readonly string[]): Promise<Map<string, number>> {
    if (ids.length === 0) {
      return new Map();
    }
    const rows = await this.votes
      .createQueryBuilder('vote')
      .select('vote.questionId', 'id')
      .addSelect('COUNT(*)', 'count')
      .where({ questionId: In([...ids]) })
      .groupBy('vote.questionId')
      .getRawMany<{ id: string; count: number | string }>();
    return new Map(rows.map(({ id, count }) => [id, Number(count)]));
  }
}
