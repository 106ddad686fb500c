import { Client } from 'pg';

import { APPLICATION_NAME, postgresTypes } from '../postgres-client.js';
import { TallyOf, type MovedTable, type Row, type Tally } from './moved-table.js';

const PAGE = 2000;

/** The PostgreSQL database that is moved to. */
export class TargetServer {
  private constructor(private readonly client: Client) {}

  static async open(url: string): Promise<TargetServer> {
    const client = new Client({
      connectionString: url,
      types: postgresTypes,
      application_name: `${APPLICATION_NAME} move`,
    });
    await client.connect();
    return new TargetServer(client);
  }

  /** The columns of every table, in alphabetical order. */
  async columns(): Promise<Map<string, string[]>> {
    const { rows } = await this.client.query<{ table_name: string; column_name: string }>(
      `SELECT table_name, column_name FROM information_schema.columns
       WHERE table_schema = 'public' ORDER BY table_name`,
    );
    const columns = new Map<string, string[]>();
    for (const { table_name: table, column_name: column } of rows) {
      columns.set(table, [...(columns.get(table) ?? []), column].toSorted());
    }
    return columns;
  }

  async value(name: string): Promise<string | null> {
    const { rows } = await this.client.query<{ value: string }>(
      'SELECT value FROM server_values WHERE name = $1',
      [name],
    );
    return rows[0]?.value ?? null;
  }

  async setValue(name: string, value: string): Promise<void> {
    await this.client.query(
      `INSERT INTO server_values (name, value) VALUES ($1, $2)
       ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
      [name, value],
    );
  }

  async dropValue(name: string): Promise<void> {
    await this.client.query('DELETE FROM server_values WHERE name = $1', [name]);
  }

  /** Whether nobody has used it yet: there are only the rooms that every server starts with. */
  async isUnused(): Promise<boolean> {
    const { rows } = await this.client.query<{ used: boolean }>(
      'SELECT EXISTS (SELECT 1 FROM users) OR EXISTS (SELECT 1 FROM entries) AS used',
    );
    return rows[0]?.used === false;
  }

  /** Empties the tables and notes that a move has begun, in one step. */
  async begin(tables: readonly MovedTable[], note: { name: string; value: string }): Promise<void> {
    await this.client.query('BEGIN');
    await this.client.query(`TRUNCATE ${tables.map(({ name }) => name).join(', ')}`);
    await this.setValue(note.name, note.value);
    await this.client.query('COMMIT');
  }

  /** The key of the last row there is; rows come in the order of the key, as SQLite compares text. */
  async lastKey({ name, key }: MovedTable): Promise<unknown[] | null> {
    const types = await this.client.query<{ column_name: string; data_type: string }>(
      `SELECT column_name, data_type FROM information_schema.columns
       WHERE table_schema = 'public' AND table_name = $1`,
      [name],
    );
    const isText = (column: string) =>
      types.rows.some((type) => type.column_name === column && /char|text/.test(type.data_type));
    const order = key.map((column) => `${column}${isText(column) ? ' COLLATE "C"' : ''} DESC`).join(', ');
    const { rows } = await this.client.query<Row>(
      `SELECT ${key.join(', ')} FROM ${name} ORDER BY ${order} LIMIT 1`,
    );
    const [row] = rows;
    return row ? key.map((column) => row[column]) : null;
  }

  /** Inserts rows; all of them or none. */
  async insert({ name, columns }: MovedTable, rows: readonly Row[]): Promise<void> {
    const list = columns.join(', ');
    await this.client.query(
      `INSERT INTO ${name} (${list}) SELECT ${list} FROM json_populate_recordset(NULL::${name}, $1::json)`,
      [JSON.stringify(rows)],
    );
  }

  async tally(table: MovedTable): Promise<Tally> {
    const tally = new TallyOf(table);
    await this.client.query('BEGIN');
    await this.client.query(`DECLARE walk CURSOR FOR SELECT ${table.columns.join(', ')} FROM ${table.name}`);
    for (;;) {
      const { rows } = await this.client.query<Row>(`FETCH ${PAGE} FROM walk`);
      rows.forEach((row) => tally.add(row));
      if (rows.length < PAGE) {
        break;
      }
    }
    await this.client.query('COMMIT');
    return tally.tally;
  }

  /** Numbers that are given out from now on are above those that came along. */
  async setSequences(tables: readonly MovedTable[]): Promise<void> {
    const { rows } = await this.client.query<{ table_name: string; column_name: string }>(
      `SELECT table_name, column_name FROM information_schema.columns
       WHERE table_schema = 'public' AND column_default LIKE 'nextval(%'`,
    );
    for (const { table_name: table, column_name: column } of rows) {
      if (tables.some(({ name }) => name === table)) {
        await this.client.query(
          `SELECT setval(pg_get_serial_sequence($1, $2), coalesce(max(${column}), 0) + 1, false) FROM ${table}`,
          [table, column],
        );
      }
    }
  }

  /** Lets the planner know what came. */
  async analyze(): Promise<void> {
    await this.client.query('ANALYZE');
  }

  async close(): Promise<void> {
    await this.client.end();
  }
}
