/**
 * A fresh nonce. `randomUUID` exists only on https and localhost; a school's server is often neither.
 * @param {Pick<Crypto, 'getRandomValues'> & { randomUUID?: Crypto['randomUUID'] }} [source]
 * @returns {string} 32–36 letters, digits and hyphens
 */
export function newNonce(source = globalThis.crypto) {
  if (source.randomUUID) {
    return source.randomUUID();
  }
  return Array.from(source.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
}
