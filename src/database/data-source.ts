import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

import type { DataSourceOptions } from 'typeorm';

import type { AppConfig } from '../config/app-config.js';
import { Initial1764000000000 } from './migrations/1764000000000-initial.js';
import { Ai1764100000000 } from './migrations/1764100000000-ai.js';
import { SnakeNamingStrategy } from './snake-naming.strategy.js';
import { applyPragmas } from './sqlite-pragmas.js';

/** Every schema change in order, by name: no globs, so that a build cannot lose one. Never edited after release. */
export const MIGRATIONS = [Initial1764000000000, Ai1764100000000];

/** TypeORM's options for this server's database; the folder of the file is made when it is missing. */
export function dataSourceOptions(config: Pick<AppConfig, 'databaseFile'>): DataSourceOptions {
  // Password hashes and conversations live here: a folder we make is its owner's alone.
  mkdirSync(dirname(config.databaseFile), { recursive: true, mode: 0o700 });
  return {
    type: 'better-sqlite3',
    database: config.databaseFile,
    prepareDatabase: applyPragmas,
    namingStrategy: new SnakeNamingStrategy(),
    migrations: MIGRATIONS,
    synchronize: false,
  };
}
