import { describe, expect, it } from 'vitest';

import { chooseModel } from './model.choice.js';

describe('chooseModel', () => {
  it.each([
    [['gpt-4o-mini', 'gpt-3.5-turbo'], 'gpt-3.5-turbo'],
    [['gpt-4o-mini', 'gpt-4.1-mini', 'o9'], 'gpt-4.1-mini'],
    [['text-embedding-3-large', 'whisper-1', 'llama3.2:3b', 'qwen3'], 'llama3.2:3b'],
    [['nomic-embed-text'], 'nomic-embed-text'],
    [[], 'gpt-3.5-turbo'],
  ])('of %j takes %s', (listed, chosen) => {
    expect(chooseModel(listed)).toBe(chosen);
  });
});
