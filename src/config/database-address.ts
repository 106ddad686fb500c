import type { Fault } from './fault.js';

/** Where everything durable is: a file of this machine, or a PostgreSQL server that several nodes share. */
export type DatabaseAddress =
  { readonly type: 'sqlite'; readonly file: string } | { readonly type: 'postgres'; readonly url: string };

const DEFAULT_FILE = 'data/madang.db';

/** Reads `DATABASE_URL`: a file path, or `postgres://user:password@host:port/database`. */
export function databaseAddress(value: string | null, fault: Fault): DatabaseAddress {
  const address = value ?? DEFAULT_FILE;
  if (/^postgres(ql)?:/i.test(address)) {
    return postgres(address) ?? fault('DATABASE_URL', WHAT, { type: 'sqlite', file: DEFAULT_FILE });
  }
  // In memory there is nothing to share with the worker that writes.
  const isFile = address !== ':memory:' && !/^[a-z][a-z0-9+.-]+:\/\//i.test(address);
  return { type: 'sqlite', file: isFile ? address : fault('DATABASE_URL', WHAT, DEFAULT_FILE) };
}

const WHAT = 'a file path, or postgres://user:password@host/database';

function postgres(address: string): DatabaseAddress | null {
  const url = URL.canParse(address) ? new URL(address) : null;
  // Without a name the driver would quietly take the user's, which is seldom what was meant.
  return url !== null && url.pathname.length > 1 ? { type: 'postgres', url: address } : null;
}
