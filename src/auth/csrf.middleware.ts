import type { RequestHandler } from 'express';

import { DomainError } from '../common/errors.js';
import type { OriginPolicy } from './origin-policy.js';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses state-changing requests that another site's page made a browser send. Browsers say where a request comes from
 * by Sec-Fetch-Site (over https and on localhost) and by Origin; who sends neither is no browser, and has no cookie that
 * a page could misuse.
 */
export function csrf(origins: OriginPolicy): RequestHandler {
  return (request, _response, next) => {
    const site = request.headers['sec-fetch-site'];
    const ownSite = site === undefined || site === 'same-origin' || site === 'none';
    if (!SAFE.has(request.method) && !(ownSite && origins.accepts(request.headers.origin))) {
      throw new DomainError('csrf');
    }
    next();
  };
}
