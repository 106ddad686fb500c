import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { IgnoredPerson } from '../src/account/ignored/ignored-person.entity.js';
import { AiBudget } from '../src/ai/budget/budget.entity.js';
import { AiUsageRow } from '../src/ai/budget/usage.entity.js';
import { AiGeneration } from '../src/ai/generation/generation.entity.js';
import { AiReading } from '../src/ai/reading/reading.entity.js';
import { AiSearchMark, AiSearchPair } from '../src/ai/search/search-index.entity.js';
import { SearchCursor } from '../src/chat/search/search-cursor.entity.js';
import { SearchPair } from '../src/chat/search/search-pair.entity.js';
import { AiPersona } from '../src/ai/settings/persona.entity.js';
import { AiSetting } from '../src/ai/settings/setting.entity.js';
import { AddressBan } from '../src/auth/address-bans/address-ban.entity.js';
import { Session } from '../src/auth/session.entity.js';
import { Action } from '../src/chat/log/action.entity.js';
import { Emote } from '../src/chat/emotes/emote.entity.js';
import { Sanction } from '../src/chat/log/sanction.entity.js';
import { HeldMessage } from '../src/chat/log/held-message.entity.js';
import { SaidText } from '../src/chat/log/said-text.entity.js';
import { SlowPost } from '../src/chat/log/slow-post.entity.js';
import { Entry } from '../src/chat/messages/entry.entity.js';
import { RoomModerator } from '../src/chat/rooms/room-moderator.entity.js';
import { Room } from '../src/chat/rooms/room.entity.js';
import { loadConfig } from '../src/config/app-config.js';
import { dataSourceOptions, MIGRATIONS } from '../src/database/data-source.js';
import { BlockedTerm } from '../src/moderation/terms/term.entity.js';
import { runMigrations } from '../src/database/run-migrations.js';
import { ServerValue } from '../src/database/server-value.entity.js';
import { User } from '../src/users/user.entity.js';
import { freshPostgres, onPostgres, postgresAnswers } from './support/database.js';

const ENTITIES = [
  Action,
  AddressBan,
  AiBudget,
  AiGeneration,
  AiPersona,
  AiReading,
  AiSearchMark,
  AiSearchPair,
  SearchCursor,
  SearchPair,
  AiSetting,
  AiUsageRow,
  BlockedTerm,
  Emote,
  Entry,
  Room,
  RoomModerator,
  Sanction,
  ServerValue,
  Session,
  HeldMessage,
  IgnoredPerson,
  SaidText,
  SlowPost,
  User,
];

const TABLES = {
  sqlite: `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT IN ('migrations', 'sqlite_sequence')`,
  postgres: `SELECT table_name AS name FROM information_schema.tables
             WHERE table_schema = 'public' AND table_name <> 'migrations'`,
};

const dir = mkdtempSync(join(tmpdir(), 'madang-'));
afterAll(() => rmSync(dir, { recursive: true }));

const hasPostgres = await postgresAnswers();

describe.for(['sqlite', 'postgres'] as const)('the schema on %s', (engine) => {
  const newDatabase = (name: string) =>
    engine === 'sqlite' ? join(dir, 'sub', `${name}.db`) : freshPostgres(name);

  // The suite of PostgreSQL also runs under lines of Node that better-sqlite3 was not compiled for.
  const isHere = engine === 'sqlite' ? !onPostgres : hasPostgres;

  let url: string;
  let database: DataSource;
  beforeAll(async () => {
    if (!isHere) {
      return;
    }
    url = await newDatabase('migrations');
    const options = dataSourceOptions(loadConfig({ DATABASE_URL: url }));
    database = await new DataSource({ ...options, entities: ENTITIES }).initialize();
  });
  afterAll(() => database?.destroy());

  const tables = async () => {
    const rows: { name: string }[] = await database.query(TABLES[engine]);
    return rows.map(({ name }) => name);
  };
  const slugs = async () => {
    const rows: { slug: string }[] = await database.query('SELECT slug FROM rooms ORDER BY id');
    return rows.map(({ slug }) => slug);
  };
  it.runIf(isHere)('is what the entities describe, with the first rooms in it', async () => {
    const done = await database.runMigrations();
    expect(done.map(({ name }) => name)).toEqual(MIGRATIONS.map((migration) => migration.name));
    expect(await slugs()).toEqual(['lobby', 'main']);

    const drift = await database.driver.createSchemaBuilder().log();
    expect(drift.upQueries.map(({ query }) => query)).toEqual([]);
  });

  it.runIf(isHere)('goes down to nothing and up again', async () => {
    expect(await tables()).not.toEqual([]);
    for (const _ of MIGRATIONS) {
      await database.undoLastMigration();
    }
    expect(await tables()).toEqual([]);

    await database.runMigrations();
    expect(await slugs()).toEqual(['lobby', 'main']);
    expect(await database.runMigrations()).toEqual([]);
  });

  it.runIf(isHere)('comes by a command that says what it did', async () => {
    const DATABASE_URL = await newDatabase('command');
    const env = { PATH: process.env['PATH'], DATABASE_URL, LANG: 'ko_KR.UTF-8' };
    const migrate = () => promisify(execFile)(process.execPath, ['dist/database/migrate.js'], { env });
    expect((await migrate()).stdout).toContain('Initial1764000000000');
    expect((await migrate()).stdout).toBe('데이터베이스가 최신 상태예요.\n');
  });
});

it.runIf(hasPostgres)('is made once by nodes that start together', async () => {
  const config = loadConfig({ DATABASE_URL: await freshPostgres('race') });
  const done = await Promise.all([1, 2, 3].map(() => runMigrations(config)));
  expect(done.flat().toSorted()).toEqual(MIGRATIONS.map(({ name }) => name).toSorted());
});
