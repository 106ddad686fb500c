import { Injectable } from '@nestjs/common';

import type { CloseCode } from '../protocol/close-codes.js';
import { speakerOf, type Account } from '../common/viewer.js';
import { Bus } from './bus/bus.js';
import type { Connection } from './connection.js';

const TOPIC = 'sockets';

/** Sockets that are to be closed, wherever they are. */
interface Closing {
  readonly of: 'session' | 'user';
  readonly id: string;
  readonly code: CloseCode;
}

/**
 * Every socket of this node, findable by session, account and address: whoever ends a session or changes a role tells
 * the hub, and the open sockets obey at once, those of other nodes as soon as they hear of it.
 */
@Injectable()
export class Hub {
  private readonly connections = new Set<Connection>();
  private readonly bySession = new Index();
  private readonly byUser = new Index();
  private readonly byAddress = new Index();
  private onEmpty: (() => void) | null = null;

  constructor(private readonly bus: Bus) {
    bus.subscribe<Closing>(TOPIC, (closing) => this.obey(closing));
  }

  get size(): number {
    return this.connections.size;
  }

  add(connection: Connection): void {
    const { sessionId, address } = connection.viewer;
    this.connections.add(connection);
    this.bySession.add(sessionId, connection);
    this.byUser.add(speakerOf(connection.viewer)?.id ?? null, connection);
    this.byAddress.add(address, connection);
  }

  remove(connection: Connection): void {
    const { sessionId, address } = connection.viewer;
    this.connections.delete(connection);
    this.bySession.delete(sessionId, connection);
    this.byUser.delete(speakerOf(connection.viewer)?.id ?? null, connection);
    this.byAddress.delete(address, connection);
    if (this.connections.size === 0) {
      this.onEmpty?.();
    }
  }

  /** Resolves when the last socket is gone, or after `withinMs`. */
  async emptied(withinMs: number): Promise<void> {
    if (this.connections.size === 0) {
      return;
    }
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, withinMs);
      this.onEmpty = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** A copy, so that closing connections while iterating is safe. */
  all(): Connection[] {
    return [...this.connections];
  }

  countOfUser(userId: string): number {
    return this.byUser.count(userId);
  }

  countOfAddress(address: string): number {
    return this.byAddress.count(address);
  }

  /** The sockets of this node that an account has open. */
  ofUser(userId: string): Connection[] {
    return this.byUser.of(userId);
  }

  /** The sockets of this node that come from an address. */
  atAddress(address: string): Connection[] {
    return this.byAddress.of(address);
  }

  /** Closes the sockets opened with this session (by its hashed id), on all nodes. */
  closeSession(sessionId: string, code: CloseCode): void {
    this.closeAll({ of: 'session', id: sessionId, code });
  }

  /** Closes the sockets of an account, on all its devices and all nodes. */
  closeUser(userId: string, code: CloseCode): void {
    this.closeAll({ of: 'user', id: userId, code });
  }

  private closeAll(closing: Closing): void {
    this.obey(closing);
    this.bus.publish(TOPIC, closing);
  }

  private obey({ of, id, code }: Closing): void {
    for (const connection of (of === 'session' ? this.bySession : this.byUser).of(id)) {
      connection.close(code);
    }
  }

  /** Tells this node's open sockets of an account its new name, role or language. */
  renew(account: Account): void {
    for (const connection of this.byUser.of(account.id)) {
      connection.renew(account);
    }
  }
}

class Index {
  private readonly sets = new Map<string, Set<Connection>>();

  add(key: string | null, connection: Connection): void {
    if (key === null) {
      return;
    }
    const set = this.sets.get(key);
    if (set) {
      set.add(connection);
    } else {
      this.sets.set(key, new Set([connection]));
    }
  }

  delete(key: string | null, connection: Connection): void {
    if (key === null) {
      return;
    }
    const set = this.sets.get(key);
    set?.delete(connection);
    if (set?.size === 0) {
      this.sets.delete(key);
    }
  }

  count(key: string): number {
    return this.sets.get(key)?.size ?? 0;
  }

  of(key: string): Connection[] {
    return [...(this.sets.get(key) ?? [])];
  }
}
