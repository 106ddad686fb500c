import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { LessThan, Not, Repository } from 'typeorm';

import { HeldMessage } from './held-message.entity.js';

/** Why a message waits for staff that was to wait for a look alone. */
export type Kept = Pick<HeldMessage, 'reason' | 'score'> & { readonly why: 'ai' | 'unchecked' };

/** What is held. The log's writer alone adds and settles; here it is only said what it waits for. */
@Injectable()
export class HeldMessagesRepository {
  constructor(@InjectRepository(HeldMessage) private readonly held: Repository<HeldMessage>) {}

  /** What waits for staff in a room, the oldest first. */
  waiting(roomId: number): Promise<HeldMessage[]> {
    return this.held.find({
      where: { roomId, status: 'held', why: Not('check') },
      order: { at: 'ASC', id: 'ASC' },
    });
  }

  findById(id: string): Promise<HeldMessage | null> {
    return this.held.findOneBy({ id });
  }

  /** What a nonce made that was held, if it was. */
  findByNonce(roomId: number, userId: string, nonce: string): Promise<HeldMessage | null> {
    return this.held.findOneBy({ roomId, userId, nonce });
  }

  /** What has waited since before a time, of whatever rooms. */
  waitingBefore(at: number): Promise<HeldMessage[]> {
    return this.held.findBy({ status: 'held', at: LessThan(at) });
  }

  /** What has waited for a look since before a time, of whatever rooms. */
  uncheckedBefore(at: number): Promise<HeldMessage[]> {
    return this.held.findBy({ status: 'held', why: 'check', at: LessThan(at) });
  }

  /** Has what waits for a look wait for staff. False when it does no more: of many callers, one has done it. */
  async keep(id: string, { why, reason, score }: Kept): Promise<boolean> {
    const where = { id, status: 'held', why: 'check' } as const;
    const { affected } = await this.held.update(where, { why, reason, score });
    return (affected ?? 0) > 0;
  }

  /** Forgets what was settled before a time; its nonces are new again. */
  async forgetSettledBefore(at: number): Promise<void> {
    await this.held.delete({ settledAt: LessThan(at) });
  }
}
