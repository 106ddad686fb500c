import dns from 'node:dns';
import type { LookupFunction } from 'node:net';

type Answer = Parameters<LookupFunction>[2];

/**
 * Looks up names like `dns.lookup`, each only once at a time: whoever asks meanwhile gets the same answer. A name server that
 * is silent keeps one of the process's four threads for many seconds, and attempts to connect that pile up would take them all,
 * while passwords, files and the database's name wait for one.
 */
export function sharedLookup(): LookupFunction {
  const running = new Map<string, Answer[]>();
  return (hostname, options, answer) => {
    const key = JSON.stringify([hostname, options]);
    const others = running.get(key);
    if (others) {
      others.push(answer);
      return;
    }
    const asked = [answer];
    running.set(key, asked);
    dns.lookup(hostname, options, (error, address, family) => {
      running.delete(key);
      asked.forEach((each) => each(error, address, family));
    });
  };
}
