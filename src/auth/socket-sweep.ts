import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';

import { CloseCode } from '../protocol/close-codes.js';
import { Clock } from '../common/clock.js';
import { Hub } from '../realtime/hub.js';
import { UsersService } from '../users/users.service.js';
import { SessionsRepository } from './sessions.repository.js';

const EVERY_MS = 30_000;
/** Ids in one question; SQLite takes 32,766 values. */
const CHUNK = 10_000;

/**
 * Asks the database every 30 s about the sessions and accounts of all open sockets, for what no other way told this node:
 * a session that ran out, a role changed from the command line or on another node.
 */
@Injectable()
export class SocketSweep implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly log = new Logger(SocketSweep.name);
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly hub: Hub,
    private readonly sessions: SessionsRepository,
    private readonly users: UsersService,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.sweep().catch((error: unknown) => this.log.error(error));
    }, EVERY_MS);
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /** One round; public for tests. */
  async sweep(): Promise<void> {
    const now = this.clock.now();
    const viewers = this.hub.all().map(({ viewer }) => viewer);
    const open = [...new Set(viewers.map(({ sessionId }) => sessionId).filter((id) => id !== null))];
    for (let from = 0; from < open.length; from += CHUNK) {
      await this.check(open.slice(from, from + CHUNK), now);
    }
    await this.sessions.prune(now);
  }

  private async check(ids: string[], now: number): Promise<void> {
    const alive = await this.sessions.findLiveAmong(ids, now);
    const userIds = [...new Set(alive.map(({ userId }) => userId).filter((id) => id !== null))];
    const accounts = new Map(
      (await this.users.findAccounts(userIds)).map((account) => [account.id, account]),
    );
    const owners = new Map(alive.map(({ id, userId }) => [id, userId]));

    for (const id of ids) {
      if (!accounts.has(owners.get(id) ?? '')) {
        this.hub.closeSession(id, CloseCode.SessionEnded);
      }
    }
    for (const account of accounts.values()) {
      this.hub.renew(account);
    }
  }
}
