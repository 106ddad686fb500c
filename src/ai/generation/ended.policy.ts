import type { ErrorCode } from '../../protocol/error-codes.js';
import type { AiStatus } from '../../protocol/frames.js';
import { estimateText } from '../budget/estimate.js';
import { FAULT_CODES, type AiFault } from '../provider/ai-fault.js';
import type { Run, StopReason } from './generation.js';

/** What people are told about the end of a run. An answer without text has failed, whatever the reason. */
export function verdictOn(
  { end }: Pick<Run, 'end'>,
  stop: StopReason | null,
  hasText: boolean,
): { status: AiStatus; code?: ErrorCode } {
  const code = end.fault && FAULT_CODES[end.fault];
  if (stop === 'block') {
    return { status: 'filtered', code: 'text.blocked' };
  }
  if (stop === 'unchecked') {
    return { status: 'failed', code: 'ai.provider' };
  }
  if (stop !== null && end.status !== 'complete') {
    const status = stop === 'interrupted' ? 'interrupted' : 'stopped';
    if (hasText || stop === 'cancelled') {
      return { status };
    }
    return { status: 'failed', ...(stop === 'interrupted' && { code: 'server.draining' as const }) };
  }
  if (!hasText) {
    return { status: 'failed', code: code ?? 'ai.provider' };
  }
  return { status: end.status, ...(code && { code }) };
}

/** Faults after which the provider has not worked, and takes nothing for it. */
const UNPAID: ReadonlySet<AiFault> = new Set([
  'auth',
  'model-missing',
  'rate-limited',
  'quota',
  'context-too-long',
  'refused',
  'unavailable',
  'unreachable',
]);

/** What a run took, in tokens: the provider's own count, or our guess when it gave none. */
export function tokensUsed({ end, prompt, usage }: Run, added: string, ratio: number): number {
  if (usage) {
    return usage.promptTokens + usage.completionTokens;
  }
  if (!prompt || (added === '' && end.fault !== undefined && UNPAID.has(end.fault))) {
    return 0;
  }
  return Math.ceil((prompt.guess + estimateText(added)) * ratio);
}
