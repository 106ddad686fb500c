/** The types of `inline-marks.js` for the server, which is compiled apart from the browser's code and uses it as it is. */
import type { EmoteView } from '../../src/protocol/views.js';
import type { Emote } from './emote-words.js';

export type Emotes = ReadonlyMap<string, EmoteView>;
export interface Plain {
  text: string;
  href?: string;
}
export interface Marked {
  mark: 'strong' | 'em' | 's' | 'code';
  pieces: Piece[];
}
export type Piece = Plain | Emote | Marked;
export function inlineMarks(text: string, emotes?: Emotes): Piece[];
export function unmarked(text: string, emotes?: Emotes): Piece[];
