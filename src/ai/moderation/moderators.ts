import type { Moderator } from './moderator.js';

/** The injection token of what can check a text, by the name it is chosen by. */
export const MODERATORS = Symbol('Moderators');

export type Moderators = Readonly<Record<'terms' | 'openai', Moderator>>;
