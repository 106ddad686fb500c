/** The types of `emote-words.js` for the server, which is compiled apart from the browser's code and uses it as it is. */
import type { EmoteView } from '../../src/protocol/views.js';

export interface Emote {
  text: string;
  image: string;
  animated?: true;
}
export function emoteWords(
  text: string,
  emotes: ReadonlyMap<string, EmoteView>,
): (Emote | { text: string })[];
