import SqliteDatabase, { type Database } from 'better-sqlite3';

import { comparable, TallyOf, type MovedTable, type Row, type Tally } from './moved-table.js';

/** The SQLite file that is moved away from; only read. */
export class SourceFile {
  private readonly database: Database;

  constructor(file: string) {
    this.database = new SqliteDatabase(file, { readonly: true, fileMustExist: true });
  }

  /** Its tables but for the bookkeeping of the engine and of the migrations. */
  get tables(): MovedTable[] {
    const names = this.database
      .prepare<[], { name: string }>(
        `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name`,
      )
      .all();
    return names.map(({ name }) => this.table(name));
  }

  /** Names the installation: the epoch of its first room, which no other has. */
  get identity(): string {
    const room = this.database
      .prepare<[], { epoch: string }>('SELECT epoch FROM rooms ORDER BY id LIMIT 1')
      .get();
    return room?.epoch ?? 'empty';
  }

  /** Up to `limit` rows after the one with this key, or the first ones, in the order of the key. */
  after({ name, columns, key }: MovedTable, last: readonly unknown[] | null, limit: number): Row[] {
    const order = key.join(', ');
    const from = last === null ? '' : `WHERE (${order}) > (${key.map(() => '?').join(', ')})`;
    const rows = this.database
      .prepare<unknown[], Row>(
        `SELECT ${columns.join(', ')} FROM ${name} ${from} ORDER BY ${order} LIMIT ${limit}`,
      )
      .all(...(last ?? []));
    return rows.map((row) =>
      Object.fromEntries(Object.entries(row).map(([column, value]) => [column, comparable(value)])),
    );
  }

  tally(table: MovedTable): Tally {
    const tally = new TallyOf(table);
    const rows = this.database.prepare<[], Row>(`SELECT ${table.columns.join(', ')} FROM ${table.name}`);
    for (const row of rows.iterate()) {
      tally.add(row);
    }
    return tally.tally;
  }

  close(): void {
    this.database.close();
  }

  private table(name: string): MovedTable {
    const columns = this.database
      .prepare<[], { name: string; pk: number }>(`PRAGMA table_info(${name})`)
      .all();
    const key = columns.filter(({ pk }) => pk > 0).toSorted((a, b) => a.pk - b.pk);
    return {
      name,
      columns: columns.map((column) => column.name).toSorted(),
      key: key.map((column) => column.name),
    };
  }
}
