import type { Profiler } from 'node:inspector';

import { WebSocket } from 'ws';

const SAMPLE_US = 500;

/** Part of the main thread's busy time that one owner took: a folder of ours, a package, or the engine. */
export interface Share {
  readonly owner: string;
  readonly percent: number;
}

/**
 * Takes a CPU profile of a server's main thread while something runs. Time below a function of ours or of a package counts
 * as that owner's, system calls included; what Node does by itself is named `node`.
 */
export async function profiled<T>(
  inspector: string,
  run: () => Promise<T>,
): Promise<{ result: T; shares: Share[] }> {
  const socket = new WebSocket(inspector);
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  let last = 0;
  const ask = (method: string, params: object = {}) =>
    new Promise<{ profile: Profiler.Profile }>((resolve) => {
      const id = ++last;
      const onMessage = (data: Buffer) => {
        const answer: { id: number; result: { profile: Profiler.Profile } } = JSON.parse(data.toString());
        if (answer.id === id) {
          socket.off('message', onMessage);
          resolve(answer.result);
        }
      };
      socket.on('message', onMessage);
      socket.send(JSON.stringify({ id, method, params }));
    });
  await ask('Profiler.enable');
  await ask('Profiler.setSamplingInterval', { interval: SAMPLE_US });
  await ask('Profiler.start');
  const result = await run();
  const { profile } = await ask('Profiler.stop');
  socket.close();
  return { result, shares: sharesOf(profile) };
}

function sharesOf({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): Share[] {
  const owners = new Map<number, string>();
  // Parents come before their children, so each node finds its caller's owner.
  for (const { id, callFrame, children = [] } of nodes) {
    const owner = ownerOf(callFrame) ?? owners.get(id) ?? 'node';
    owners.set(id, owner);
    children.forEach((child) => owners.set(child, owner));
  }
  const times = new Map<string, number>();
  let busy = 0;
  samples.forEach((id, index) => {
    const owner = owners.get(id)!;
    if (owner !== '(idle)') {
      busy += timeDeltas[index]!;
      times.set(owner, (times.get(owner) ?? 0) + timeDeltas[index]!);
    }
  });
  return [...times]
    .map(([owner, time]) => ({ owner, percent: (time / busy) * 100 }))
    .toSorted((a, b) => b.percent - a.percent);
}

/** Null: whoever called it. */
function ownerOf({ functionName, url }: Profiler.Profile['nodes'][number]['callFrame']): string | null {
  if (['(idle)', '(garbage collector)', '(program)'].includes(functionName)) {
    return functionName;
  }
  const found = /node_modules\/((?:@[^/]+\/)?[^/]+)(?!.*node_modules)|\/dist\/(.+)\.js$/.exec(url);
  return found?.[1] ?? found?.[2] ?? null;
}
