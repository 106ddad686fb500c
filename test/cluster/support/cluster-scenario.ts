import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Client } from 'pg';
import { afterEach, expect } from 'vitest';

import { ackedIsStored, broken, type StoredRow } from '../../faults/support/invariants.js';
import { Recorder, type RecorderOptions } from '../../faults/support/recorder.js';
import { removePlace } from '../../support/app.js';
import { databaseUrlOf } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import { aUser, uniqueAddress, type TestUser } from '../../support/factories.js';
import { promote, startProcess, type Exit, type ServerProcess } from '../../support/process.js';
import { RedisServer } from '../../support/redis.js';
import { RedisProxy } from './redis-proxy.js';

const running = new Set<ClusterScenario>();
afterEach(async () => {
  await Promise.all(Array.from(running, (scenario) => scenario.end()));
});

/** Nodes as processes of their own with a PostgreSQL database and a Redis, and the recorders that come and go with them. */
export class ClusterScenario {
  readonly recorders: Recorder[] = [];
  readonly nodes: ServerProcess[] = [];
  /** Nodes that have been ended and not started again. */
  private readonly gone = new Set<number>();
  private admin: TestUser | null = null;
  private turn = 0;

  private constructor(
    readonly redis: RedisServer,
    /** What every node has between itself and Redis. */
    readonly line: RedisProxy,
    private readonly dir: string,
    private readonly env: Record<string, string>,
  ) {}

  /** `env` is for all nodes, or for each by its number. */
  static async start(
    count = 3,
    env: Record<string, string> | ((node: number) => Record<string, string>) = {},
  ): Promise<ClusterScenario> {
    const dir = await mkdtemp(join(tmpdir(), 'madang-cluster-'));
    const redis = await RedisServer.start();
    const line = await RedisProxy.to(redis.port);
    const limits = { MAX_SOCKETS_PER_USER: '1000', MAX_HANDSHAKES_PER_SECOND: '5000', REDIS_URL: line.url };
    const scenario = new ClusterScenario(redis, line, dir, limits);
    running.add(scenario);
    for (let node = 0; node < count; node++) {
      scenario.nodes.push(await scenario.startNode(typeof env === 'function' ? env(node) : env));
    }
    await scenario.trusted();
    return scenario;
  }

  /** Sends a signal to a node and waits until it is gone. */
  async kill(node: number, signal: NodeJS.Signals): Promise<void> {
    this.gone.add(node);
    await this.nodes[node]!.kill(signal);
  }

  /** Starts a node again, with other settings if they are given. */
  async restart(node: number, env: Record<string, string> = {}): Promise<void> {
    this.nodes[node] = await this.startNode(env);
    this.gone.delete(node);
  }

  /** Waits until a node has ended by itself. */
  async ended(node: number): Promise<Exit> {
    const exit = await this.nodes[node]!.exited;
    this.gone.add(node);
    return exit;
  }

  /** Resolves when every node says that all is well. */
  async trusted(): Promise<void> {
    await eventually('all nodes to be well', async () => {
      const answers = await Promise.all(
        this.live.map((node) =>
          node
            .client()
            .get('/health/ready')
            .catch(() => ({ text: '' })),
        ),
      );
      return answers.every(({ text }) => text.includes('"ok"'));
    });
  }

  get live(): ServerProcess[] {
    return this.nodes.filter((_, index) => !this.gone.has(index));
  }

  /** Somebody who may post as much as they like, at home at a node; when that is gone they go to another. */
  async writer(name: string, home: number): Promise<Recorder> {
    return this.device(name, await this.staff(home), home);
  }

  /** An administrator. */
  async staff(home: number): Promise<TestUser> {
    const person = await aUser(this.nodes[home]!);
    if (this.admin) {
      await this.admin.client.patch(`/api/users/${person.user.id}`, { role: 'admin' });
    } else {
      await promote(this.nodes[home]!, person.username);
      this.admin = person;
    }
    return person;
  }

  /** One of the sockets of a person. */
  device(name: string, { user, cookie }: TestUser, home: number): Recorder {
    return this.join({ name, userId: user.id, cookie, address: uniqueAddress() }, home);
  }

