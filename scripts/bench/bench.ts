import type { Madang } from './madang.js';
import { profiled } from './profile.js';
import type { Report } from './report.js';

/** What every section is given. */
export interface Bench {
  readonly report: Report;
  /** How long a load runs. */
  readonly seconds: number;
  readonly withProfile: boolean;
}

/** Runs a load, and with `profile` prints which parts of the server were busy with it. */
export async function underLoad<T>(
  { withProfile }: Bench,
  server: Madang,
  name: string,
  load: () => Promise<T>,
): Promise<T> {
  if (!withProfile || server.inspector === null) {
    return load();
  }
  const { result, shares } = await profiled(server.inspector, load);
  console.log(`main thread, ${name}`);
  console.table(
    shares.slice(0, 24).map(({ owner, percent }) => ({ owner, percent: Number(percent.toFixed(1)) })),
  );
  return result;
}
