import { createHash } from 'node:crypto';

const UNSEEN = /[\p{Default_Ignorable_Code_Point}\p{Cf}]/gu;

/** Names what a text says, whatever its case, width and spaces; 22 characters. */
export function digestOf(text: string): string {
  const folded = text.normalize('NFKC').toLowerCase().replaceAll(UNSEEN, '').replaceAll(/\s+/gu, '');
  // What is nothing but unseen still says what it is made of.
  return createHash('sha256')
    .update(folded || text)
    .digest('base64url')
    .slice(0, 22);
}
