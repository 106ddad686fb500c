import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

import { Logger } from '@nestjs/common';
import type { Database } from 'better-sqlite3';
import type { DataSourceOptions } from 'typeorm';

import type { AppConfig } from '../config/app-config.js';
import { Initial1764000000000 } from './migrations/1764000000000-initial.js';
import { Ai1764100000000 } from './migrations/1764100000000-ai.js';
import { AiSettings1764200000000 } from './migrations/1764200000000-ai-settings.js';
import { AiQueue1764210000000 } from './migrations/1764210000000-ai-queue.js';
import { Moderation1764300000000 } from './migrations/1764300000000-moderation.js';
import { ModerationWords1764300000001 } from './migrations/1764300000001-moderation-words.js';
import { RoomModes1764310000000 } from './migrations/1764310000000-room-modes.js';
import { HeldMessages1764320000000 } from './migrations/1764320000000-held-messages.js';
import { AiReadings1764400000000 } from './migrations/1764400000000-ai-readings.js';
import { ServerValues1764700000000 } from './migrations/1764700000000-server-values.js';
import { Actions1764810000000 } from './migrations/1764810000000-actions.js';
import { ModerationActs1764820000000 } from './migrations/1764820000000-moderation-acts.js';
import { AiSearch1764950000000 } from './migrations/1764950000000-ai-search.js';
import { AddressBans1764960000000 } from './migrations/1764960000000-address-bans.js';
import { Search1764980000000 } from './migrations/1764980000000-search.js';
import { Reports1765000000000 } from './migrations/1765000000000-reports.js';
import { Warnings1765000001000 } from './migrations/1765000001000-warnings.js';
import { People1765000002000 } from './migrations/1765000002000-people.js';
import { Guests1765001000000 } from './migrations/1765001000000-guests.js';
import { Departures1765001010000 } from './migrations/1765001010000-departures.js';
import { Emotes1765002000000 } from './migrations/1765002000000-emotes.js';
import { IgnoredPeople1765002010000 } from './migrations/1765002010000-ignored-people.js';
import { Polls1766100000000 } from './migrations/1766100000000-polls.js';
import { RuleConsents1766200000000 } from './migrations/1766200000000-rule-consents.js';
import { Timers1766200010000 } from './migrations/1766200010000-timers.js';
import { EventSessions1766200020000 } from './migrations/1766200020000-event-sessions.js';
import { Raids1766300000000 } from './migrations/1766300000000-raids.js';
import { StreamReactions1766100010000 } from './migrations/1766100010000-stream-reactions.js';
import { Questions1766100020000 } from './migrations/1766100020000-questions.js';
import { AiWatch1766400000000 } from './migrations/1766400000000-ai-watch.js';
import { HeldChecks1766400010000 } from './migrations/1766400010000-held-checks.js';
import { APPLICATION_NAME, postgresTypes } from './postgres-client.js';
import { SnakeNamingStrategy } from './snake-naming.strategy.js';
import { addFunctions } from './sqlite-functions.js';
import { applyPragmas } from './sqlite-pragmas.js';

/** Every schema change in order, by name: no globs, so that a build cannot lose one. Never edited after release. */
export const MIGRATIONS = [
  Initial1764000000000,
  Ai1764100000000,
  AiSettings1764200000000,
  AiQueue1764210000000,
  Moderation1764300000000,
  ModerationWords1764300000001,
  RoomModes1764310000000,
  HeldMessages1764320000000,
  AiReadings1764400000000,
  ServerValues1764700000000,
  Actions1764810000000,
  ModerationActs1764820000000,
  AiSearch1764950000000,
  AddressBans1764960000000,
  Search1764980000000,
  Reports1765000000000,
  Warnings1765000001000,
  People1765000002000,
  Guests1765001000000,
  Departures1765001010000,
  Emotes1765002000000,
  IgnoredPeople1765002010000,
  Polls1766100000000,
  StreamReactions1766100010000,
  Questions1766100020000,
  RuleConsents1766200000000,
  Timers1766200010000,
  EventSessions1766200020000,
  Raids1766300000000,
  AiWatch1766400000000,
  HeldChecks1766400010000,
];

/** Connections of one node beside the log's own. Three nodes stay far below PostgreSQL's 100. */
const POOL_SIZE = 10;
const CONNECT_MS = 5000;
/** Nobody waits longer for a page or a query; the log has limits of its own. */
const QUERY_MS = 10_000;

type Options = Pick<AppConfig, 'database'>;

/** TypeORM's options for this server's database; the folder of a file is made when it is missing. */
export function dataSourceOptions({ database }: Options): DataSourceOptions {
  const shared = {
    namingStrategy: new SnakeNamingStrategy(),
    migrations: MIGRATIONS,
    synchronize: false,
  } as const;
  if (database.type === 'postgres') {
    return {
      ...shared,
      type: 'postgres',
      url: database.url,
      applicationName: APPLICATION_NAME,
      poolSize: POOL_SIZE,
      connectTimeoutMS: CONNECT_MS,
      // Whoever asks next is told; a connection that was only waiting has nobody to tell.
      poolErrorHandler: (error: unknown) =>
        new Logger('Database').warn({ msg: 'a connection was lost', error: String(error) }),
      extra: { types: postgresTypes, keepAlive: true, statement_timeout: QUERY_MS, query_timeout: QUERY_MS },
    };
  }
  // Password hashes and conversations live here: a folder we make is its owner's alone.
  mkdirSync(dirname(database.file), { recursive: true, mode: 0o700 });
  return {
    ...shared,
    type: 'better-sqlite3',
    database: database.file,
    prepareDatabase: (connection: Database) => {
      applyPragmas(connection);
      addFunctions(connection);
    },
  };
}

/** The same for changing the schema, which takes as long as it takes. */
export function migrationOptions(config: Options): DataSourceOptions {
  const options = dataSourceOptions(config);
  return options.type === 'postgres' ? { ...options, extra: { types: postgresTypes } } : options;
}
