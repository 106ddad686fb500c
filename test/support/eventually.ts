const DEADLINE_MS = 25_000;
const LOOK_MS = 10;

/**
 * Resolves with what `look` answers as soon as that is neither false nor undefined, for states that tell nobody when they
 * change. Rejects after the deadline with what it is about and `seen`.
 */
export async function eventually<T>(
  what: string,
  look: () => T | Promise<T>,
  { withinMs = DEADLINE_MS, seen = () => '' }: { withinMs?: number; seen?: () => string } = {},
): Promise<Exclude<T, false | undefined>> {
  const end = performance.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found !== false && found !== undefined) {
      return found as Exclude<T, false | undefined>;
    }
    if (performance.now() > end) {
      throw new Error(`Waited ${withinMs} ms for ${what}. ${seen()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
