import type { CloseCode } from '../protocol/close-codes.js';
import type { Account } from '../common/viewer.js';
import type { Connection } from './connection.js';

/**
 * Every socket of this node, findable by session, account and address: whoever ends a session or changes a role tells
 * the hub, and the open sockets obey at once.
 */
export class Hub {
  private readonly connections = new Set<Connection>();
  private readonly bySession = new Index();
  private readonly byUser = new Index();
  private readonly byAddress = new Index();
  private onEmpty: (() => void) | null = null;

  get size(): number {
    return this.connections.size;
  }

  add(connection: Connection): void {
    const { sessionId, account, address } = connection.viewer;
    this.connections.add(connection);
    this.bySession.add(sessionId, connection);
    this.byUser.add(account?.id ?? null, connection);
    this.byAddress.add(address, connection);
  }

  remove(connection: Connection): void {
    const { sessionId, account, address } = connection.viewer;
    this.connections.delete(connection);
    this.bySession.delete(sessionId, connection);
    this.byUser.delete(account?.id ?? null, connection);
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
    return this.byUser.of(userId).length;
  }

  countOfAddress(address: string): number {
    return this.byAddress.of(address).length;
  }

  /** Closes the sockets opened with this session (by its hashed id). */
  closeSession(sessionId: string, code: CloseCode): void {
    for (const connection of this.bySession.of(sessionId)) {
      connection.close(code);
    }
  }

  /** Closes the sockets of an account, on all its devices. */
  closeUser(userId: string, code: CloseCode): void {
    for (const connection of this.byUser.of(userId)) {
      connection.close(code);
    }
  }

  /** Tells the open sockets of an account its new name, role or language. */
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

  of(key: string): Connection[] {
    return [...(this.sets.get(key) ?? [])];
  }
}
