import { createHash } from 'node:crypto';

/** A value as both engines give it once `comparable` has seen it. */
type Value = string | number | null;
export type Row = Record<string, unknown>;

/** A table as both databases have it. */
export interface MovedTable {
  readonly name: string;
  /** In alphabetical order, so that both sides read the same. */
  readonly columns: readonly string[];
  readonly key: readonly string[];
}

/** How many rows there are, and a sum over all they hold. */
export interface Tally {
  readonly rows: number;
  readonly sum: string;
}

/** One value, whichever engine it came from: SQLite has no booleans, and PostgreSQL holds neither NUL nor half a pair. */
export function comparable(value: unknown): Value {
  switch (typeof value) {
    case 'boolean':
      return Number(value);
    case 'string':
      return value.toWellFormed().replaceAll('\0', '\uFFFD');
    case 'number':
      return value;
    default:
      return null;
  }
}

/** Adds rows up to a count and a checksum that does not depend on their order. */
export class TallyOf {
  private rows = 0;
  private readonly sum = Buffer.alloc(32);

  constructor(private readonly table: MovedTable) {}

  add(row: Row): void {
    const values = this.table.columns.map((column) => comparable(row[column]));
    const digest = createHash('sha256').update(JSON.stringify(values)).digest();
    digest.forEach((byte, index) => {
      this.sum[index]! ^= byte;
    });
    this.rows++;
  }

  get tally(): Tally {
    return { rows: this.rows, sum: this.sum.toString('hex') };
  }
}
