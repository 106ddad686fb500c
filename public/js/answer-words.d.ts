/** The types of `answer-words.js` for the server, which is compiled apart from the browser's code and uses it as it is. */
import type { AiStatus } from '../../src/protocol/frames.js';

/** The sentences it chooses from, without what stands before them in the catalogue. */
export type AnswerKey =
  | `ai.ended.${Exclude<AiStatus, 'complete'>}`
  | `ai.none.${'stopped' | 'busy' | 'quota' | 'too-long' | 'off' | 'blocked' | 'provider'}`;

export function endingText(status: AiStatus, t: (key: AnswerKey) => string): string;
export function outcomeText(
  outcome: { status: AiStatus | 'refused'; code: string | null; message: string },
  t: (key: AnswerKey) => string,
): string;
