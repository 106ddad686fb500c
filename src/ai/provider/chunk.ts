import type { AiEnd, AiUsage } from './ai-provider.js';

/** What one event of a stream says to us; `finish` is the model's own word that it is done. */
export interface Chunk {
  readonly text: string;
  readonly finish: AiEnd['status'] | null;
  readonly usage: AiUsage | null;
}

/**
 * Reads one event of a Chat Completions stream. Compatible servers differ from the SDK's types in what they leave out, so
 * nothing is taken for granted. A model's reasoning is not its answer.
 */
export function readChunk(value: unknown): Chunk {
  const choice = at(at(value, 'choices'), 0);
  const content = at(at(choice, 'delta'), 'content');
  const finish = at(choice, 'finish_reason');
  return {
    text: typeof content === 'string' ? content : '',
    finish: typeof finish === 'string' && finish !== '' ? statusOf(finish) : null,
    usage: usageOf(at(value, 'usage')),
  };
}

function statusOf(finish: string): AiEnd['status'] {
  switch (finish) {
    case 'length':
      return 'truncated';
    case 'content_filter':
      return 'filtered';
    default:
      return 'complete';
  }
}

function usageOf(value: unknown): AiUsage | null {
  const [promptTokens, completionTokens] = [at(value, 'prompt_tokens'), at(value, 'completion_tokens')];
  return isCount(promptTokens) && isCount(completionTokens) ? { promptTokens, completionTokens } : null;
}

/** More than any call takes. A server that counts wrongly would use up everybody's budget with one answer. */
const MOST_TOKENS = 100_000_000;

const isCount = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= MOST_TOKENS;

function at(value: unknown, key: string | number): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}
