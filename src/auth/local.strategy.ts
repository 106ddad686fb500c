import { randomUUID } from 'node:crypto';

import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { Request } from 'express';
import passport from 'passport';
import { Strategy } from 'passport-local';

import type { Account } from '../common/viewer.js';
import { AuthService } from './auth.service.js';

/** passport's view of a log-in by username and password. */
@Injectable()
export class LocalStrategy extends PassportStrategy(Strategy) {
  declare name: string;

  constructor(private readonly auth: AuthService) {
    super({ passReqToCallback: true });
  }

  /** passport's registry is one per process; a name of our own keeps two servers in one process apart. */
  getPassportInstance(): unknown {
    this.name = `local-${randomUUID()}`;
    return passport;
  }

  validate(request: Request, username: string, password: string): Promise<Account> {
    return this.auth.authenticate(request.viewer.address, username, password);
  }
}
