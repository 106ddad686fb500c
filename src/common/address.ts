import { isIPv6 } from 'node:net';

/**
 * The key by which an address is counted: an IPv4 address itself, and of an IPv6 address its /64, which is what one
 * household or one attacker is given.
 */
export function addressKey(address: string | undefined): string {
  if (address === undefined || address === '') {
    return 'unknown';
  }
  const [bare = ''] = address.toLowerCase().split('%', 1);
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(bare)?.[1];
  if (mapped !== undefined) {
    return mapped;
  }
  // A proxy may forward what is no address; it must not grow the tables of whoever counts.
  return isIPv6(bare) ? `${groupsOf(bare).slice(0, 4).join(':')}::/64` : bare.slice(0, 64);
}

function groupsOf(address: string): string[] {
  const [head = '', tail] = address.split('::', 2).map((part) => part);
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const missing = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  return [...left, ...Array<string>(missing).fill('0'), ...right].map((group) =>
    group.replace(/^0+(?=.)/, ''),
  );
}
