import { estimateMessages } from '../budget/estimate.js';
import type { AiMessage } from '../provider/ai-provider.js';

/** What a model is sent. */
export interface Prompt {
  readonly messages: readonly AiMessage[];
  /** How many earlier messages found no place. */
  readonly omitted: number;
  /** Its tokens, guessed and not yet corrected for the model. */
  readonly guess: number;
}

/**
 * The system's message and the newest always; of the earlier ones as many of the newest as fit into `limit` guessed
 * tokens, each whole. Null when not even the newest fits.
 */
export function fitPrompt(
  system: readonly AiMessage[],
  earlier: readonly AiMessage[],
  newest: readonly AiMessage[],
  limit: number,
): Prompt | null {
  let guess = estimateMessages([...system, ...newest]);
  if (guess > limit) {
    return null;
  }
  let first = earlier.length;
  while (first > 0) {
    const more = estimateMessages([earlier[first - 1]!]);
    if (guess + more > limit) {
      break;
    }
    guess += more;
    first--;
  }
  // An answer without its question would read as if the model had begun.
  while (first > 0 && first < earlier.length && earlier[first]!.role === 'assistant') {
    guess -= estimateMessages([earlier[first]!]);
    first++;
  }
  return { messages: [...system, ...earlier.slice(first), ...newest], omitted: first, guess };
}
