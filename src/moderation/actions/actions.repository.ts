import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Brackets, Repository } from 'typeorm';

import type { ActionKind } from '../../protocol/views.js';
import type { Period } from '../../common/period.dto.js';
import { Action } from '../../chat/log/action.entity.js';

/** Which acts to list; the newest first. */
export interface ActionsFilter extends Period {
  /** Undefined: of every room and of the server. */
  readonly roomId?: number | undefined;
  readonly action?: ActionKind | undefined;
  /** An id, or part of a nickname. */
  readonly by?: string | undefined;
  readonly user?: string | undefined;
}

/** What staff did. Those of a room's log are added by the log's writer. */
@Injectable()
export class ActionsRepository {
  constructor(@InjectRepository(Action) private readonly actions: Repository<Action>) {}

  /** False if an act with this id is kept already. */
  async insert(action: Action): Promise<boolean> {
    if (await this.findById(action.id)) {
      return false;
    }
    await this.actions.createQueryBuilder().insert().values(action).orIgnore().execute();
    return true;
  }

  findById(id: string): Promise<Action | null> {
    return this.actions.findOneBy({ id });
  }

  page(filter: ActionsFilter, after: Action | null, limit: number): Promise<Action[]> {
    const { roomId, action, since, before, by = '', user = '' } = filter;
    const query = this.actions
      .createQueryBuilder('action')
      .orderBy('action.at', 'DESC')
      .addOrderBy('action.id', 'DESC');
    const where = (condition: string, values: object) => query.andWhere(condition, values);
    if (roomId !== undefined) {
      where('action.roomId = :roomId', { roomId });
    }
    if (action !== undefined) {
      where('action.action = :kind', { kind: action });
    }
    if (since !== null) {
      where('action.at >= :since', { since });
    }
    if (before !== null) {
      where('action.at < :before', { before });
    }
    for (const [name, who] of Object.entries({ by, user })) {
      if (who !== '') {
        query.andWhere(isOrIsCalled(name, who));
      }
    }
    if (after) {
      where('(action.at < :at OR (action.at = :at AND action.id < :id))', { at: after.at, id: after.id });
    }
    return query.take(limit).getMany();
  }
}

function isOrIsCalled(name: string, who: string): Brackets {
  // The search is literal: what is typed must not be read as a pattern. Databases fold only ASCII.
  const part = `%${who.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
  return new Brackets((any) => {
    any
      .where(`action.${name}Id = :${name}`, { [name]: who })
      .orWhere(String.raw`action.${name}Name LIKE :${name}Part ESCAPE '\'`, { [`${name}Part`]: part })
      .orWhere(String.raw`LOWER(action.${name}Name) LIKE :${name}Lower ESCAPE '\'`, {
        [`${name}Lower`]: part.toLowerCase(),
      });
  });
}
