import { AnswerText } from '../generation/answer.text.js';
import { tokensUsed } from '../generation/ended.policy.js';
import type { Calibration } from '../budget/estimate.js';
import type { ModelsService } from '../model/models.service.js';
import type { AiEnd, AiProvider } from '../provider/ai-provider.js';
import type { Look, Score, Scorer } from './scorer.js';
import { readScore, watchPrompt } from './watch.prompt.js';

/** Enough for a model that thinks before it says a word. */
const ANSWER_TOKENS = 64;

/** Has the chat model rate a text. */
export class ModelScorer implements Scorer {
  constructor(
    private readonly provider: AiProvider,
    private readonly models: ModelsService,
    private readonly calibration: Calibration,
  ) {}

  async plan(text: string): Promise<Look> {
    const model = await this.models.current();
    const prompt = watchPrompt(text);
    const ratio = this.calibration.ratio(model);
    const run = async (signal: AbortSignal): Promise<{ score: Score | null; used: number }> => {
      const answer = new AnswerText();
      let end: AiEnd = { type: 'end', status: 'failed', fault: 'cut' };
      const request = { model, messages: prompt.messages, maxTokens: ANSWER_TOKENS };
      for await (const event of this.provider.stream(request, signal)) {
        if (event.type === 'end') {
          end = event;
        } else {
          answer.push(event.text);
        }
      }
      const usage = end.usage ?? null;
      return {
        score: end.status === 'complete' ? readScore(answer.value) : null,
        used: tokensUsed({ end, prompt, usage }, answer.value, ratio),
      };
    };
    return { cost: Math.ceil(prompt.guess * ratio) + ANSWER_TOKENS, run };
  }
}
