import OpenAI from 'openai';

import type { ReportReason } from '../../protocol/views.js';
import { estimateText } from '../budget/estimate.js';
import { clientOptions, type ProviderAddress } from '../provider/client.options.js';
import { boundedFetch } from '../provider/stream.body.js';
import type { Look, Score, Scorer } from './scorer.js';

const MODEL = 'omni-moderation-latest';
/** Their categories, by how they begin, as the reasons that people report by. */
const REASONS: readonly (readonly [prefix: string, reason: ReportReason])[] = [
  ['harassment', 'harassment'],
  ['hate', 'hate'],
  ['sexual', 'sexual'],
  ['illicit', 'danger'],
  ['self-harm', 'danger'],
  ['violence', 'danger'],
];

/** The check of OpenAI, or of a server that has the same one: its highest score of all categories. */
export class OpenAiScorer implements Scorer {
  private readonly client: OpenAI;

  constructor(address: ProviderAddress) {
    this.client = new OpenAI({ ...clientOptions(address), fetch: boundedFetch });
  }

  plan(text: string): Promise<Look> {
    const cost = estimateText(text);
    const run = async (signal: AbortSignal) => ({ score: await this.ask(text, signal), used: cost });
    return Promise.resolve({ cost, run });
  }

  private async ask(text: string, signal: AbortSignal): Promise<Score | null> {
    try {
      const answer = await this.client.moderations.create(
        { model: MODEL, input: [text.toWellFormed()] },
        { signal },
      );
      return highest(answer);
    } catch {
      // Never the error's own words: they may repeat the key, or what somebody wrote. It is counted.
      return null;
    }
  }
}

/** Compatible servers differ from the SDK's types in what they leave out; what is not all numbers is no answer. */
function highest(answer: unknown): Score | null {
  const results: unknown = isRecord(answer) ? answer['results'] : null;
  const result: unknown = Array.isArray(results) && results.length === 1 ? results[0] : null;
  const scores = isRecord(result) ? result['category_scores'] : null;
  const all = isRecord(scores) ? Object.entries(scores) : [];
  let found: Score | null = null;
  for (const [category, value] of all) {
    if (typeof value !== 'number' || !(value >= 0 && value <= 1)) {
      return null;
    }
    const score = Math.round(value * 100);
    if (!found || score > found.score) {
      const reason = REASONS.find(([prefix]) => category.startsWith(prefix))?.[1] ?? 'other';
      found = { score, reason };
    }
  }
  return found;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
