import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { LessThan, LessThanOrEqual, Not, Repository, type FindOptionsWhere } from 'typeorm';

import type { ReportOutcome } from '../../protocol/views.js';
import { isUniqueViolation } from '../../database/unique-violation.js';
import { Report } from './report.entity.js';

/** Which open reports: of one message, of all that somebody wrote, or of everything up to a seq. */
export type Reported =
  { readonly target: number } | { readonly authorId: string } | { readonly upTo: number };

@Injectable()
export class ReportsRepository {
  constructor(@InjectRepository(Report) private readonly reports: Repository<Report>) {}

  /** False, and nothing is stored, if this person has reported this message before. */
  async insert(report: Report): Promise<boolean> {
    try {
      await this.reports.insert(report);
      return true;
    } catch (error) {
      if (isUniqueViolation(error)) {
        return false;
      }
      throw error;
    }
  }

  /** Has a settled report of the same message by the same one wait again, as this says. False if there is none. */
  async reopen({ roomId, target, byId, ...anew }: Report): Promise<boolean> {
    const { reason, score, text, at } = anew;
    const where = { roomId, target, byId, status: Not('open' as const) };
    const { affected } = await this.reports.update(where, {
      reason,
      score,
      text,
      at,
      status: 'open',
      settledAt: null,
    });
    return (affected ?? 0) > 0;
  }

  isReported(roomId: number, target: number, byId: string): Promise<boolean> {
    return this.reports.existsBy({ roomId, target, byId });
  }

  /** Those of a room that nobody has settled, the oldest first. */
  open(roomId: number, which?: Reported): Promise<Report[]> {
    return this.reports.find({
      where: { ...(which && chosen(which)), roomId, status: 'open' },
      order: { at: 'ASC', id: 'ASC' },
    });
  }

  /** How many messages of a room are reported and not settled. */
  async countOpen(roomId: number): Promise<number> {
    const found = await this.reports
      .createQueryBuilder('report')
      .select('COUNT(DISTINCT report.target)', 'count')
      .where(`report.roomId = :roomId AND report.status = 'open'`, { roomId })
      .getRawOne<{ count: number | string }>();
    return Number(found?.count ?? 0);
  }

  /** What somebody reported, wherever, the oldest first. */
  madeBy(byId: string): Promise<Report[]> {
    return this.reports.find({ where: { byId }, order: { at: 'ASC', id: 'ASC' } });
  }

  /** Ends what is open about a message; answers whether anything was, so that only one of many callers has done it. */
  async settle(roomId: number, target: number, status: ReportOutcome, settledAt: number): Promise<boolean> {
    const where = { roomId, target, status: 'open' } as const;
    const { affected } = await this.reports.update(where, { status, settledAt, text: null });
    return (affected ?? 0) > 0;
  }

  /** Forgets those of before a time, settled or not. */
  async forgetBefore(at: number): Promise<void> {
    await this.reports.delete({ at: LessThan(at) });
  }
}

function chosen(which: Reported): FindOptionsWhere<Report> {
  return 'upTo' in which ? { target: LessThanOrEqual(which.upTo) } : which;
}