  /** People who only look on, spread over the nodes as a load balancer would. */
  async viewers(count: number): Promise<Recorder[]> {
    const crowd = Array.from({ length: count }, (_, index) =>
      this.join({ name: `viewer ${index}`, address: uniqueAddress() }, index % this.nodes.length),
    );
    await Promise.all(crowd.map((viewer) => viewer.isLive()));
    return crowd;
  }

  /** The lobby's log as it is in the database. */
  async rows(): Promise<StoredRow[]> {
    const rows = await this.query<Record<keyof StoredRow, string | null>>(
      `SELECT seq, entries.id, event, author_id AS "authorId", nonce, text, target, removed_by AS "removedBy", data, at
       FROM entries JOIN rooms ON rooms.id = room_id WHERE slug = 'lobby' ORDER BY seq`,
    );
    const number = (value: string | null) => (value === null ? null : Number(value));
    return rows.map(
      (row) =>
        ({
          ...row,
          seq: Number(row.seq),
          target: number(row.target),
          removedBy: number(row.removedBy),
          at: Number(row.at),
        }) as StoredRow,
    );
  }

  /** Waits until everything said is acknowledged and everybody has everything, and then checks every promise. */
  async settle(ms = 30_000): Promise<StoredRow[]> {
    const staying = this.recorders.filter((recorder) => !recorder.isSentAway);
    await Promise.all(staying.map((recorder) => recorder.allAcked(ms)));
    const rows = await this.rows();
    const head = rows.at(-1)?.seq ?? 0;
    await Promise.all(staying.map((recorder) => recorder.has(head, ms)));
    await Promise.all(staying.map((recorder) => recorder.isLive(ms)));
    const [room] = await this.query<{ epoch: string }>(`SELECT epoch FROM rooms WHERE slug = 'lobby'`);
    const clients = staying.map(({ log }) => log);
    expect(broken({ epoch: room!.epoch, rows, clients })).toEqual([]);
    // Whoever was sent away has not seen the end, and was still told the truth.
    const others = this.recorders.filter((recorder) => recorder.isSentAway).map(({ log }) => log);
    expect(ackedIsStored({ epoch: room!.epoch, rows, clients: others })).toEqual([]);
    return rows;
  }

  async end(): Promise<void> {
    running.delete(this);
    this.recorders.forEach((recorder) => recorder.stop());
    await Promise.all(this.nodes.map((node) => node.stop()));
    await this.line.close();
    await this.redis.stop();
    await removePlace(this.dir);
  }

  private startNode(env: Record<string, string>): Promise<ServerProcess> {
    return startProcess({ env: { ...this.env, ...env }, dir: this.dir });
  }

  private join(options: Omit<RecorderOptions, 'url'>, home: number): Recorder {
    const url = () => {
      const node = this.gone.has(home) ? this.live[this.turn++ % this.live.length] : this.nodes[home];
      return (node ?? this.nodes[home]!).url;
    };
    const recorder = new Recorder({ url, ...options }).connect();
    this.recorders.push(recorder);
    return recorder;
  }

  private async query<Row>(sql: string): Promise<Row[]> {
    const client = new Client({ connectionString: databaseUrlOf(this.dir) });
    await client.connect();
    try {
      return (await client.query(sql)).rows as Row[];
    } finally {
      await client.end();
    }
  }
}

/** How long entries took from being sent by their writer to being applied by the others, in ms. */
export function delaysOf(writers: readonly Recorder[], readers: readonly Recorder[], since = 0): number[] {
  return writers.flatMap((writer) => {
    const seqOf = new Map(writer.acks.map(({ nonce, seq }) => [nonce, seq]));
    return writer.sends
      .filter(({ at }) => at >= since)
      .flatMap(({ nonce, at }) => {
        const seq = seqOf.get(nonce);
        return readers.flatMap((reader) => {
          const applied = seq === undefined ? undefined : reader.appliedAt.get(seq);
          return applied === undefined ? [] : [Math.round(applied - at)];
        });
      });
  });
}
