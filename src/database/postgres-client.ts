import { types, type CustomTypesConfig } from 'pg';

/** What a node is called in `pg_stat_activity`. */
export const APPLICATION_NAME = 'madang';

/**
 * How values of PostgreSQL are read: `bigint` as a number, since ours are all below 2^53. By itself the driver answers
 * text, and sums of it.
 */
export const postgresTypes: CustomTypesConfig = {
  getTypeParser: (oid, format) =>
    oid === types.builtins.INT8 && format !== 'binary' ? Number : types.getTypeParser(oid, format),
};
