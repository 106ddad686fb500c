import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';

import { DomainError } from '../../common/errors.js';
import { AddressBans } from './address-bans.service.js';

/** What changes nothing; and staff must be able to log in from anywhere. */
const READING = new Set(['GET', 'HEAD']);
const OPEN = new Set(['/user/login', '/user/logout']);

/** From a banned address nothing is changed but by staff; to read stays possible, as for any guest. */
@Injectable()
export class AddressGuard implements CanActivate {
  constructor(private readonly bans: AddressBans) {}

  canActivate(context: ExecutionContext): boolean {
    if (context.getType() === 'http') {
      const { method, path, viewer } = context.switchToHttp().getRequest<Request>();
      if (!READING.has(method) && !OPEN.has(path) && this.bans.shuts(viewer)) {
        throw new DomainError('user.banned');
      }
    }
    return true;
  }
}
