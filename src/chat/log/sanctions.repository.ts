import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Brackets, Equal, IsNull, MoreThan, Repository, type SelectQueryBuilder } from 'typeorm';

import { Sanction } from './sanction.entity.js';

/** Which sanctions to list: those of one room, or (null) of the whole server; the newest first. */
export interface SanctionsQuery {
  readonly roomId: number | null;
  /** Of a room: also those of the whole server. */
  readonly everywhere?: boolean;
  /** Part of a nickname. */
  readonly q?: string | undefined;
  /** True: also those that have ended. */
  readonly past: boolean;
  /** The last one of the page before. */
  readonly after: Sanction | null;
  readonly limit: number;
  readonly now: number;
}

/** The reading side of sanctions. The log's writer alone changes them. */
@Injectable()
export class SanctionsRepository {
  constructor(@InjectRepository(Sanction) private readonly sanctions: Repository<Sanction>) {}

  /** What holds against somebody on the whole server, and in a room, if one is given. */
  inForce(userId: string, roomId: number | null, now: number): Promise<Sanction[]> {
    const own = { userId, liftedAt: IsNull() };
    const scopes = roomId === null ? [IsNull()] : [IsNull(), Equal(roomId)];
    return this.sanctions.findBy(
      scopes.flatMap((scope) => [
        { ...own, roomId: scope, until: IsNull() },
        { ...own, roomId: scope, until: MoreThan(now) },
      ]),
    );
  }

  /** What was ever imposed on somebody in a room and on the whole server, the newest first. */
  against(userId: string, roomId: number, limit: number): Promise<Sanction[]> {
    return this.sanctions.find({
      where: [
        { userId, roomId: IsNull() },
        { userId, roomId },
      ],
      order: { at: 'DESC', id: 'DESC' },
      take: limit,
    });
  }

  findById(id: string): Promise<Sanction | null> {
    return this.sanctions.findOneBy({ id });
  }

  page({ roomId, everywhere = false, q = '', past, after, limit, now }: SanctionsQuery): Promise<Sanction[]> {
    const ofServer = 'sanction.roomId IS NULL';
    const ofRoom = everywhere ? `(sanction.roomId = :roomId OR ${ofServer})` : 'sanction.roomId = :roomId';
    const query = this.sanctions
      .createQueryBuilder('sanction')
      .where(roomId === null ? ofServer : ofRoom, { roomId })
      .orderBy('sanction.at', 'DESC')
      .addOrderBy('sanction.id', 'DESC');
    if (!past) {
      onlyInForce(query, now);
    }
    if (q !== '') {
      // The search is literal: what is typed must not be read as a pattern.
      const literal = q.toLowerCase().replaceAll(/[\\%_]/g, String.raw`\$&`);
      query.andWhere(String.raw`LOWER(sanction.userName) LIKE :part ESCAPE '\'`, { part: `%${literal}%` });
    }
    if (after) {
      query.andWhere('(sanction.at < :at OR (sanction.at = :at AND sanction.id < :id))', {
        at: after.at,
        id: after.id,
      });
    }
    return query.take(limit).getMany();
  }
}

function onlyInForce(query: SelectQueryBuilder<Sanction>, now: number): void {
  query.andWhere('sanction.liftedAt IS NULL').andWhere(
    new Brackets((any) => {
      any.where('sanction.until IS NULL').orWhere('sanction.until > :now', { now });
    }),
  );
}
