import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

import type { AppConfig } from '../config/app-config.js';
import { SECRET_VALUE, secretFile } from '../database/secret-place.js';
import type { ServerValuesRepository } from '../database/server-values.repository.js';

/** The injection token of the key that signs session cookies. */
export const SESSION_SECRET = Symbol('SessionSecret');

/**
 * The key that signs session cookies: the configured one, else one that is made once and kept with the database: in a
 * file beside SQLite's which only its owner can read, in a row of PostgreSQL for all nodes. Losing it logs everybody out
 * and harms nothing else.
 */
export async function sessionSecret(
  { sessionSecret: configured, database }: Pick<AppConfig, 'sessionSecret' | 'database'>,
  values: ServerValuesRepository,
): Promise<string> {
  if (configured !== null) {
    return configured;
  }
  return database.type === 'postgres'
    ? values.keep(SECRET_VALUE, newSecret())
    : keptSecret(secretFile(database.file));
}

function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

function keptSecret(file: string): string {
  return read(file) ?? make(file);
}

function make(file: string): string {
  // Written whole under another name first: a second process starting now, or one after a loss of power, finds all of
  // it or nothing.
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${newSecret()}\n`, { mode: 0o600, flush: true });
  try {
    linkSync(draft, file);
    syncFolder(dirname(file));
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) {
      throw error;
    }
  } finally {
    rmSync(draft);
  }
  return keptSecret(file);
}

/** A name is in its folder for good only when the folder is synced: without it, a loss of power logs everybody out. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') {
    // A folder cannot be opened there.
    return;
  }
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    if (hasCode(error, 'ENOENT')) {
      return null;
    }
    throw error;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
