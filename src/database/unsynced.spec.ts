import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DataSource } from 'typeorm';

import { applyPragmas } from './sqlite-pragmas.js';
import { queryUnsynced } from './unsynced.js';

const FULL = 2;

describe('what is not synced by itself', () => {
  let dir: string;
  let source: DataSource;
  const told: string[] = [];
  const level = async () => (await source.query('PRAGMA synchronous'))[0].synchronous;

  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'madang-unsynced-'));
    source = new DataSource({
      type: 'better-sqlite3',
      database: join(dir, 'test.db'),
      prepareDatabase: (database: Parameters<typeof applyPragmas>[0]) => {
        applyPragmas(database);
        const pragma = database.pragma.bind(database);
        vi.spyOn(database, 'pragma').mockImplementation((text) => {
          told.push(text);
          return pragma(text);
        });
      },
    });
    await source.initialize();
    await source.query('CREATE TABLE notes (id integer PRIMARY KEY, words text)');
    // TypeORM has set what it wants by now.
    told.length = 0;
  });

  afterEach(async () => {
    await source.destroy();
    rmSync(dir, { recursive: true });
  });

  const note = (words: string) =>
    queryUnsynced(source.manager, 'INSERT INTO notes (words) VALUES (?) RETURNING id', [words]);

  it('is stored, and the next commit is synced again', async () => {
    expect(await note('one')).toEqual([{ id: 1 }]);
    expect(told).toEqual(['synchronous = NORMAL', 'synchronous = FULL']);
    expect(await level()).toBe(FULL);
    await expect(queryUnsynced(source.manager, 'SELECT nothing', [])).rejects.toThrow('nothing');
    expect(await level()).toBe(FULL);
  });

  it('belongs to the transaction it is in', async () => {
    await source.query('BEGIN');
    await note('one');
    await source.query('ROLLBACK');
    expect(told).toEqual([]);
    expect(await source.query('SELECT * FROM notes')).toEqual([]);
  });
});
