import type { NextFunction, Request, Response } from 'express';

import { DomainError } from './errors.js';
import { isDeeperThan } from './json-depth.js';

/** Deeper than anything the contract knows; libraries that recurse over a body come to no harm. */
const DEEPEST = 8;

/** Refuses bodies that no parser here reads, a form's `text/plain` among them, before they pass for an empty one. */
export function requireKnownBody(request: Request, _response: Response, next: NextFunction): void {
  // `is` answers null when there is no body at all.
  const known = request.is(['application/json', 'application/x-www-form-urlencoded']);
  if (known === false && request.headers['content-length'] !== '0') {
    throw new DomainError('body.unsupported');
  }
  next();
}

/** Refuses JSON that is nested too deep. */
export function refuseDeepBody(request: Request, _response: Response, next: NextFunction): void {
  if (isDeeperThan(request.body, DEEPEST)) {
    throw new DomainError('frame.malformed');
  }
  next();
}
