import { DatabaseError } from 'pg';

import { DomainError } from '../../common/errors.js';
import { storageFaultOf } from '../../common/storage-fault.js';

/** Whether the same batch may well be stored when it is tried again. */
export function isPassing(error: unknown): boolean {
  if (error instanceof DatabaseError) {
    return storageFaultOf(error) === 'storage.busy';
  }
  // What the server did not say is about the connection, or a mistake of ours.
  return error instanceof Error && !(error instanceof TypeError || error instanceof RangeError);
}

/** What people are told of an append that was not stored. */
export function refusalOf(error: unknown): DomainError {
  if (error instanceof DomainError) {
    return error;
  }
  const code = isPassing(error) ? 'storage.busy' : (storageFaultOf(error) ?? 'internal');
  return new DomainError(code, { cause: error, ...(code === 'storage.busy' && { retryAfterMs: 2000 }) });
}
