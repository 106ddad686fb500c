import type { SummaryLineView } from '../../protocol/views.js';
import { harmless } from '../prompt/harmless.js';

const MOST_LINES = 10;
const LONGEST = 400;
const MOST_SEQS = 8;
const REFERENCE = / ?\[#?\d{1,16}(?: ?[,;] ?#?\d{1,16})*\]/g;
const LIST_MARK = /^\s*(?:[-*•]|\d{1,2}[.)])\s+/;

/**
 * What a model wrote, in lines. It is a stranger's text: only numbers of messages that it was told of become references, and
 * no line is longer than what can be looked over.
 */
export function summaryLines(text: string, told: ReadonlySet<number>): SummaryLineView[] {
  return text
    .split('\n')
    .map((line) => lineOf(line, told))
    .filter((line) => line.text !== '')
    .slice(0, MOST_LINES);
}

function lineOf(line: string, told: ReadonlySet<number>): SummaryLineView {
  const named = [...line.matchAll(REFERENCE)].flatMap(([found]) => [...found.matchAll(/\d+/g)].map(Number));
  const seqs = [...new Set(named)].filter((seq) => told.has(seq)).slice(0, MOST_SEQS);
  const text = harmless(line.replaceAll(REFERENCE, ''))
    .replace(LIST_MARK, '')
    .replaceAll(/\*\*|^#+\s+/g, '')
    .trim();
  return { text: text.length > LONGEST ? `${text.slice(0, LONGEST).toWellFormed()}…` : text, seqs };
}
