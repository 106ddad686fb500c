import type { Server } from 'node:http';
import { join } from 'node:path';

import type { NestApplicationOptions } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import compression from 'compression';
import type { NextFunction, Request, Response } from 'express';
import helmet from 'helmet';

import { csrf } from './auth/csrf.middleware.js';
import { Identity } from './auth/identity.js';
import { OriginPolicy } from './auth/origin-policy.js';
import { RoomGate } from './chat/gateway/room.gate.js';
import { pictureBody, refuseDeepBody, requireKnownBody } from './common/body.middleware.js';
import { contentSecurityPolicy } from './common/content-security-policy.js';
import { AppLogger } from './common/logger.js';
import { Metrics } from './common/metrics.js';
import { requestLog } from './common/request-log.js';
import { validationPipe } from './common/validation.js';
import { APP_CONFIG, type AppConfig } from './config/app-config.js';
import { setupDocs } from './docs/setup-docs.js';
import { LARGEST_EMOTE } from './moderation/emotes/emotes.service.js';
import { RoomWsAdapter } from './realtime/room-ws.adapter.js';
import { Assets } from './pages/assets.js';
import { configureViews } from './pages/view-engine.js';

/** Beside `src` and beside `dist`, so both find it. */
const ROOT = join(import.meta.dirname, '..');
const BODY_LIMIT = '64kb';

/** How the application is created. The body parsers come later, in `configureApp`, where their place is chosen. */
export const APP_OPTIONS: NestApplicationOptions = { bodyParser: false, bufferLogs: true };

/**
 * Everything between the socket and the controllers, the same for the server and for the tests. The order matters: what
 * is cheap and refuses much comes first, and nothing reads a body before it is known whose it is.
 */
export function configureApp(app: NestExpressApplication): void {
  const config = app.get<AppConfig>(APP_CONFIG);
  const logger = app.get(AppLogger);
  const assets = new Assets(join(ROOT, 'public'), config.production);

  app.useLogger(logger);
  app.set('trust proxy', config.trustProxy);
  app.set('query parser', 'simple');
  app.disable('x-powered-by');
  // Nothing dynamic is cached, so a tag of it would be computed for nobody.
  app.set('etag', false);
  limitTimes(app.getHttpServer());

  app.use(requestLog(logger));
  // Before the headers of pages, which would be longer than most of these files.
  app.use(assets.middleware);
  app.use(securityHeaders(config));
  app.use(compression());
  app.use(neverStore);
  app.use(csrf(app.get(OriginPolicy)));
  app.use(app.get(Identity).middleware);
  app.use('/api/rooms/:slug/emotes', pictureBody(LARGEST_EMOTE));
  app.use(requireKnownBody);
  app.useBodyParser('json', { limit: BODY_LIMIT });
  app.useBodyParser('urlencoded', { limit: BODY_LIMIT, extended: false, parameterLimit: 100 });
  app.use(refuseDeepBody);

  setupDocs(app);

  app.useWebSocketAdapter(new RoomWsAdapter(app, app.get(RoomGate), app.get(Metrics)));
  app.useGlobalPipes(validationPipe());
  configureViews(app, join(ROOT, 'views'), assets);
}

/** Slow requests are ended: headers after 10 s, all of a request after 30 s, looked at every 5 s. */
function limitTimes(server: Server): void {
  server.headersTimeout = 10_000;
  server.requestTimeout = 30_000;
  // Not in Node's documentation as a property, and read when the server begins to listen.
  Object.assign(server, { connectionsCheckingInterval: 5_000 });
}

function securityHeaders(config: AppConfig) {
  const https = config.publicUrl?.startsWith('https:') ?? false;
  const policy = contentSecurityPolicy();
  const headers = helmet({
    // Set below by our own helper, which single routes use to widen it.
    contentSecurityPolicy: false,
    frameguard: { action: 'deny' },
    // `no-referrer` would make browsers send `Origin: null` with our own forms.
    referrerPolicy: { policy: 'strict-origin-when-cross-origin' },
    // Browsers ignore these two over plain http, and complain.
    // The names beside ours are not ours to decide about.
    strictTransportSecurity: https && { includeSubDomains: false },
    crossOriginOpenerPolicy: https,
    originAgentCluster: https,
  });
  return (request: Request, response: Response, next: NextFunction): void => {
    response.setHeader('Content-Security-Policy', policy);
    headers(request, response, next);
  };
}

function neverStore(_request: Request, response: Response, next: NextFunction): void {
  response.setHeader('Cache-Control', 'no-store');
  next();
}
