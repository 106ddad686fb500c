import { Transform } from 'class-transformer';
import { IsInt, IsString, Matches, Max, MaxLength, Min } from 'class-validator';

import { IfGiven } from '../../common/if-given.decorator.js';

export class SearchQueryDto {
  /** One of the words has two characters at least: a single one is in nearly every message. */
  @IsString({ message: 'field.search' })
  @MaxLength(100, { message: 'field.search' })
  @Matches(/\S\S/u, { message: 'field.search' })
  q: string;

  /** The `next` of the page before. */
  @IfGiven()
  @Transform(({ value }: { value: unknown }) =>
    /^\d{1,16}$/.test(String(value)) ? Number(value) : Number.NaN,
  )
  @IsInt({ message: 'field.seq' })
  @Min(1, { message: 'field.seq' })
  @Max(Number.MAX_SAFE_INTEGER, { message: 'field.seq' })
  before?: number;
}
