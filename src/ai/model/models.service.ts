import { Inject, Injectable, Logger } from '@nestjs/common';

import { DomainError } from '../../common/errors.js';
import { APP_CONFIG, type AppConfig } from '../../config/app-config.js';
import { ProviderFault } from '../provider/ai-fault.js';
import { AI_PROVIDER, type AiProvider } from '../provider/ai-provider.js';
import { chooseModel, SEED_MODEL } from './model.choice.js';

/** Which model answers. The provider is asked what it has when somebody first needs to know, and not before. */
@Injectable()
export class ModelsService {
  private readonly log = new Logger('Ai');
  private chosen: Promise<string> | null = null;

  constructor(
    @Inject(APP_CONFIG) private readonly config: AppConfig,
    @Inject(AI_PROVIDER) private readonly provider: AiProvider,
  ) {}

  /** Whether there is a provider to ask. */
  get isSetUp(): boolean {
    return this.config.openaiApiKey !== null || this.config.openaiBaseUrl !== null;
  }

  /**
   * The model to use. Rejects with `ai.off` when nothing is set up. While the list cannot be had it is the seed's: the
   * call itself then shows what is wrong, or that nothing is.
   */
  async current(): Promise<string> {
    if (!this.isSetUp) {
      throw new DomainError('ai.off');
    }
    if (this.config.openaiModel !== null) {
      return this.config.openaiModel;
    }
    const choosing = (this.chosen ??= this.choose());
    try {
      return await choosing;
    } catch {
      this.forget(choosing);
      return SEED_MODEL;
    }
  }

  /** The model turned out not to be there: the next time the list is read anew. */
  forget(choosing: Promise<string> | null = this.chosen): void {
    if (this.chosen === choosing) {
      this.chosen = null;
    }
  }

  private async choose(): Promise<string> {
    const model = chooseModel(await this.list());
    this.log.log({ msg: 'model chosen', model });
    return model;
  }

  private async list(): Promise<string[]> {
    try {
      return await this.provider.models();
    } catch (error) {
      // A server that has no list may well have models.
      if (
        error instanceof ProviderFault &&
        ['model-missing', 'refused', 'bad-response'].includes(error.fault)
      ) {
        return [];
      }
      throw error;
    }
  }
}
