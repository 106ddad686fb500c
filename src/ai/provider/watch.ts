import type { AiFault } from './ai-fault.js';

/** How long a provider may take, in milliseconds. */
export interface ProviderLimits {
  /** Until the first token; long, since a local model may have to be loaded first. */
  readonly firstTokenMs: number;
  /** Between two tokens. */
  readonly idleMs: number;
  /** The whole answer, waiting and trying again included. */
  readonly totalMs: number;
  /** The longest wait a provider may ask for before we try again by ourselves. */
  readonly retryAfterMs: number;
  /** Between tries, when the provider asks for nothing; doubled each time. */
  readonly backoffMs: number;
}

export const PROVIDER_LIMITS: ProviderLimits = {
  firstTokenMs: 120_000,
  idleMs: 60_000,
  totalMs: 300_000,
  retryAfterMs: 10_000,
  backoffMs: 500,
};

/** After the model's last word only its bill is waited for. */
const USAGE_MS = 5000;

/** Ends one call from our side: somebody stopped it, or it took too long. Knows which. */
export class Watch {
  readonly controller = new AbortController();
  /** Why this side ended it; null while it has not. */
  reason: 'stopped' | Extract<AiFault, 'timeout' | 'stalled'> | null = null;
  private silence: NodeJS.Timeout;
  private readonly total: NodeJS.Timeout;
  private readonly onStop = () => this.end('stopped');

  constructor(
    private readonly signal: AbortSignal,
    private readonly limits: ProviderLimits,
    leftMs: number,
  ) {
    this.total = setTimeout(() => this.end('timeout'), Math.max(0, leftMs));
    this.silence = setTimeout(() => this.end('timeout'), limits.firstTokenMs);
    signal.addEventListener('abort', this.onStop);
    if (signal.aborted) {
      this.onStop();
    }
  }

  /** Something of the answer came. */
  heard(): void {
    this.rearm(this.limits.idleMs);
  }

  /** The model is done; its count of tokens may still come. */
  finished(): void {
    this.rearm(Math.min(USAGE_MS, this.limits.idleMs));
  }

  /** Takes the timers down and ends the call, should it still run. */
  close(): void {
    clearTimeout(this.total);
    clearTimeout(this.silence);
    this.signal.removeEventListener('abort', this.onStop);
    this.controller.abort();
  }

  private rearm(ms: number): void {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => this.end('stalled'), ms);
  }

  private end(reason: NonNullable<Watch['reason']>): void {
    this.reason ??= reason;
    this.controller.abort();
  }
}
