import { createHash } from 'node:crypto';
import { join } from 'node:path';

import SqliteDatabase from 'better-sqlite3';
import { Client, DatabaseError } from 'pg';

/** The databases a run of the suites made are named with this, so that all of them can be dropped at its end. */
const PREFIX = `madang_test_${process.env['TEST_RUN'] ?? 'alone'}_`;

/** Where tests may make databases; a server of one's own, or the one of the machine. */
export const POSTGRES_URL = process.env['TEST_POSTGRES_URL'] ?? 'postgres://postgres@127.0.0.1:5432/postgres';

/** True when the suites run on PostgreSQL: `npm run test:postgres`. */
export const onPostgres = process.env['TEST_DATABASE'] === 'postgres';

/** The `DATABASE_URL` of an app with this directory: a file in it, or a database named after it. */
export function databaseUrlOf(dir: string): string {
  return onPostgres ? urlOf(nameOf(dir)) : join(dir, 'madang.db');
}

/** Makes the database of a directory, unless it is there already or is a file, which makes itself. */
export async function makeDatabase(dir: string): Promise<void> {
  if (onPostgres) {
    await createDatabase(nameOf(dir)).catch((error: unknown) => {
      // 42P04: an earlier app of this directory made it.
      if (!(error instanceof DatabaseError && error.code === '42P04')) {
        throw error;
      }
    });
  }
}

/** Drops the database of a directory, whoever is still connected. */
export async function dropDatabase(dir: string): Promise<void> {
  if (onPostgres) {
    await administer(`DROP DATABASE IF EXISTS ${nameOf(dir)} WITH (FORCE)`);
  }
}

/** Asks the database of a directory from outside, beside the server that uses it; the same on every engine. */
export async function lookInto(dir: string, query: string): Promise<Record<string, unknown>[]> {
  if (onPostgres) {
    return ask(databaseUrlOf(dir), query);
  }
  const file = new SqliteDatabase(databaseUrlOf(dir), { readonly: true });
  try {
    return file.prepare<[], Record<string, unknown>>(query).all();
  } finally {
    file.close();
  }
}

/** A fresh database on PostgreSQL whatever the suites run on; answers its URL. It is dropped when the run ends. */
export async function freshPostgres(name: string): Promise<string> {
  const full = nameOf(`${name} ${process.pid} ${performance.now()}`);
  await createDatabase(full);
  return urlOf(full);
}

/** Whether a PostgreSQL server answers. */
export async function postgresAnswers(): Promise<boolean> {
  return administer('SELECT 1').then(
    () => true,
    () => false,
  );
}

/** Drops every database of this run. */
export async function dropAll(): Promise<void> {
  const rows = await administer(`SELECT datname FROM pg_database WHERE starts_with(datname, '${PREFIX}')`);
  for (const { datname } of rows) {
    await administer(`DROP DATABASE IF EXISTS ${String(datname)} WITH (FORCE)`);
  }
}

function nameOf(dir: string): string {
  return PREFIX + createHash('sha256').update(dir).digest('hex').slice(0, 12);
}

function urlOf(name: string): string {
  const url = new URL(POSTGRES_URL);
  url.pathname = `/${name}`;
  return url.href;
}

async function createDatabase(name: string): Promise<void> {
  await administer(`CREATE DATABASE ${name}`);
}

function administer(sql: string): Promise<Record<string, unknown>[]> {
  return ask(POSTGRES_URL, sql);
}

async function ask(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 3000 });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}
