import { Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';

import { APP_CONFIG, type AppConfig } from '../config/app-config.js';
import { Bus } from './bus/bus.js';
import { MemoryBus } from './bus/memory.bus.js';
import { RedisBus } from './bus/redis.bus.js';
import { Census } from './cluster/census.js';
import { REDIS_LINK, type SharedLink } from './cluster/redis-link.token.js';
import { Seats } from './cluster/seats.js';
import { SharedCounters } from './cluster/shared.counter.js';
import { SharedSlots } from './cluster/shared.slots.js';
import { SharedWindows } from './cluster/shared.window.js';
import { Hub } from './hub.js';

/** The sockets of this node, and its way to the other nodes. */
@Module({
  providers: [
    Census,
    Hub,
    Seats,
    SharedCounters,
    SharedSlots,
    SharedWindows,
    {
      provide: REDIS_LINK,
      inject: [Bus],
      useFactory: (bus: Bus): SharedLink => (bus instanceof RedisBus ? bus.link : null),
    },
    {
      provide: Bus,
      inject: [APP_CONFIG, getDataSourceToken()],
      useFactory: async ({ redisUrl }: AppConfig, database: DataSource) =>
        redisUrl === null ? new MemoryBus() : new RedisBus(redisUrl, await prefixOf(database)),
    },
  ],
  exports: [Bus, Census, Hub, Seats, SharedCounters, SharedSlots, SharedWindows],
})
export class RealtimeModule implements OnApplicationShutdown {
  constructor(@Inject(Bus) private readonly bus: Bus) {}

  async onApplicationShutdown(): Promise<void> {
    await this.bus.close();
  }
}

/** Several installations may share one Redis: each has its own names there, made of what only its database holds. */
async function prefixOf(database: DataSource): Promise<string> {
  const [oldest] = await database.query<{ epoch: string }[]>('SELECT epoch FROM rooms ORDER BY id LIMIT 1');
  return `madang:1:${oldest?.epoch.slice(0, 13) ?? ''}:`;
}
