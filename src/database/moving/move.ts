import type { MovedTable, Tally } from './moved-table.js';
import type { SourceFile } from './source.file.js';
import type { TargetServer } from './target.server.js';

/** Set in the target from the first row on until everything has been compared: no server starts on it meanwhile. */
export const MOVING = 'moving-from';

/** Tables that belong to their own database. */
const OWN = new Set(['migrations', 'server_values']);
const PAGE = 1000;

export interface MovedResult {
  readonly table: string;
  readonly tally: Tally;
}

/** Why a move cannot go on: a key of the catalogue and what it is about. */
export class MoveError extends Error {
  constructor(
    readonly reason: 'in-use' | 'other' | 'schema' | 'differs',
    readonly what = '',
  ) {
    super(`${reason} ${what}`);
    this.name = 'MoveError';
  }
}

/**
 * Copies every table, page by page in the order of its key, then compares counts and checksums of both sides. It may be
 * interrupted at any time: the next run goes on after the last row that came. Throws `MoveError`.
 */
export async function move(
  source: SourceFile,
  target: TargetServer,
  onProgress: (table: string, rows: number) => void,
): Promise<MovedResult[]> {
  const tables = source.tables.filter(({ name }) => !OWN.has(name));
  await compareSchemas(tables, await target.columns());
  await beginOrResume(source, target, tables);
  for (const table of tables) {
    await copy(source, target, table, onProgress);
  }
  await target.setSequences(tables);
  const results: MovedResult[] = [];
  for (const table of tables) {
    const [from, to] = [source.tally(table), await target.tally(table)];
    if (from.rows !== to.rows || from.sum !== to.sum) {
      throw new MoveError('differs', `${table.name}: ${from.rows} ≠ ${to.rows}`);
    }
    results.push({ table: table.name, tally: to });
  }
  await target.analyze();
  return results;
}

async function compareSchemas(
  tables: readonly MovedTable[],
  columns: ReadonlyMap<string, readonly string[]>,
): Promise<void> {
  for (const { name, columns: own } of tables) {
    if (own.join() !== columns.get(name)?.join()) {
      throw new MoveError('schema', name);
    }
  }
}

async function beginOrResume(
  source: SourceFile,
  target: TargetServer,
  tables: readonly MovedTable[],
): Promise<void> {
  const note = await target.value(MOVING);
  if (note === source.identity) {
    return;
  }
  if (note !== null) {
    throw new MoveError('other');
  }
  if (!(await target.isUnused())) {
    throw new MoveError('in-use');
  }
  await target.begin(tables, { name: MOVING, value: source.identity });
}

async function copy(
  source: SourceFile,
  target: TargetServer,
  table: MovedTable,
  onProgress: (table: string, rows: number) => void,
): Promise<void> {
  let last = await target.lastKey(table);
  let copied = 0;
  for (;;) {
    const rows = source.after(table, last, PAGE);
    if (rows.length > 0) {
      await target.insert(table, rows);
      const row = rows.at(-1)!;
      last = table.key.map((column) => row[column]);
      copied += rows.length;
      onProgress(table.name, copied);
    }
    if (rows.length < PAGE) {
      return;
    }
  }
}
