import { createHash, randomUUID } from 'node:crypto';

/** An id that the same person's same nonce always has; without a nonce a new one. */
export function idOf(byId: string, nonce?: string): string {
  if (nonce === undefined) {
    return randomUUID();
  }
  const hex = createHash('sha256').update(`${byId} ${nonce}`).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  );
}
