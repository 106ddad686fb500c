import type { AiMessage } from '../provider/ai-provider.js';

/** A text's tokens, guessed: no tokenizer is run over what people write, since the known ones can be made to take minutes. */
export function estimateText(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / 3);
}

/** What every message costs besides its text. */
export const MESSAGE_OVERHEAD = 4;

export function estimateMessages(messages: readonly AiMessage[]): number {
  return messages.reduce((sum, { content }) => sum + estimateText(content) + MESSAGE_OVERHEAD, 0);
}

const LOWEST = 0.3;
const HIGHEST = 4;
/** How much one call moves what was believed. */
const WEIGHT = 0.2;
const MOST_MODELS = 100;

/** How far a model's real count is from the guess, learnt from what the provider reports. */
export class Calibration {
  private readonly ratios = new Map<string, number>();

  /** What to multiply a guess by. */
  ratio(model: string): number {
    return this.ratios.get(model) ?? 1;
  }

  learn(model: string, guessed: number, real: number): void {
    if (guessed <= 0 || real <= 0 || (this.ratios.size >= MOST_MODELS && !this.ratios.has(model))) {
      return;
    }
    const ratio = Math.min(HIGHEST, Math.max(LOWEST, real / guessed));
    this.ratios.set(model, this.ratio(model) * (1 - WEIGHT) + ratio * WEIGHT);
  }
}
