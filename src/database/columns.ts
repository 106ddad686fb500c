/**
 * A whole number below 2^53: a `seq`, or milliseconds since 1970. PostgreSQL drivers answer `bigint` as text, so it
 * is turned back into a number on both engines.
 */
export const integer64 = {
  type: 'bigint' as const,
  transformer: {
    from: (value: string | number | null) => (value === null ? null : Number(value)),
    to: (value: number | null) => value,
  },
};
