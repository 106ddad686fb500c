import { Injectable, Logger } from '@nestjs/common';

import type { UserView } from '../../protocol/views.js';
import type { Signed } from '../../auth/sessions.service.js';
import { Clock } from '../../common/clock.js';
import { DomainError } from '../../common/errors.js';
import { Bus } from '../../realtime/bus/bus.js';
import { Hub } from '../../realtime/hub.js';
import { presentUser } from '../../users/user.presenter.js';
import { UsersService } from '../../users/users.service.js';
import { IgnoredPeopleRepository } from './ignored-people.repository.js';

export const MOST_IGNORED = 500;
const TOPIC = 'ignored';

/**
 * Whom a person does not want to read: kept with their account and followed by all that they have open, on whatever node.
 * What is left out is their own page's doing; the log is the same for everybody.
 */
@Injectable()
export class IgnoredPeople {
  private readonly log = new Logger(IgnoredPeople.name);

  constructor(
    private readonly people: IgnoredPeopleRepository,
    private readonly users: UsersService,
    private readonly hub: Hub,
    private readonly bus: Bus,
    private readonly clock: Clock,
  ) {
    bus.subscribe<{ userId: string }>(TOPIC, ({ userId }) => this.tell(userId));
  }

  /** As they are called now, the last one first. */
  async list(userId: string): Promise<UserView[]> {
    const ids = await this.people.of(userId);
    const accounts = await this.users.findAccounts(ids);
    const byId = new Map(accounts.map((account) => [account.id, presentUser(account)]));
    return ids.flatMap((id) => byId.get(id) ?? []);
  }

  /** By id or nickname. Throws `not-found`, and `frame.invalid` for oneself and when there would be too many. */
  async add({ account }: Signed, person: string): Promise<void> {
    const target = await this.users.findPerson(person);
    if (!target) {
      throw new DomainError('not-found');
    }
    const known = await this.people.of(account.id);
    if (target.id === account.id) {
      throw new DomainError('frame.invalid', { fields: { userId: 'field.invalid' } });
    }
    if (known.length >= MOST_IGNORED && !known.includes(target.id)) {
      throw new DomainError('frame.invalid', {
        fields: { userId: 'field.ignored' },
        params: { limit: MOST_IGNORED },
      });
    }
    await this.people.insert({ userId: account.id, ignoredId: target.id, at: this.clock.now() });
    this.changed(account.id);
  }

  /** Somebody who is not ignored stays so. */
  async remove({ account }: Signed, userId: string): Promise<void> {
    await this.people.delete(account.id, userId);
    this.changed(account.id);
  }

  private changed(userId: string): void {
    this.tell(userId);
    this.bus.publish(TOPIC, { userId });
  }

  /** It is kept already: what goes wrong here, the next visit mends. */
  private tell(userId: string): void {
    const sockets = this.hub.ofUser(userId);
    if (sockets.length > 0) {
      this.list(userId).then(
        (people) => sockets.forEach((socket) => socket.send({ event: 'ignored', data: { people } })),
        (error: unknown) => this.log.error(error),
      );
    }
  }
}
