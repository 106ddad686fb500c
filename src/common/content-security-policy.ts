type Sources = Readonly<Record<string, string>>;

/**
 * Nothing but our own files: no inline script or style, no foreign host, no framing. Trusted Types make `innerHTML`
 * throw in browsers that know them, so that a slip in our own code shows at once.
 */
const STRICT: Sources = {
  'default-src': "'none'",
  'script-src': "'self'",
  'script-src-attr': "'none'",
  'style-src': "'self'",
  'img-src': "'self' data:",
  'font-src': "'self'",
  'connect-src': "'self'",
  'manifest-src': "'self'",
  'form-action': "'self'",
  'base-uri': "'none'",
  'object-src': "'none'",
  'frame-ancestors': "'none'",
  'require-trusted-types-for': "'script'",
  // The sanitiser's own, which parses what a model wrote; nobody else can make one.
  'trusted-types': 'dompurify',
};

/**
 * The value of a Content-Security-Policy header. `extra` replaces or adds whole directives for one route, such as
 * `{'frame-src': 'https://www.youtube-nocookie.com'}`. It must come from code, never from a request.
 */
export function contentSecurityPolicy(extra: Sources = {}): string {
  return Object.entries({ ...STRICT, ...extra })
    .map(([directive, sources]) => `${directive} ${sources}`)
    .join('; ');
}
