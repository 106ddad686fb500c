import type { AiFault } from './ai-fault.js';

/** The injection token of the model behind the assistant. */
export const AI_PROVIDER = Symbol('AiProvider');

export interface AiMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

export interface AiRequest {
  readonly model: string;
  readonly messages: readonly AiMessage[];
  /** The most the model may answer, in its own tokens. */
  readonly maxTokens: number;
}

/** What a call really took, as the provider counted it. */
export interface AiUsage {
  readonly promptTokens: number;
  readonly completionTokens: number;
}

export interface AiDelta {
  readonly type: 'delta';
  readonly text: string;
}

/** How an answer ended. `failed` has a fault; what had come before it stays. */
export interface AiEnd {
  readonly type: 'end';
  readonly status: 'complete' | 'truncated' | 'filtered' | 'stopped' | 'failed';
  readonly fault?: AiFault;
  /** With `rate-limited`: how long the provider asked us to wait. */
  readonly retryAfterMs?: number;
  readonly usage?: AiUsage;
}

export type AiEvent = AiDelta | AiEnd;

/** A model that the provider has. */
export interface AiModel {
  readonly id: string;
  /** The day (YYYY-MM-DD) on which it will be shut down, where the provider says so. */
  readonly shutdown?: string;
}

/** A model that answers. */
export interface AiProvider {
  /**
   * Streams an answer: deltas, and then exactly one end, always last. Never throws. Aborting the signal, or leaving the
   * loop, ends the call at the provider too.
   */
  stream(request: AiRequest, signal: AbortSignal): AsyncIterable<AiEvent>;
  /** The models there are to choose from. Rejects with a `ProviderFault`. */
  models(): Promise<AiModel[]>;
}
