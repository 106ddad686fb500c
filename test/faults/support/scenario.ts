import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import Database from 'better-sqlite3';
import { afterEach, expect } from 'vitest';

import { aUser, uniqueAddress, type TestUser } from '../../support/factories.js';
import { promote, startProcess, type ServerProcess } from '../../support/process.js';
import { FaultProxy } from './fault-proxy.js';
import { broken, type StoredRow } from './invariants.js';
import { Recorder, type RecorderOptions } from './recorder.js';

/** `FAULTS=long` is for nights: more rounds of everything. */
export const LONG = process.env['FAULTS'] === 'long';

const running = new Set<Scenario>();
afterEach(async () => {
  await Promise.all(Array.from(running, (scenario) => scenario.end()));
});

interface StartOptions {
  env?: Record<string, string>;
  /** Where its files are; a fresh folder otherwise. */
  dir?: string;
}

/** A server that may be killed and started again, and the recorders that come and go with it. */
export class Scenario {
  readonly recorders: Recorder[] = [];
  private readonly proxies: FaultProxy[] = [];
  private admin: TestUser | null = null;

  private constructor(
    public server: ServerProcess,
    private readonly first: ServerProcess,
    private readonly env: Record<string, string>,
  ) {}

  static async start({ env = {}, dir }: StartOptions = {}): Promise<Scenario> {
    const limits = { MAX_SOCKETS_PER_USER: '1000', MAX_HANDSHAKES_PER_SECOND: '5000' };
    const all = { ...limits, ...env };
    const server = await startServer(all, dir);
    const scenario = new Scenario(server, server, all);
    running.add(scenario);
    return scenario;
  }

  /** Starts the server again on its files, with failpoints or without. */
  async restart(env: Record<string, string> = {}): Promise<void> {
    this.server = await startServer({ ...this.env, ...env }, this.first.dir);
  }

  async proxy(): Promise<FaultProxy> {
    const proxy = await FaultProxy.to(() => this.server.port);
    this.proxies.push(proxy);
    return proxy;
  }

  /** Somebody who may post as much as they like. */
  async writer(name: string, through?: FaultProxy): Promise<Recorder> {
    const person = await aUser(this.server);
    if (this.admin) {
      await this.admin.client.patch(`/api/users/${person.user.id}`, { role: 'admin' });
    } else {
      await promote(this.server, person.username);
      this.admin = person;
    }
    return this.join(
      { name, userId: person.user.id, cookie: person.cookie, address: uniqueAddress() },
      through,
    );
  }

  /** Somebody who only looks on. */
  viewer(name: string, through?: FaultProxy, options: Partial<RecorderOptions> = {}): Recorder {
    return this.join({ name, address: uniqueAddress(), ...options }, through);
  }

  async viewers(count: number, through?: FaultProxy): Promise<Recorder[]> {
    const crowd = Array.from({ length: count }, (_, index) => this.viewer(`viewer ${index}`, through));
    await Promise.all(crowd.map((viewer) => viewer.isLive()));
    return crowd;
  }

  /** Sends some away for good, with all that they have kept. */
  dismiss(gone: readonly Recorder[]): void {
    for (const recorder of gone) {
      recorder.stop();
      this.recorders.splice(this.recorders.indexOf(recorder), 1);
    }
  }

  /** The lobby's log as it is on the disk. */
  rows(): StoredRow[] {
    return this.read((database) =>
      database
        .prepare<[], StoredRow>(
          `SELECT seq, entries.id, event, author_id AS authorId, nonce, text, target, removed_by AS removedBy, data, at
           FROM entries JOIN rooms ON rooms.id = room_id WHERE slug = 'lobby' ORDER BY seq`,
        )
        .all(),
    );
  }

  epoch(): string {
    return this.read((database) =>
      database.prepare("SELECT epoch FROM rooms WHERE slug = 'lobby'").pluck().get(),
    ) as string;
  }

  integrity(): unknown {
    return this.read((database) => database.pragma('integrity_check', { simple: true }));
  }

  get databaseFile(): string {
    return join(this.first.dir, 'madang.db');
  }

  /** Waits until everything said is acknowledged and everybody has everything, and then checks every promise. */
  async settle(recorders: readonly Recorder[] = this.recorders, ms = 30_000): Promise<StoredRow[]> {
    await Promise.all(recorders.map((recorder) => recorder.allAcked(ms)));
    const rows = this.rows();
    const head = rows.at(-1)?.seq ?? 0;
    await Promise.all(recorders.map((recorder) => recorder.has(head, ms)));
    await Promise.all(recorders.map((recorder) => recorder.isLive(ms)));
    expect(broken({ epoch: this.epoch(), rows, clients: recorders.map(({ log }) => log) })).toEqual([]);
    return rows;
  }

  async end(): Promise<void> {
    running.delete(this);
    this.recorders.forEach((recorder) => recorder.stop());
    await Promise.all(this.proxies.map((proxy) => proxy.close()));
    await this.server.stop();
    await this.first.stop();
  }

  private join(options: Omit<RecorderOptions, 'url'>, through?: FaultProxy): Recorder {
    const recorder = new Recorder({ url: () => through?.url ?? this.server.url, ...options }).connect();
    this.recorders.push(recorder);
    return recorder;
  }

  private read<T>(look: (database: Database.Database) => T): T {
    const database = new Database(this.databaseFile, { readonly: true });
    try {
      return look(database);
    } finally {
      database.close();
    }
  }
}

function startServer(env: Record<string, string>, dir: string | undefined): Promise<ServerProcess> {
  return startProcess(dir === undefined ? { env } : { env, dir });
}

/** Posts of several people at a steady pace, by the clock rather than by the answers. */
export class Load {
  private readonly timer: NodeJS.Timeout;
  private readonly started = performance.now();
  private said = 0;

  constructor(writers: readonly Recorder[], perSecond: number, { text = 'load' } = {}) {
    this.timer = setInterval(() => {
      const due = ((performance.now() - this.started) / 1000) * perSecond;
      for (; this.said < due; this.said++) {
        const writer = writers[this.said % writers.length]!;
        writer.say(`${text} ${this.said}`, `${loads}-${writer.options.name}-${this.said}`);
      }
    }, 5);
    loads++;
  }

  get count(): number {
    return this.said;
  }

  stop(): void {
    clearInterval(this.timer);
  }
}

/** Nonces of one load are not those of another. */
let loads = 10_000_000;

/** Lets time pass. For load to flow, never in place of an event. */
export function flow(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** The resident memory of a process, in MiB. */
export function memoryOf({ pid }: ServerProcess): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1024;
}

/** The value below which a share of them lie. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}
