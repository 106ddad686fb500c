import type { Request } from 'express';

import { isForm } from '../common/form-post.js';

/** Where programs ask; they get JSON whatever they accept. */
const PROGRAMS =
  /^\/(?:api|ws|health|metrics|docs|docs-json|css|js|img|v|vendor)(?:\/|$)|^\/user\/(?:me|sessions)(?:\/|$)/i;

/**
 * True if the answer to this request is a page: a form was posted (urlencoded in means HTML out), or an address for people was
 * opened by something that asks for HTML, as browsers do.
 */
export function wantsHtml(request: Request): boolean {
  if (isForm(request)) {
    return true;
  }
  const reading = request.method === 'GET' || request.method === 'HEAD';
  return reading && !PROGRAMS.test(request.path) && request.accepts(['json', 'html']) === 'html';
}
