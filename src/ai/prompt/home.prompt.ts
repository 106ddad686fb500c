import type { AiMessage } from '../provider/ai-provider.js';
import { withPersonas } from './persona.js';
import { fitPrompt, type Prompt } from './prompt.js';
import type { Turn } from './turns.js';

/** No words of people who ask are ever put in here. */
const SYSTEM =
  'You are the assistant of a chat site, in a private conversation with one person. Answer in the language the person ' +
  'writes in. Be helpful, concrete and honest; say so when you do not know something. Use Markdown where it helps ' +
  'reading: lists, tables, code blocks with their language.';

const GO_ON =
  'Your last message was cut off. Go on exactly where it stopped, in the same language and format. Repeat nothing of ' +
  'it, and do not introduce what follows.';

type Said = Pick<Turn, 'from' | 'text'>;

/** A question at home: the conversation up to it, the newest turn last. Null when that alone is too long. */
export function homePrompt(
  turns: readonly Said[],
  limit: number,
  personas: readonly string[] = [],
): Prompt | null {
  const messages = turns.map(messageOf);
  return fitPrompt([system(personas)], messages.slice(0, -1), messages.slice(-1), limit);
}

/** The conversation up to an answer that was cut off, to go on with it. */
export function continuationPrompt(
  turns: readonly Said[],
  limit: number,
  personas: readonly string[] = [],
): Prompt | null {
  const messages = turns.map(messageOf);
  const goOn: AiMessage = { role: 'user', content: GO_ON };
  return fitPrompt([system(personas)], messages.slice(0, -2), [...messages.slice(-2), goOn], limit);
}

function system(personas: readonly string[]): AiMessage {
  return { role: 'system', content: withPersonas(SYSTEM, personas) };
}

function messageOf({ from, text }: Said): AiMessage {
  return { role: from === 'ai' ? 'assistant' : 'user', content: text };
}
