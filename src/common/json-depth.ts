/**
 * True if parsed JSON is nested deeper than `limit` (a plain value is 0 deep, `[]` is 1). It does not recurse:
 * libraries that do overflow the stack on what this is here to refuse.
 */
export function isDeeperThan(value: unknown, limit: number): boolean {
  let containers = [value].filter(isContainer);
  for (let depth = 0; containers.length > 0; depth++) {
    if (depth === limit) {
      return true;
    }
    containers = containers.flatMap((container) => Object.values(container)).filter(isContainer);
  }
  return false;
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
