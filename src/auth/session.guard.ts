import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';

import { IS_PUBLIC } from '../common/decorators.js';
import { DomainError } from '../common/errors.js';

/** Closed by default: guests get 401 unless the route is `@Public()`. Sockets are judged by their services. */
@Injectable()
export class SessionGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    if (context.getType() !== 'http') {
      return true;
    }
    const isPublic = this.reflector.getAllAndOverride<boolean | undefined>(IS_PUBLIC, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (isPublic) {
      return true;
    }
    if (context.switchToHttp().getRequest<Request>().viewer.account === null) {
      throw new DomainError('auth.required');
    }
    return true;
  }
}
