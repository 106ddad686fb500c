import { existsSync, readFileSync } from 'node:fs';

import { translate, type MessageKey } from '../common/i18n/translate.js';
import { databaseAddress } from '../config/database-address.js';
import { configOfProcess, localeOfProcess } from '../config/load-env.js';
import { move, MoveError, MOVING } from './moving/move.js';
import { SourceFile } from './moving/source.file.js';
import { TargetServer } from './moving/target.server.js';
import { runMigrations } from './run-migrations.js';
import { SECRET_VALUE, secretFile } from './secret-place.js';
import { lockFile } from './sqlite-lock.js';

const config = configOfProcess();
const locale = localeOfProcess();
const say = (key: MessageKey, params?: Record<string, string | number>) =>
  process.stdout.write(`${translate(locale, key, params)}\n`);

try {
  await moveDatabase();
} catch (error) {
  const told =
    error instanceof MoveError
      ? translate(locale, `cli.move.${error.reason}`, { what: error.what })
      : error instanceof Error
        ? error.message
        : String(error);
  process.stderr.write(`${told}\n`);
  process.exitCode = 1;
}

async function moveDatabase(): Promise<void> {
  const target = databaseAddress(process.argv[2] ?? null, (_name, _what, instead) => instead);
  const { database } = config;
  if (database.type !== 'sqlite' || target.type !== 'postgres' || !existsSync(database.file)) {
    throw new Error(translate(locale, 'cli.move.usage'));
  }
  const lock = lockFile(database.file);
  try {
    await runMigrations(config);
    await runMigrations({ database: target });
    const source = new SourceFile(database.file);
    const server = await TargetServer.open(target.url);
    try {
      const results = await move(source, server, (table, rows) => say('cli.move.copied', { table, rows }));
      for (const { table, tally } of results) {
        say('cli.move.compared', { table, rows: tally.rows, sum: tally.sum.slice(0, 16) });
      }
      // People stay logged in.
      const secret = secretFile(database.file);
      if (existsSync(secret)) {
        await server.setValue(SECRET_VALUE, readFileSync(secret, 'utf8').trim());
      }
      await server.dropValue(MOVING);
      say('cli.move.done');
    } finally {
      source.close();
      await server.close();
    }
  } finally {
    lock.close();
  }
}
