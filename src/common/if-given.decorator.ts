import { ValidateIf } from 'class-validator';

/**
 * A field that may be left out, and must be right when it is there. class-validator's own `IsOptional` also lets null
 * through, which then stands where a number or a text was promised.
 */
export const IfGiven = () => ValidateIf((_, value: unknown) => value !== undefined);
