import { Inject, Injectable } from '@nestjs/common';

import type { AiTestView, Locale } from '../../protocol/views.js';
import { Clock } from '../../common/clock.js';
import { DomainError } from '../../common/errors.js';
import { translate } from '../../common/i18n/translate.js';
import type { AiFault } from '../provider/ai-fault.js';
import { AI_PROVIDER, type AiProvider } from '../provider/ai-provider.js';
import { ModelsService } from './models.service.js';

/** Enough for a model that thinks before it says a word. */
const MOST_TOKENS = 64;
const PATIENCE_MS = 30_000;
const WAIT_MS = 5000;

interface Tried {
  readonly model: string;
  readonly fault: AiFault | 'not-set-up' | null;
  readonly ms: number | null;
  readonly at: number;
}

/** Asks the model for a word, to see whether people would be answered, and says what is wrong if they would not. */
@Injectable()
export class ConnectionTest {
  private newest: Tried | null = null;
  private isBusy = false;

  constructor(
    @Inject(AI_PROVIDER) private readonly provider: AiProvider,
    private readonly models: ModelsService,
    private readonly clock: Clock,
  ) {}

  /** What came of the last try on this node; null before the first. */
  last(locale: Locale): AiTestView | null {
    return this.newest && present(this.newest, locale);
  }

  /** Never fails because of the provider: that is what it tells. Throws `ai.busy` while another try runs. */
  async run(locale: Locale): Promise<AiTestView> {
    if (this.isBusy) {
      throw new DomainError('ai.busy', { retryAfterMs: WAIT_MS });
    }
    this.isBusy = true;
    try {
      this.newest = await this.try();
      return present(this.newest, locale);
    } finally {
      this.isBusy = false;
    }
  }

  private async try(): Promise<Tried> {
    const at = this.clock.now();
    if (!this.models.isSetUp) {
      return { model: '', fault: 'not-set-up', ms: null, at };
    }
    const model = await this.models.current();
    const began = performance.now();
    const request = {
      model,
      messages: [{ role: 'user', content: 'Say hello in one word.' } as const],
      maxTokens: MOST_TOKENS,
    };
    for await (const event of this.provider.stream(request, AbortSignal.timeout(PATIENCE_MS))) {
      if (event.type === 'delta') {
        return { model, fault: null, ms: Math.round(performance.now() - began), at };
      }
      const fault = event.status === 'stopped' ? 'timeout' : (event.fault ?? null);
      return { model, fault, ms: Math.round(performance.now() - began), at };
    }
    return { model, fault: 'empty', ms: null, at };
  }
}

function present({ model, fault, ms, at }: Tried, locale: Locale): AiTestView {
  const message = fault === null ? 'page.ai.test-ok' : (`page.ai.fault.${fault}` as const);
  return {
    ok: fault === null,
    model,
    message: translate(locale, message, { model, ms: ms ?? 0 }),
    ...(ms !== null && fault === null && { ms }),
    at: new Date(at).toISOString(),
  };
}
