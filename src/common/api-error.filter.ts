import { Catch, Inject, Injectable, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';

import type { Locale } from '../protocol/views.js';
import { domainErrorOf, errorBody, secondsToWait } from './error-answer.js';
import type { DomainError } from './errors.js';
import { localeFromHeader } from './i18n/translate.js';
import { Metrics } from './metrics.js';

/**
 * Every refusal over HTTP as `{"error":{code, message, fields?}}` in the caller's language. Faults of ours go to the
 * line of the request in the log, with their stack, and are shown as `internal`, without a word of what happened. The
 * filter for pages extends this one and overrides `answer`.
 */
@Catch()
@Injectable()
export class ApiErrorFilter implements ExceptionFilter {
  /** A property, so that the filter which extends this one has its constructor to itself. */
  @Inject(Metrics) private readonly metrics: Metrics;

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const [request, response] = [http.getRequest<Request>(), http.getResponse<Response>()];
    const error = domainErrorOf(thrown);
    this.metrics.refusals.inc({ code: error.code });
    if (error.code === 'internal' || (error.status >= 500 && error !== thrown)) {
      response.err = error.cause instanceof Error ? error.cause : error;
    }
    if (response.headersSent) {
      // Half an answer cannot be taken back; a cut connection at least says that it is not whole.
      response.destroy();
      return;
    }
    const seconds = secondsToWait(error);
    if (seconds !== null) {
      response.setHeader('Retry-After', seconds);
    }
    response.status(error.status);
    this.answer(error, request, response);
  }

  protected answer(error: DomainError, request: Request, response: Response): void {
    response.json({ error: errorBody(error, localeOf(request)) });
  }
}

/** The viewer's language; a request refused before it had a viewer is answered as its headers ask. */
export function localeOf(request: Request): Locale {
  const viewer = (request as Partial<Request>).viewer;
  return viewer?.locale ?? localeFromHeader(request.headers['accept-language']);
}
