import { createHash } from 'node:crypto';

import type { RoomSettings } from '../../protocol/views.js';

type Texts = Pick<RoomSettings, 'welcome' | 'rules'>;

/** Whether there is anything to read before one's first words in a room. */
export function hasRules({ welcome, rules }: Texts): boolean {
  return rules !== '' || welcome !== '';
}

/**
 * Names what people have to have read; null where there is nothing. It changes with the rules alone: another welcome is
 * no reason to ask everybody again.
 */
export function rulesId(texts: Texts): string | null {
  return hasRules(texts) ? createHash('sha256').update(texts.rules).digest('base64url').slice(0, 22) : null;
}
