import { checkedText } from '../../chat/messages/message.text.js';
import { DomainError } from '../../common/errors.js';

/** A question as it is stored. Throws `ai.too-long` above `limit` graphemes, and what `checkedText` throws else. */
export function questionText(raw: string, limit: number): string {
  try {
    return checkedText(raw, limit);
  } catch (error) {
    const isTooLong = error instanceof DomainError && error.code === 'text.too-long';
    throw isTooLong ? new DomainError('ai.too-long', { params: { limit } }) : error;
  }
}
