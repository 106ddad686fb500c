import { existsSync, renameSync } from 'node:fs';

import SqliteDatabase from 'better-sqlite3';
import { DataSource } from 'typeorm';

import { translate, type MessageKey } from '../common/i18n/translate.js';
import { configOfProcess, localeOfProcess } from '../config/load-env.js';
import { migrationOptions } from './data-source.js';
import { APPLICATION_NAME } from './postgres-client.js';
import { runMigrations } from './run-migrations.js';
import { lockFile } from './sqlite-lock.js';

/** A fresh name for every log, made by the engine. */
const NEW_EPOCH = {
  sqlite: 'lower(hex(randomblob(16)))',
  postgres: 'gen_random_uuid()::text',
};

const config = configOfProcess();
const locale = localeOfProcess();
const [backup] = process.argv.slice(2);

try {
  const { database } = config;
  if (database.type === 'sqlite') {
    const lock = lockFile(database.file);
    try {
      if (backup !== undefined) {
        putBack(backup, database.file);
      }
      await newEpochs();
    } finally {
      lock.close();
    }
  } else if (backup === undefined) {
    await newEpochs();
  } else {
    throw sentence('cli.restore.postgres');
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

/** Puts a backup in the place of the database, whose files stay beside it under another name. */
function putBack(from: string, file: string): void {
  if (!existsSync(from)) {
    throw sentence('cli.restore.missing', { file: from });
  }
  const copy = `${file}.restoring`;
  const source = new SqliteDatabase(from, { readonly: true });
  try {
    if (source.pragma('integrity_check', { simple: true }) !== 'ok') {
      throw sentence('cli.restore.broken', { file: from });
    }
    // Not a copy of the file: what is still in its WAL comes along.
    source.prepare('VACUUM INTO ?').run(copy);
  } finally {
    source.close();
  }
  const aside = `${file}.before-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`;
  for (const suffix of ['', '-wal', '-shm']) {
    if (existsSync(file + suffix)) {
      renameSync(file + suffix, aside + suffix);
    }
  }
  renameSync(copy, file);
  process.stdout.write(`${sentence('cli.restore.aside', { file: aside }).message}\n`);
}

/** A page that knew the log before must not mix the two histories: under another epoch it starts over. */
async function newEpochs(): Promise<void> {
  await runMigrations(config);
  const dataSource = await new DataSource(migrationOptions(config)).initialize();
  try {
    const { type } = config.database;
    if (type === 'postgres') {
      await refuseWhileServing(dataSource);
    }
    await dataSource.query(`UPDATE rooms SET epoch = ${NEW_EPOCH[type]}`);
    const [counted] = await dataSource.query<{ rooms: number }[]>('SELECT count(*) AS rooms FROM rooms');
    process.stdout.write(`${sentence('cli.restore.done', { count: counted?.rooms ?? 0 }).message}\n`);
  } finally {
    await dataSource.destroy();
  }
}

/** A node that runs would go on under the epoch that it knows. */
async function refuseWhileServing(dataSource: DataSource): Promise<void> {
  const nodes: unknown[] = await dataSource.query(
    `SELECT 1 FROM pg_stat_activity
     WHERE datname = current_database() AND application_name LIKE '${APPLICATION_NAME} log'`,
  );
  if (nodes.length > 0) {
    throw sentence('cli.restore.serving');
  }
}

function sentence(key: MessageKey, params?: Record<string, string | number>): Error {
  return new Error(translate(locale, key, params));
}
