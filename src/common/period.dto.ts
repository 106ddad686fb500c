import { Matches } from 'class-validator';

import { DomainError } from './errors.js';
import { EmptyIsAbsent, IfGiven } from './if-given.decorator.js';

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const DAY_OR_INSTANT = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2}))?$/;
const DAY_MS = 24 * 60 * 60 * 1000;

/** From when to when; a day is a whole one, in UTC. */
export class PeriodDto {
  /** An ISO 8601 day or instant. */
  @IfGiven()
  @EmptyIsAbsent()
  @Matches(DAY_OR_INSTANT, { message: 'field.date' })
  from?: string;

  /** The same; a day is included, an instant is not. */
  @IfGiven()
  @EmptyIsAbsent()
  @Matches(DAY_OR_INSTANT, { message: 'field.date' })
  to?: string;
}

/** In milliseconds since 1970; null: without a bound. */
export interface Period {
  readonly since: number | null;
  readonly before: number | null;
}

/** Throws `frame.invalid` for a day that no calendar has. */
export function periodOf({ from, to }: PeriodDto): Period {
  const since = instantOf('from', from);
  const before = instantOf('to', to);
  return { since, before: before !== null && DAY.test(to!) ? before + DAY_MS : before };
}

function instantOf(field: string, text: string | undefined): number | null {
  if (text === undefined) {
    return null;
  }
  const at = Date.parse(text);
  if (Number.isNaN(at)) {
    throw new DomainError('frame.invalid', { fields: { [field]: 'field.date' } });
  }
  return at;
}
