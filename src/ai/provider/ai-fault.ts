import type { ErrorCode } from '../../protocol/error-codes.js';

/** Every way a provider can fail, and what people are told about it. Details are for the operator's log. */
export const FAULT_CODES = {
  /** The key was refused. */
  auth: 'ai.provider',
  'model-missing': 'ai.provider',
  'rate-limited': 'ai.busy',
  /** The provider's own allowance is used up. */
  quota: 'ai.quota',
  'context-too-long': 'ai.too-long',
  /** The provider would not take the request, for a reason that is none of the above. */
  refused: 'ai.provider',
  /** It answered with a 5xx. */
  unavailable: 'ai.provider',
  unreachable: 'ai.provider',
  /** Nothing came within the time for a first token, or the whole answer took too long. */
  timeout: 'ai.provider',
  /** The stream went silent in the middle. */
  stalled: 'ai.provider',
  /** The stream ended, in whatever manner, before the model had said that it was done. */
  cut: 'ai.provider',
  /** The provider reported an error in the middle of the stream. */
  reported: 'ai.provider',
  /** Not what this API answers: a log-in page, broken JSON. */
  'bad-response': 'ai.provider',
  /** It ended in order and said nothing. */
  empty: 'ai.provider',
} as const satisfies Record<string, ErrorCode>;

export type AiFault = keyof typeof FAULT_CODES;

/** A fault as an exception, for calls that answer no stream. */
export class ProviderFault extends Error {
  constructor(readonly fault: AiFault) {
    super(fault);
    this.name = 'ProviderFault';
  }
}
