/** The types of `poll.js` for the server, which is compiled apart from the browser's code and uses it as it is. */
import type { ServerFrame } from '../../src/protocol/frames.js';
import type { PollView } from '../../src/protocol/views.js';

export function followPoll(poll: PollView | null, frame: ServerFrame): PollView | null;
export function sharesText(counts: readonly number[], locale: string): string[];
export function resultText(choices: readonly string[], counts: readonly number[], locale: string): string;
export function pollLineText(
  line: {
    says: string;
    params: Record<string, string | number>;
    poll?: { choices: readonly string[]; counts: readonly number[] };
  },
  t: (key: string, params?: Record<string, string | number>) => string,
  locale: string,
): string;
