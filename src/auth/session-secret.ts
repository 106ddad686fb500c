import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

import type { AppConfig } from '../config/app-config.js';

/**
 * The key that signs session cookies: the configured one, else one that is made once and kept in a file beside the
 * database which only its owner can read. Losing it logs everybody out and harms nothing else.
 */
export function sessionSecret({
  sessionSecret,
  databaseFile,
}: Pick<AppConfig, 'sessionSecret' | 'databaseFile'>): string {
  return sessionSecret ?? keptSecret(`${databaseFile}.session-secret`);
}

function keptSecret(file: string): string {
  return read(file) ?? make(file);
}

function make(file: string): string {
  // Written whole under another name first: a second process starting now finds all of it or nothing.
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600 });
  try {
    linkSync(draft, file);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) {
      throw error;
    }
  } finally {
    rmSync(draft);
  }
  return keptSecret(file);
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
