import type { AiModel } from './ai-provider.js';

const LONGEST_NAME = 200;

/** One model of a provider's list; none when it has no name. Servers differ in everything but the name. */
export function readModel(value: unknown): AiModel[] {
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  const id: unknown = Reflect.get(value, 'id');
  const shutdown = dayOf(Reflect.get(value, 'shutdown_date'));
  return typeof id === 'string' && id !== '' && id.length <= LONGEST_NAME
    ? [{ id, ...(shutdown !== null && { shutdown }) }]
    : [];
}

/** Seconds since 1970, or a date as text. */
function dayOf(value: unknown): string | null {
  const isDate = typeof value === 'number' || typeof value === 'string';
  const date = isDate ? new Date(typeof value === 'number' ? value * 1000 : value) : null;
  return date && Number.isFinite(date.getTime()) ? date.toISOString().slice(0, 10) : null;
}
