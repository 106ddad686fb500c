import { ERROR_STATUS, type ErrorCode } from '../protocol/error-codes.js';
import type { MessageKey } from './i18n/translate.js';

export interface ErrorDetails {
  /** Field name to the catalogue key of what is wrong with it. */
  fields?: Record<string, MessageKey>;
  /** How long to wait before trying again, in milliseconds. */
  retryAfterMs?: number;
  /** Values for the placeholders of the message. */
  params?: Record<string, string | number>;
  cause?: unknown;
}

/**
 * A refusal that its receiver may read. Services throw it; the JSON, HTML and WebSocket filters translate it
 * into the caller's language. Anything else that is thrown is a fault of ours and shows as `internal`.
 */
export class DomainError extends Error {
  readonly status: number;
  readonly fields: Record<string, MessageKey> | undefined;
  readonly retryAfterMs: number | undefined;
  readonly params: Record<string, string | number>;

  constructor(
    readonly code: ErrorCode,
    details: ErrorDetails = {},
  ) {
    super(code, { cause: details.cause });
    this.name = 'DomainError';
    this.status = ERROR_STATUS[code];
    this.fields = details.fields;
    this.retryAfterMs = details.retryAfterMs;
    this.params = details.params ?? {};
  }
}
