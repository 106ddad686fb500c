import type { NestExpressApplication } from '@nestjs/platform-express';
import { SwaggerModule } from '@nestjs/swagger';
import type { NextFunction, Request, Response } from 'express';

import { DomainError } from '../common/errors.js';
import { openApiOf } from './open-api.js';

/** What the package of the interface brings and the page needs; its readme, maps and manifest are not served. */
const SERVED =
  /^\/(swagger-ui\.css|swagger-ui-bundle\.js|swagger-ui-standalone-preset\.js|swagger-ui-init\.js|favicon-\d+x\d+\.png|protocol)?$/;

/** The interface writes styles into the page; scripts, like everything else, come from here alone. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** `/docs` (Swagger UI, served from here, calling nobody) and `/docs-json`. Made from the code on the first request. */
export function setupDocs(app: NestExpressApplication): void {
  app.use('/docs', (request: Request, response: Response, next: NextFunction) => {
    response.setHeader('Content-Security-Policy', POLICY);
    next(SERVED.test(request.path) ? undefined : new DomainError('not-found'));
  });
  SwaggerModule.setup('docs', app, () => openApiOf(app), {
    customSiteTitle: 'Madang API',
    jsonDocumentUrl: 'docs-json',
    raw: ['json'],
    validatorUrl: '',
    swaggerOptions: { validatorUrl: null, persistAuthorization: false },
  });
}
