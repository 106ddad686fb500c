import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';

import type { Role } from '../protocol/views.js';
import { REQUIRED_ROLE } from '../common/decorators.js';
import { DomainError } from '../common/errors.js';
import { hasRole } from '../common/viewer.js';

/** 403 below the role that `@Roles()` demands. Sockets are judged by their services, frame by frame. */
@Injectable()
export class RolesGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    if (context.getType() !== 'http') {
      return true;
    }
    const role = this.reflector.getAllAndOverride<Role | undefined>(REQUIRED_ROLE, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (role === undefined) {
      return true;
    }
    const { viewer } = context.switchToHttp().getRequest<Request>();
    if (!hasRole(viewer, role)) {
      throw new DomainError(viewer.account === null ? 'auth.required' : 'auth.forbidden');
    }
    return true;
  }
}
