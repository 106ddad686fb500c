import { describe, expect, it } from 'vitest';

import type { AiEnd } from '../provider/ai-provider.js';
import { tokensUsed, verdictOn } from './ended.policy.js';
import type { StopReason } from './generation.js';

const end = (status: AiEnd['status'], fault?: AiEnd['fault']): AiEnd => ({
  type: 'end',
  status,
  ...(fault && { fault }),
});

describe('verdictOn', () => {
  it.each<[AiEnd, StopReason | null, boolean, object]>([
    [end('complete'), null, true, { status: 'complete' }],
    [end('truncated'), null, true, { status: 'truncated' }],
    [end('filtered'), null, true, { status: 'filtered' }],
    [end('filtered'), null, false, { status: 'failed', code: 'ai.provider' }],
    [end('failed', 'cut'), null, true, { status: 'failed', code: 'ai.provider' }],
    [end('failed', 'rate-limited'), null, false, { status: 'failed', code: 'ai.busy' }],
    [end('failed', 'quota'), null, false, { status: 'failed', code: 'ai.quota' }],
    [end('failed', 'context-too-long'), null, false, { status: 'failed', code: 'ai.too-long' }],
    [end('stopped'), 'stopped', true, { status: 'stopped' }],
    [end('stopped'), 'stopped', false, { status: 'failed' }],
    [end('stopped'), 'interrupted', true, { status: 'interrupted' }],
    [end('stopped'), 'interrupted', false, { status: 'failed', code: 'server.draining' }],
    [end('stopped'), 'cancelled', false, { status: 'stopped' }],
    [end('complete'), 'block', true, { status: 'filtered', code: 'text.blocked' }],
    [end('complete'), 'unchecked', true, { status: 'failed', code: 'ai.provider' }],
    // It was done before the stop reached it.
    [end('complete'), 'stopped', true, { status: 'complete' }],
  ])('%j with %s and text %s is %j', (ended, stop, hasText, verdict) => {
    expect(verdictOn({ end: ended }, stop, hasText)).toEqual(verdict);
  });
});

describe('tokensUsed', () => {
  const prompt = { messages: [], omitted: 0, guess: 100 };

  it('is the provider’s count, or a guess, or nothing where nothing was done', () => {
    const usage = { promptTokens: 7, completionTokens: 3 };
    expect(tokensUsed({ end: end('complete'), prompt, usage }, 'abc', 2)).toBe(10);
    expect(tokensUsed({ end: end('stopped'), prompt, usage: null }, 'abcabc', 2)).toBe(204);
    expect(tokensUsed({ end: end('failed', 'stalled'), prompt, usage: null }, '', 1)).toBe(100);
    expect(tokensUsed({ end: end('failed', 'auth'), prompt, usage: null }, '', 1)).toBe(0);
    expect(tokensUsed({ end: end('failed', 'context-too-long'), prompt: null, usage: null }, '', 1)).toBe(0);
  });
});
