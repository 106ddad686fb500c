import { describe, expect, it } from 'vitest';

import { storageFaultOf } from './storage-fault.js';

const coded = (code: string) => Object.assign(new Error('no'), { code });
/** As TypeORM throws what its driver threw. */
const wrapped = (driverError: Error) => Object.assign(new Error('query failed'), { driverError });

describe('a fault of the database', () => {
  it.each(['SQLITE_BUSY', 'ECONNREFUSED', '08006', '57P01', '57P03', '53300', '40P01', '55P03', '25006'])(
    'passes by itself: %s',
    (code) => {
      expect(storageFaultOf(coded(code))).toBe('storage.busy');
      expect(storageFaultOf(wrapped(coded(code)))).toBe('storage.busy');
    },
  );

  it.each([
    'Connection terminated unexpectedly',
    'Query read timeout',
    'Connection terminated due to timeout',
  ])('passes by itself, without a code: %s', (message) =>
    expect(storageFaultOf(new Error(message))).toBe('storage.busy'),
  );

  it('is found at every address of a name', () => {
    expect(storageFaultOf(new AggregateError([coded('EHOSTUNREACH'), coded('ECONNREFUSED')]))).toBe(
      'storage.busy',
    );
  });

  it.each(['SQLITE_FULL', '53100'])('wants space: %s', (code) => {
    expect(storageFaultOf(coded(code))).toBe('storage.full');
  });

  it.each(['23505', '22021', '42P01', 'SQLITE_CONSTRAINT_UNIQUE', 'XX000'])('is ours: %s', (code) => {
    expect(storageFaultOf(coded(code))).toBeNull();
  });

  it('is nothing else that may be thrown', () => {
    expect([new Error('Connection is bad'), 'ECONNREFUSED', null, undefined].map(storageFaultOf)).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });
});
