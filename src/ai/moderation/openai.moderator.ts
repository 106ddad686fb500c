import OpenAI from 'openai';

import { boundedFetch } from '../provider/stream.body.js';
import { clientOptions, type ProviderAddress } from '../provider/client.options.js';
import type { Moderator } from './moderator.js';

const MODEL = 'omni-moderation-latest';
/** Longer texts are looked at in parts. */
const PART = 8000;

/** The check of OpenAI, or of a server that has the same one at the address that was set. */
export class OpenAiModerator implements Moderator {
  private readonly client: OpenAI;

  constructor(address: ProviderAddress) {
    this.client = new OpenAI({ ...clientOptions(address), fetch: boundedFetch });
  }

  async allows(text: string, signal: AbortSignal): Promise<boolean> {
    const input = Array.from({ length: Math.ceil(text.length / PART) }, (_, part) =>
      text.slice(part * PART, (part + 1) * PART).toWellFormed(),
    );
    const { results } = await this.client.moderations.create({ model: MODEL, input }, { signal });
    // Compatible servers differ from the SDK's types in what they leave out.
    if (!Array.isArray(results) || results.length === 0) {
      throw new Error('The answer is not that of a moderation endpoint.');
    }
    const flags: unknown[] = results.map(({ flagged }) => flagged);
    return flags.every((flag) => flag === false);
  }
}
