import { ServerResponse, type IncomingMessage } from 'node:http';

import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Request, RequestHandler, Response } from 'express';
import proxyAddr from 'proxy-addr';

import { addressKey } from '../common/address.js';
import { localeFromHeader } from '../common/i18n/translate.js';
import type { Account, Viewer } from '../common/viewer.js';
import { UsersService } from '../users/users.service.js';
import { SessionMiddleware } from './session.middleware.js';
import { sessionKey } from './session.store.js';

/** Who is asking: the one answer for HTTP requests and for the upgrade to a WebSocket. */
@Injectable()
export class Identity {
  constructor(
    private readonly sessions: SessionMiddleware,
    private readonly users: UsersService,
    private readonly host: HttpAdapterHost,
  ) {}

  /** Puts the viewer, and the session of express-session, on every request. */
  readonly middleware: RequestHandler = (request, response, next) => {
    // Express 5 takes a rejection of what a handler returns as its error.
    return this.viewerOf(request, response).then((viewer) => {
      request.viewer = viewer;
      // oxlint-disable-next-line promise/no-callback-in-promise -- the next handler's errors are Express's to catch
      return next();
    });
  };

  /** The viewer of a bare request, such as an upgrade. Changes nothing and answers nothing; fails with the database. */
  async identify(request: IncomingMessage): Promise<Viewer> {
    if (!request.headers.cookie?.includes(this.sessions.cookieName)) {
      // A guest for sure; a new session would be made for them, and thrown away.
      return this.viewer(request, null, null);
    }
    // express-session wants Express's types and needs only what Node's request and response have.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return this.viewerOf(request as Request, new ServerResponse(request) as Response);
  }

  private async viewerOf(request: Request, response: Response): Promise<Viewer> {
    await new Promise<void>((resolve, reject) => {
      this.sessions.handler(request, response, (error?: unknown) => (error ? reject(error) : resolve()));
    });
    // Without a session when the request's target is no path, such as `OPTIONS *`.
    const userId = (request as Partial<Request>).session?.userId;
    const known = userId === undefined ? null : await this.users.findAccount(userId);
    return this.viewer(request, known, known && sessionKey(request.sessionID));
  }

  private viewer(request: IncomingMessage, known: Account | null, sessionId: string | null): Viewer {
    const account = known?.guest ? null : known;
    return {
      account,
      ...(known?.guest && { guest: known }),
      sessionId,
      locale: account?.locale ?? localeFromHeader(request.headers['accept-language']),
      address: addressKey(proxyAddr(request, this.trust())),
    };
  }

  private trust(): (address: string, hop: number) => boolean {
    return this.host.httpAdapter.getInstance().get('trust proxy fn');
  }
}
