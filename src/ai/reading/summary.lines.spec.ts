import { describe, expect, it } from 'vitest';

import { summaryLines } from './summary.lines.js';

const told = new Set([3, 4, 12]);

describe('the lines of a summary', () => {
  it.each([
    ['Bora asked for the title. [3]', 'Bora asked for the title.', [3]],
    ['- **Questions** from nine on [#4, #12]', 'Questions from nine on', [4, 12]],
    ['2. It rained (1) [3] and stopped [4; 3].', 'It rained (1) and stopped.', [3, 4]],
    ['곡 제목을 물었어요 [12]', '곡 제목을 물었어요', [12]],
    ['Nothing is named', 'Nothing is named', []],
  ])('%j is read', (line, text, seqs) => {
    expect(summaryLines(line, told)).toEqual([{ text, seqs }]);
  });

  it('refer to nothing that the model was not told of', () => {
    expect(summaryLines('Made up [5] and [99999999999999999999] [4]', told)).toMatchObject([{ seqs: [4] }]);
  });

  it('are few and short, whatever was written', () => {
    const lines = summaryLines(`${'a'.repeat(5000)}\n\n${'b [3]\n'.repeat(50)}`, told);
    expect(lines).toHaveLength(10);
    expect(lines[0]!.text.length).toBeLessThan(500);
  });

  it('take no time on hostile text', () => {
    const started = performance.now();
    summaryLines(`${'['.repeat(20_000)}${'[1,'.repeat(20_000)}${' '.repeat(20_000)}`, told);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
