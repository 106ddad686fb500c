import { Transform } from 'class-transformer';
import { IsInt, Max, Min, Validate, ValidatorConstraint, type ValidationArguments } from 'class-validator';

import { IfGiven } from '../../common/if-given.decorator.js';

const SEQ_MAX = Number.MAX_SAFE_INTEGER;
const SEQ = { message: 'field.seq' };
const LIMIT = { message: 'field.limit' };

/** A query's text as the number it says; `Number` alone would read an empty one as 0, and hexadecimal too. */
const FromDigits = () =>
  Transform(({ value }: { value: unknown }) =>
    /^\d{1,16}$/.test(String(value)) ? Number(value) : Number.NaN,
  );

/** One direction at a time. */
@ValidatorConstraint({ name: 'oneDirection' })
class OneDirection {
  validate(_after: unknown, { object }: ValidationArguments): boolean {
    return !('before' in object) || object.before === undefined;
  }

  defaultMessage(): string {
    return 'field.direction';
  }
}

/** A page of the log over a socket: both bounds are exclusive, at most 100 entries. */
export class HistoryFrameDto {
  @IfGiven()
  @IsInt(SEQ)
  @Min(0, SEQ)
  @Max(SEQ_MAX, SEQ)
  before?: number;

  @IfGiven()
  @Validate(OneDirection)
  @IsInt(SEQ)
  @Min(0, SEQ)
  @Max(SEQ_MAX, SEQ)
  after?: number;

  @IfGiven()
  @IsInt(LIMIT)
  @Min(1, LIMIT)
  @Max(100, LIMIT)
  limit?: number;
}

/** The same over HTTP: up to 200 entries, and numbers arrive as text. */
export class HistoryQueryDto {
  @IfGiven()
  @FromDigits()
  @IsInt(SEQ)
  @Min(0, SEQ)
  @Max(SEQ_MAX, SEQ)
  before?: number;

  @IfGiven()
  @Validate(OneDirection)
  @FromDigits()
  @IsInt(SEQ)
  @Min(0, SEQ)
  @Max(SEQ_MAX, SEQ)
  after?: number;

  @IfGiven()
  @FromDigits()
  @IsInt(LIMIT)
  @Min(1, LIMIT)
  @Max(200, LIMIT)
  limit?: number;
}
