import { foldings, foldTerm, type Folded } from './fold.js';

/** What happens to a message with a term in it. */
export const TERM_OUTCOMES = ['refuse', 'mask', 'hold'] as const;
export type TermOutcome = (typeof TERM_OUTCOMES)[number];

/** A blocked term as staff wrote it: a word or phrase, with `*` where it may go on. */
export interface Term {
  readonly text: string;
  readonly outcome: TermOutcome;
}

/** A place in the original text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Matches {
  /** There is at least one term that refuses. */
  readonly refused: boolean;
  /** There is at least one term for which it is to wait for review. */
  readonly held: boolean;
  /** What is to be masked. May overlap. */
  readonly masks: readonly Span[];
}

/** A term taken apart: what is looked for, and on which sides it may be part of a longer word. */
export interface Pattern {
  readonly key: string;
  readonly openStart: boolean;
  readonly openEnd: boolean;
  /** It is looked for only where words that were spelled out are put together. */
  readonly isRun?: true;
}

const WORD = /[\p{L}\p{N}]/u;

/** The pattern of a term; null when nothing is left of it to look for. */
export function patternOf(term: string): Pattern | null {
  const text = term.trim();
  const openStart = text.startsWith('*');
  const openEnd = text.length > 1 && text.endsWith('*');
  const key = foldTerm(text.slice(openStart ? 1 : 0, openEnd ? -1 : undefined));
  return key === '' ? null : { key, openStart, openEnd };
}

/** Whether a pattern that stands at a place of a folded text stands there as the term means it. */
export function fits({ openStart, openEnd }: Pattern, text: string, start: number, end: number): boolean {
  return (openStart || !joins(text, start)) && (openEnd || !joins(text, end));
}

/** Whether a word goes on across this place. */
function joins(text: string, at: number): boolean {
  return WORD.test(before(text, at)) && WORD.test(after(text, at));
}

const before = (text: string, at: number) =>
  /[\uDC00-\uDFFF]/.test(text.charAt(at - 1)) ? text.slice(at - 2, at) : text.charAt(at - 1);
const after = (text: string, at: number) => String.fromCodePoint(text.codePointAt(at) ?? 0x20);

/** All that a term is found by: itself, and a phrase that is spelled out without its spaces. */
export function patternsOf(term: string): Pattern[] {
  const pattern = patternOf(term);
  const run = pattern?.key.replaceAll(' ', '') ?? '';
  return pattern === null
    ? []
    : run === pattern.key || run === ''
      ? [pattern]
      : [pattern, { ...pattern, key: run, isRun: true }];
}

/** What of the terms ends in a node. */
interface Found extends Pattern {
  readonly outcome: TermOutcome;
}

const ROOT = 0;
const UNITS = 0x1_0000;

/**
 * Finds any number of terms in one pass over a text (Aho and Corasick, 1975): the time is that of the text and of what
 * is found in it, whatever the terms are.
 */
export class TermMatcher {
  /** node × unit → node; the root's in a table of their own, since most of a text goes from root to root. */
  private readonly edges = new Map<number, number>();
  private readonly fromRoot = new Int32Array(UNITS);
  private readonly nearest: number[] = [];
  private readonly fail: number[] = [ROOT];
  /** The nearest node on the way of failures in which a term ends. */
  private readonly next: number[] = [ROOT];
  private readonly found: Found[][] = [[]];

  constructor(terms: readonly Term[]) {
    for (const { text, outcome } of terms) {
      for (const pattern of patternsOf(text)) {
        this.insert({ ...pattern, outcome });
      }
    }
    this.link();
  }

  get isEmpty(): boolean {
    return this.found.length === 1;
  }

  match(text: string): Matches {
    let refused = false;
    let held = false;
    const masks: Span[] = [];
    for (const folded of this.isEmpty ? [] : foldings(text)) {
      this.scan(folded, ({ outcome }, span) => {
        refused ||= outcome === 'refuse';
        held ||= outcome === 'hold';
        masks.push(...(outcome === 'mask' ? [span] : []));
      });
    }
    return { refused, held, masks };
  }

  private scan({ text, starts, ends, isJoined }: Folded, onFound: (found: Found, span: Span) => void): void {
    let node = ROOT;
    for (let at = 0; at < text.length; at++) {
      node = this.step(node, text.charCodeAt(at));
      for (let ending = node; ending !== ROOT; ending = this.next[ending]!) {
        for (const found of this.found[ending]!) {
          const start = at + 1 - found.key.length;
          if ((isJoined || !found.isRun) && fits(found, text, start, at + 1)) {
            onFound(found, { start: starts[start]!, end: ends[at]! });
          }
        }
      }
    }
  }

  private step(from: number, unit: number): number {
    let node = from;
    while (node !== ROOT) {
      const to = this.edges.get(node * UNITS + unit);
      if (to !== undefined) {
        return to;
      }
      node = this.fail[node]!;
    }
    return this.fromRoot[unit]!;
  }

  private insert(found: Found): void {
    let node = ROOT;
    for (let at = 0; at < found.key.length; at++) {
      node = this.child(node, found.key.charCodeAt(at)) ?? this.grow(node, found.key.charCodeAt(at));
    }
    this.found[node]!.push(found);
  }

  private child(node: number, unit: number): number | undefined {
    return node === ROOT ? this.fromRoot[unit] || undefined : this.edges.get(node * UNITS + unit);
  }

  private grow(node: number, unit: number): number {
    const made = this.found.push([]) - 1;
    this.fail.push(ROOT);
    this.next.push(ROOT);
    if (node === ROOT) {
      this.fromRoot[unit] = made;
      this.nearest.push(made);
    } else {
      this.edges.set(node * UNITS + unit, made);
    }
    return made;
  }

  /** Where to go on when a term breaks off: breadth first, so that what is nearer to the root is known already. */
  private link(): void {
    const children: [number, number][][] = this.found.map(() => []);
    for (const [edge, to] of this.edges) {
      children[Math.floor(edge / UNITS)]!.push([edge % UNITS, to]);
    }
    const queue = [...this.nearest];
    for (const node of queue) {
      for (const [unit, to] of children[node]!) {
        const fail = this.step(this.fail[node]!, unit);
        this.fail[to] = fail;
        this.next[to] = this.found[fail]!.length > 0 ? fail : this.next[fail]!;
        queue.push(to);
      }
    }
  }
}

/** The text with every span hidden, a `*` for each character. */
export function masked(text: string, spans: readonly Span[]): string {
  let shown = '';
  let at = 0;
  for (const { start, end } of [...spans].sort((a, b) => a.start - b.start)) {
    shown += text.slice(at, Math.max(at, start));
    shown += '*'.repeat(Array.from(text.slice(Math.max(at, start), end)).length);
    at = Math.max(at, end);
  }
  return shown + text.slice(at);
}
