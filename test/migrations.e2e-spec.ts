import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { DataSource } from 'typeorm';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { AiUsageRow } from '../src/ai/budget/usage.entity.js';
import { AiGeneration } from '../src/ai/generation/generation.entity.js';
import { Session } from '../src/auth/session.entity.js';
import { Entry } from '../src/chat/entry.entity.js';
import { Room } from '../src/chat/room.entity.js';
import { dataSourceOptions, MIGRATIONS } from '../src/database/data-source.js';
import { User } from '../src/users/user.entity.js';

const ENTITIES = [AiGeneration, AiUsageRow, Entry, Room, Session, User];

let dir: string;
let database: DataSource;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'madang-'));
  const options = dataSourceOptions({ databaseFile: join(dir, 'sub', 'madang.db') });
  database = await new DataSource({ ...options, entities: ENTITIES }).initialize();
});
afterAll(async () => {
  await database.destroy();
  rmSync(dir, { recursive: true });
});

const tables = async () => {
  const rows: { name: string }[] = await database.query(
    `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT IN ('migrations', 'sqlite_sequence') ORDER BY name`,
  );
  return rows.map(({ name }) => name);
};
const slugs = async () => {
  const rows: { slug: string }[] = await database.query('SELECT slug FROM rooms ORDER BY id');
  return rows.map(({ slug }) => slug);
};

it('makes an empty database into the one the entities describe, with its first rooms', async () => {
  const done = await database.runMigrations();
  expect(done.map(({ name }) => name)).toEqual(MIGRATIONS.map((migration) => migration.name));
  expect(await slugs()).toEqual(['lobby', 'main']);

  const drift = await database.driver.createSchemaBuilder().log();
  expect(drift.upQueries.map(({ query }) => query)).toEqual([]);
});

it('goes down to nothing and up again', async () => {
  expect(await tables()).not.toEqual([]);
  for (const _ of MIGRATIONS) {
    await database.undoLastMigration();
  }
  expect(await tables()).toEqual([]);

  await database.runMigrations();
  expect(await slugs()).toEqual(['lobby', 'main']);
  expect(await database.runMigrations()).toEqual([]);
});

it('is a command that says what it did', async () => {
  const env = { PATH: process.env['PATH'], DATABASE_URL: join(dir, 'command.db'), LANG: 'ko_KR.UTF-8' };
  const migrate = () => promisify(execFile)(process.execPath, ['dist/database/migrate.js'], { env });
  expect((await migrate()).stdout).toContain('Initial1764000000000');
  expect((await migrate()).stdout).toBe('데이터베이스가 최신 상태예요.\n');
});
