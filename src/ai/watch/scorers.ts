import type { Scorer } from './scorer.js';

/** The injection token of what can score a text, by the name it is chosen by. */
export const SCORERS = Symbol('Scorers');

export type Scorers = Readonly<Record<'model' | 'openai', Scorer>>;
