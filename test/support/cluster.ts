import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Bus } from '../../src/realtime/bus/bus.js';
import { removePlace, startApp, type AppOptions, type TestApp } from './app.js';
import { eventually } from './eventually.js';
import { RedisServer } from './redis.js';

export interface Cluster {
  nodes: TestApp[];
  redis: RedisServer;
  /** Starts one more node. */
  join(options?: Omit<AppOptions, 'dir'>): Promise<TestApp>;
  /** Resolves when every node trusts the bus. */
  trusted(): Promise<void>;
  stop(): Promise<void>;
}

/** Nodes of one installation in this process, with a database and a Redis of their own. */
export async function startCluster(count: number, options: Omit<AppOptions, 'dir'> = {}): Promise<Cluster> {
  const dir = await mkdtemp(join(tmpdir(), 'madang-cluster-'));
  const redis = await RedisServer.start();
  const nodes: TestApp[] = [];
  const cluster: Cluster = {
    nodes,
    redis,
    join: async (more = {}) => {
      const node = await startApp({
        ...options,
        ...more,
        dir,
        env: { REDIS_URL: redis.url, ...options.env, ...more.env },
      });
      nodes.push(node);
      return node;
    },
    trusted: async () => {
      await eventually('trust in the bus', () => nodes.every((node) => node.get(Bus).isTrusted));
    },
    stop: async () => {
      await Promise.all(nodes.map((node) => node.stop()));
      await redis.stop();
      await removePlace(dir);
    },
  };
  for (let node = 0; node < count; node++) {
    await cluster.join();
  }
  await cluster.trusted();
  return cluster;
}
