const HERE = 'http://here.invalid';

/**
 * A wish to be sent on, made safe: a path of this site with its query, or `otherwise`. Whatever a browser could read as another
 * host or another scheme (`//host`, `/\host`, control characters, `javascript:`) is refused; the wish comes from the outside.
 */
export function safeNext(wish: unknown, otherwise: string): string {
  // Browsers drop tabs and line breaks before they parse, and take a backslash for a slash.
  if (typeof wish !== 'string' || wish.length > 500 || !/^\/[^\\\p{Cc}]*$/u.test(wish)) {
    return otherwise;
  }
  const url = URL.canParse(wish, HERE) ? new URL(wish, HERE) : null;
  // Dots are resolved by now, and what they leave may begin with two slashes: /x/..//host.
  return url?.origin === HERE && !url.pathname.startsWith('//')
    ? url.pathname + url.search + url.hash
    : otherwise;
}
