import { Transform } from 'class-transformer';
import { ValidateIf } from 'class-validator';

/**
 * A field that may be left out, and must be right when it is there. class-validator's own `IsOptional` also lets null
 * through, which then stands where a number or a text was promised.
 */
export const IfGiven = () => ValidateIf((_, value: unknown) => value !== undefined);

/** In a query, a field of a form that was left empty is not there. Stands beside `IfGiven`. */
export const EmptyIsAbsent = () =>
  Transform(({ value }: { value: unknown }) => (value === '' ? undefined : value));
