import { raw, type NextFunction, type Request, type Response } from 'express';

import { DomainError } from './errors.js';
import { isDeeperThan } from './json-depth.js';

/** Deeper than anything the contract knows; libraries that recurse over a body come to no harm. */
const DEEPEST = 8;

/** Reads a picture of at most so many bytes; what it holds is looked at where it is wanted. */
export const pictureBody = (limit: number) => raw({ type: ['image/*', 'application/octet-stream'], limit });

/** Refuses bodies that no parser here reads, a form's `text/plain` among them, before they pass for an empty one. */
export function requireKnownBody(request: Request, _response: Response, next: NextFunction): void {
  // `is` answers null when there is no body at all.
  const known =
    Buffer.isBuffer(request.body) || request.is(['application/json', 'application/x-www-form-urlencoded']);
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
