import { Inject, Injectable, Logger } from '@nestjs/common';

import { DomainError } from '../../common/errors.js';
import { APP_CONFIG, type AppConfig } from '../../config/app-config.js';
import { ProviderFault } from '../provider/ai-fault.js';
import { AI_PROVIDER, type AiModel, type AiProvider } from '../provider/ai-provider.js';
import { AiSettings } from '../settings/ai.settings.js';
import { chooseModel, SEED_MODEL } from './model.choice.js';

/** Which model answers. The provider is asked what it has when somebody first needs to know, and not before. */
@Injectable()
export class ModelsService {
  private readonly log = new Logger('Ai');
  private chosen: Promise<string> | null = null;

  constructor(
    @Inject(APP_CONFIG) private readonly config: AppConfig,
    @Inject(AI_PROVIDER) private readonly provider: AiProvider,
    private readonly settings: AiSettings,
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
    const { model } = this.settings.now;
    if (model !== null) {
      return model;
    }
    const choosing = (this.chosen ??= this.choose());
    try {
      return await choosing;
    } catch {
      this.forget(choosing);
      return SEED_MODEL;
    }
  }

  /** What the provider has, by name. Rejects with `ai.off`, and with `ai.provider` when there is no list. */
  async available(): Promise<AiModel[]> {
    if (!this.isSetUp) {
      throw new DomainError('ai.off');
    }
    try {
      const models = await this.provider.models();
      return models.sort((a, b) => a.id.localeCompare(b.id));
    } catch (error) {
      throw new DomainError('ai.provider', { cause: error });
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
      return (await this.provider.models()).map(({ id }) => id);
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
