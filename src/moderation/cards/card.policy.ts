import type { Ranked } from '../sanctions/sanction.policy.js';

/**
 * Who may read what staff know of somebody: administrators of everybody else, moderators of people, and nobody of
 * themselves.
 */
export function mayRead(reader: Ranked, person: Ranked): boolean {
  return reader.id !== person.id && (reader.role === 'admin' || person.role === 'user');
}
