import { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from 'openai';

import { ProviderFault, type AiFault } from './ai-fault.js';

/** What can be said of an exception of the SDK without repeating the provider's words. */
export interface FaultReport {
  readonly fault: AiFault | 'filtered';
  readonly status: number | undefined;
  /** The provider's short code, when it looks like one. */
  readonly code: string | undefined;
  readonly requestId: string | undefined;
  readonly retryAfterMs: number | undefined;
}

const TOO_LONG =
  /context (length|window|size)|maximum context|too many tokens|prompt is too long|reduce the length/i;
const NO_MODEL = /model\b.*\b(not found|does not exist|not exist|unknown)/i;
const LONGEST_WAIT_MS = 24 * 60 * 60 * 1000;

/** Sorts whatever the SDK or the network threw. `began`: some of the answer had arrived. */
export function faultOf(error: unknown, began: boolean, now: number): FaultReport {
  const api = error instanceof APIError ? error : null;
  const code = typeof api?.code === 'string' && /^[\w.-]{1,64}$/.test(api.code) ? api.code : undefined;
  return {
    fault: api ? faultOfApi(api, began) : faultOfNetwork(error, began),
    status: api?.status,
    code,
    requestId: api?.requestID ?? undefined,
    retryAfterMs: api ? retryAfter(api.headers, now) : undefined,
  };
}

function faultOfApi(error: APIError, began: boolean): FaultReport['fault'] {
  if (error instanceof APIConnectionTimeoutError) {
    return 'timeout';
  }
  if (error instanceof APIConnectionError || error instanceof APIUserAbortError) {
    return 'unreachable';
  }
  const { status, code, message } = error;
  if (code === 'content_filter' || code === 'content_policy_violation') {
    return 'filtered';
  }
  if (code === 'insufficient_quota' || error.type === 'insufficient_quota' || status === 402) {
    return 'quota';
  }
  if (code === 'context_length_exceeded' || status === 413 || TOO_LONG.test(message)) {
    return 'context-too-long';
  }
  if (code === 'model_not_found' || status === 404 || NO_MODEL.test(message)) {
    return 'model-missing';
  }
  if (status === undefined) {
    // An error event within a stream has no status.
    return began ? 'reported' : code === 'rate_limit_exceeded' ? 'rate-limited' : 'reported';
  }
  if (status === 401 || status === 403) {
    return 'auth';
  }
  if (status === 429) {
    return 'rate-limited';
  }
  return status >= 500 ? 'unavailable' : 'refused';
}

function faultOfNetwork(error: unknown, began: boolean): AiFault {
  if (error instanceof ProviderFault) {
    return error.fault;
  }
  // The parser of the stream; its message holds a piece of the answer and is shown to nobody.
  if (error instanceof SyntaxError) {
    return 'bad-response';
  }
  return began || (error instanceof TypeError && error.message === 'terminated') ? 'cut' : 'unreachable';
}

/** How long a provider asks us to wait, in milliseconds: `retry-after-ms`, or `Retry-After` in seconds or as a date. */
export function retryAfter(headers: Headers | undefined, now: number): number | undefined {
  const milliseconds = Number(headers?.get('retry-after-ms') ?? Number.NaN);
  const value = headers?.get('retry-after') ?? '';
  const seconds = /^\d+(\.\d+)?$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
  const wait = Number.isFinite(milliseconds) ? milliseconds : seconds;
  return Number.isFinite(wait) ? Math.min(Math.max(0, wait), LONGEST_WAIT_MS) : undefined;
}
