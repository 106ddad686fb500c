/** What the assistant may cost, where an administrator has set nothing else (`settings/ai.settings.ts`). */
export interface AiLimits {
  /** What the model takes in and gives out in one call, in tokens. */
  readonly contextTokens: number;
  readonly answerTokens: number;
  /** In a room, where everybody has to scroll past it. */
  readonly roomAnswerTokens: number;
  /** Longest question, in graphemes. */
  readonly questionLength: number;
  /** Questions of one person in a window. */
  readonly asks: number;
  readonly asksWindowMs: number;
  /** Answers in one room in a window. */
  readonly roomAnswers: number;
  readonly roomAnswersWindowMs: number;
  /** Answers that are being written at one time, and how many more may wait for that. */
  readonly running: number;
  readonly queue: number;
  /** Translations and summaries of one person in a window. */
  readonly readings: number;
  readonly readingsWindowMs: number;
  /** Messages of watched rooms that are looked at on this node at one time, and how many more may wait for that. */
  readonly watchRunning: number;
  readonly watchQueue: number;
  /** Per day (UTC). */
  readonly watchTokens: number;
  readonly tokensPerPerson: number;
  readonly tokensPerServer: number;
}

/** The injection token of the limits. */
export const AI_LIMITS = Symbol('AiLimits');

export const DEFAULT_LIMITS: AiLimits = {
  contextTokens: 16_384,
  answerTokens: 2048,
  roomAnswerTokens: 800,
  questionLength: 8000,
  asks: 20,
  asksWindowMs: 5 * 60_000,
  roomAnswers: 6,
  roomAnswersWindowMs: 60_000,
  running: 64,
  queue: 10,
  readings: 30,
  readingsWindowMs: 5 * 60_000,
  watchRunning: 8,
  watchQueue: 200,
  watchTokens: 1_000_000,
  tokensPerPerson: 100_000,
  tokensPerServer: 2_000_000,
};
