/** True if parsed JSON is nested deeper than `limit`: a plain value is 0 deep, `[]` is 1. It goes no deeper than that itself. */
export function isDeeperThan(value: unknown, limit: number): boolean {
  if (typeof value !== 'object' || value === null) {
    return false;
  }
  return limit === 0 || Object.values(value).some((inner) => isDeeperThan(inner, limit - 1));
}
