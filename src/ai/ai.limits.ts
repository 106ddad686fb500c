/** What the assistant may cost. */
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
  /** Answers that are being written at one time. */
  readonly running: number;
  /** Per day (UTC). */
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
  tokensPerPerson: 100_000,
  tokensPerServer: 2_000_000,
};
