import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** What proxies add: a request that carries one came from somewhere else, whatever its socket says. */
const FORWARDING = /^(x-forwarded-.+|forwarded|via|x-real-ip|x-client-ip|true-client-ip|cf-connecting-ip)$/;
const LOOPBACK = /^(127(\.\d{1,3}){3}|::1|::ffff:127(\.\d{1,3}){3})$/;

/**
 * Who may read the metrics: callers on this machine whose request no proxy has touched, and holders of the token
 * (`Authorization: Bearer …`). Without a token set, the second way does not exist.
 */
export function mayReadMetrics(
  request: { headers: IncomingHttpHeaders; socket: { remoteAddress?: string | undefined } },
  token: string | null,
): boolean {
  const isForwarded = Object.keys(request.headers).some((name) => FORWARDING.test(name));
  if (!isForwarded && LOOPBACK.test(request.socket.remoteAddress ?? '')) {
    return true;
  }
  const [, given] = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '') ?? [];
  return token !== null && given !== undefined && isSame(given, token);
}

/** Compares in a time that tells nothing of where two texts differ, nor of their lengths. */
function isSame(given: string, token: string): boolean {
  const digest = (value: string) => createHash('sha256').update(value).digest();
  return timingSafeEqual(digest(given), digest(token));
}
