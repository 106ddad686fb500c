/** SQLite tells a primary key from other unique ones. */
const UNIQUE = new Set<unknown>(['SQLITE_CONSTRAINT_UNIQUE', 'SQLITE_CONSTRAINT_PRIMARYKEY', '23505']);

/** True if a write failed because another row has the same unique key, on SQLite or PostgreSQL. */
export function isUniqueViolation(error: unknown): boolean {
  return errorCodes(error).some((code) => UNIQUE.has(code));
}

function errorCodes(error: unknown): unknown[] {
  if (!(error instanceof Error)) {
    return [];
  }
  const driverError = 'driverError' in error ? error.driverError : undefined;
  return [error, driverError].map((layer) =>
    typeof layer === 'object' && layer !== null && 'code' in layer ? layer.code : undefined,
  );
}
