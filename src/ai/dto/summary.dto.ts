import { IsInt, Max, Min } from 'class-validator';

import { IfGiven } from '../../common/if-given.decorator.js';

const SEQ = { message: 'field.seq' };

/** Where a reader left off. */
export class SummaryDto {
  /** The seq of the last message they have read; 0, or nothing: they have read none. */
  @IfGiven()
  @IsInt(SEQ)
  @Min(0, SEQ)
  @Max(Number.MAX_SAFE_INTEGER, SEQ)
  after?: number;
}
