import type { ReportReason } from '../../protocol/views.js';

/** What a model makes of a text: how sure it is that it should not be shown, in percent, and why. */
export interface Score {
  readonly score: number;
  readonly reason: ReportReason;
}

/** A look at a text that has not begun. */
export interface Look {
  /** What it takes at most, in guessed tokens. */
  readonly cost: number;
  /** Never throws; the score is null when it could not be had, or the signal came first. */
  run(signal: AbortSignal): Promise<{ score: Score | null; used: number }>;
}

/** Something that scores what people say. */
export interface Scorer {
  plan(text: string): Promise<Look>;
}
