/** The name of the row of PostgreSQL that holds the key which signs session cookies, where none is configured. */
export const SECRET_VALUE = 'session-secret';

/** Its file beside an SQLite database. */
export function secretFile(databaseFile: string): string {
  return `${databaseFile}.session-secret`;
}
