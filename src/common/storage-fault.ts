/** What a fault of the database means to whoever asked. */
export type StorageFault = 'storage.busy' | 'storage.full';

/**
 * What waiting heals. SQLite's own names; those of the operating system for a server that is not there; and SQLSTATEs of
 * PostgreSQL: a connection that broke, a server that goes, comes or is full, a lock or a statement that took too long, a
 * deadlock, a disk that did not answer, and one that after a failover may only be read.
 */
const BUSY =
  /^(SQLITE_(BUSY|LOCKED)|E(CONNREFUSED|CONNRESET|PIPE|TIMEDOUT|HOSTUNREACH|NOTFOUND)|EAI_AGAIN|(08|40|57|58|53[0234])\w+|55P03|25006|25P03)$/;
const FULL = /^(SQLITE_FULL|53100)$/;
/** The driver of PostgreSQL has no codes for what happens to its connections. */
const CONNECTION_LOST =
  /^(Connection terminated|Query read timeout|timeout exceeded when trying to connect|Client has encountered a connection error)/;

/** What a driver threw as a refusal: the disk is full, or waiting will heal it; null: neither. */
export function storageFaultOf(thrown: unknown): StorageFault | null {
  for (const error of [thrown, ...causes(thrown)]) {
    const code = codeOf(error);
    if (code !== null && FULL.test(code)) {
      return 'storage.full';
    }
    if (code === null ? error instanceof Error && CONNECTION_LOST.test(error.message) : BUSY.test(code)) {
      return 'storage.busy';
    }
  }
  return null;
}

/** TypeORM wraps what the driver threw; a name with several addresses gives an error for each. */
function causes(thrown: unknown): unknown[] {
  if (thrown instanceof AggregateError) {
    return thrown.errors;
  }
  return thrown instanceof Error && 'driverError' in thrown ? [thrown.driverError] : [];
}

function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}
