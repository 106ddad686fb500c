import { Inject, Injectable } from '@nestjs/common';
import type { CookieOptions, Request, RequestHandler } from 'express';
import session from 'express-session';

import { APP_CONFIG, type AppConfig } from '../config/app-config.js';
import { SESSION_SECRET } from './session-secret.js';
import { LIFETIME_MS, SessionStore } from './session.store.js';

/** express-session as this server uses it. Nobody gets a cookie or a row before they log in. */
@Injectable()
export class SessionMiddleware {
  readonly handler: RequestHandler;
  readonly cookieName: string;
  readonly cookie: CookieOptions;

  constructor(
    @Inject(APP_CONFIG) config: AppConfig,
    @Inject(SESSION_SECRET) secret: string,
    store: SessionStore,
  ) {
    const secure = config.publicUrl?.startsWith('https:') ?? false;
    this.cookieName = secure ? '__Host-sid' : 'sid';
    this.cookie = { httpOnly: true, sameSite: 'lax', path: '/', secure };
    const inner = session({
      name: this.cookieName,
      secret,
      store,
      resave: false,
      saveUninitialized: false,
      // The cookie outlives idling; the table knows when a session has ended.
      cookie: { ...this.cookie, sameSite: 'lax', maxAge: LIFETIME_MS },
    });
    this.handler = (request, response, next) => {
      if (secure) {
        vouchForTls(request);
      }
      inner(request, response, next);
    };
  }
}

/**
 * express-session sends no Secure cookie on a request that reached this process in plain. That is how every request
 * arrives behind a proxy that ends TLS, and the operator has said by PUBLIC_URL that people use https.
 */
function vouchForTls(request: Request): void {
  Object.defineProperty(request, 'secure', { value: true, configurable: true });
}
