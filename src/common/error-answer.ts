import { HttpException } from '@nestjs/common';

import type { ErrorCode } from '../protocol/error-codes.js';
import type { Locale } from '../protocol/views.js';
import { DomainError } from './errors.js';
import { translate } from './i18n/translate.js';
import { storageFaultOf } from './storage-fault.js';

/** What a person or a program is told about a refusal. */
export interface ErrorBody {
  code: ErrorCode;
  message: string;
  /** Field name to what is wrong with it, in the caller's language. */
  fields?: Record<string, string>;
}

const BY_STATUS: Partial<Record<number, ErrorCode>> = {
  401: 'auth.required',
  403: 'auth.forbidden',
  404: 'not-found',
  413: 'body.too-large',
  415: 'body.unsupported',
  429: 'rate.limited',
};

/**
 * Whatever was thrown as a refusal of ours. Errors of Nest, Express and the body parser arrive as `HttpException`s and
 * are known by their status, a busy or full database by the driver's code; all else is a fault of ours and becomes
 * `internal`. What was thrown is the cause.
 */
export function domainErrorOf(thrown: unknown): DomainError {
  if (thrown instanceof DomainError) {
    return thrown;
  }
  if (thrown instanceof HttpException) {
    const status = thrown.getStatus();
    return new DomainError(BY_STATUS[status] ?? (status < 500 ? 'frame.malformed' : 'internal'), {
      cause: thrown,
    });
  }
  const stored = storageFaultOf(thrown);
  return stored === null
    ? new DomainError('internal', { cause: thrown })
    : new DomainError(stored, { cause: thrown, retryAfterMs: 2000 });
}

/** The refusal in one language: what JSON answers, error frames and pages all show. */
export function errorBody(error: DomainError, locale: Locale): ErrorBody {
  const params = { wait: waitIn(locale, secondsToWait(error) ?? 1), ...error.params };
  const fields = Object.entries(error.fields ?? {}).map(
    ([name, key]) => [name, translate(locale, key, params)] as const,
  );
  return {
    code: error.code,
    message: translate(locale, `error.${error.code}`, params),
    ...(fields.length > 0 && { fields: Object.fromEntries(fields) }),
  };
}

/** A time to wait as people say it: seconds up to two minutes, then whole minutes. */
function waitIn(locale: Locale, seconds: number): string {
  return seconds <= 120
    ? translate(locale, 'wait.seconds', { count: seconds })
    : translate(locale, 'wait.minutes', { count: Math.ceil(seconds / 60) });
}

/** Whole seconds for `Retry-After`; null when waiting would not help. */
export function secondsToWait({ retryAfterMs }: Pick<DomainError, 'retryAfterMs'>): number | null {
  return retryAfterMs === undefined ? null : Math.max(1, Math.ceil(retryAfterMs / 1000));
}
