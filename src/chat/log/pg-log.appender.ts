import { setTimeout as sleep } from 'node:timers/promises';

import { DomainError } from '../../common/errors.js';
import { planAppend, type Plan } from './append.plan.js';
import type { Draft, Outcome } from './draft.js';
import { LogConnection } from './pg-log.connection.js';
import { isPassing, refusalOf } from './pg-log.faults.js';
import { lockAndRead, wasCommitted, writeAndCommit } from './pg-log.statements.js';

/** How long trouble is kept from people: they wait a little instead of being refused. */
const PATIENCE_MS = 3500;
const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 500;
/** How often a database that has not answered for long is asked again; who comes in between is told at once. */
const PROBE_MS = 500;

/**
 * Appends on PostgreSQL, for many nodes: each append locks its rooms, so seqs are dense and visible in order whoever
 * writes. Drafts of one call are one transaction, in two round trips.
 *
 * A connection may be lost while the server commits. Then what was planned is looked for under the room's lock: it is
 * there whole, or not at all and tried again. Nobody is answered before that is known; if it takes too long they get
 * `storage.busy`, and their retry with the same nonce finds out.
 */
export class PgAppender {
  private connection: LogConnection | null = null;
  /** When the database ceased to answer, by `performance.now()`; null while it does. */
  private troubleSince: number | null = null;
  private lastFault: unknown;
  private lastFaultAt = -Infinity;
  private running: Promise<unknown> = Promise.resolve();
  private closed = false;

  /** `tell` is for the log of the server. */
  constructor(
    private readonly url: string,
    private readonly tell: (told: Record<string, unknown>) => void,
  ) {}

  /** One call at a time: the next begins when the one before has ended. */
  append(drafts: readonly Draft[]): Promise<Outcome[]> {
    const mine = this.running.then(() => this.appendPatiently(drafts));
    this.running = mine.catch(() => undefined);
    return mine;
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.running;
    await this.connection?.end();
    this.connection = null;
  }

  private async appendPatiently(drafts: readonly Draft[]): Promise<Outcome[]> {
    if (this.closed) {
      throw new DomainError('server.draining');
    }
    const began = performance.now();
    if (this.isGivenUp(began) && began - this.lastFaultAt < PROBE_MS) {
      throw refusalOf(this.lastFault);
    }
    let unknown: Plan | null = null;
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      const attempt: { plan: Plan | null } = { plan: unknown };
      try {
        const plan = await this.attempt(drafts, attempt);
        this.recovered();
        return plan.outcomes;
      } catch (error) {
        unknown = attempt.plan;
        this.drop();
        if (!isPassing(error)) {
          throw refusalOf(error);
        }
        this.trouble(error, began);
        if (this.closed || this.isGivenUp(performance.now())) {
          throw refusalOf(error);
        }
      }
      await sleep(pause);
    }
  }

  /** Stores the drafts once. `attempt.plan` is what may have been committed, from when that is asked for on. */
  private async attempt(drafts: readonly Draft[], attempt: { plan: Plan | null }): Promise<Plan> {
    this.connection = this.connection?.isOpen ? this.connection : await LogConnection.open(this.url);
    const { client } = this.connection;
    if (attempt.plan && (await wasCommitted(client, attempt.plan))) {
      return attempt.plan;
    }
    attempt.plan = null;
    const { state, now } = await lockAndRead(client, drafts);
    const plan = planAppend(drafts, state, now);
    attempt.plan = plan;
    await writeAndCommit(client, drafts, plan);
    return plan;
  }

  /** After any fault the connection is cut: nobody knows what it still has under way. */
  private drop(): void {
    this.connection?.cut();
    this.connection = null;
  }

  private trouble(error: unknown, since: number): void {
    if (this.troubleSince === null) {
      this.troubleSince = since;
      this.tell({ msg: 'the database does not take appends', error: String(error) });
    }
    this.lastFault = error;
    this.lastFaultAt = performance.now();
  }

  /** True once the trouble is too old to keep people waiting. From then on each batch is tried once. */
  private isGivenUp(now: number): boolean {
    return this.troubleSince !== null && now - this.troubleSince > PATIENCE_MS;
  }

  private recovered(): void {
    if (this.troubleSince !== null) {
      const seconds = (performance.now() - this.troubleSince) / 1000;
      this.tell({ msg: 'the database takes appends again', seconds: Number(seconds.toFixed(1)) });
      this.troubleSince = null;
    }
  }
}
