import { IsIn, IsString, MaxLength } from 'class-validator';

import type { DownloadFormat } from '../../common/download.js';
import { EmptyIsAbsent, IfGiven } from '../../common/if-given.decorator.js';
import { PeriodDto } from '../../common/period.dto.js';

export class ExportQueryDto extends PeriodDto {
  /** `json` unless told. */
  @IfGiven()
  @IsIn(['json', 'csv', 'txt'], { message: 'field.invalid' })
  format?: DownloadFormat;

  /** The id of an event: what was said from its beginning to its end. */
  @IfGiven()
  @EmptyIsAbsent()
  @IsString({ message: 'field.invalid' })
  @MaxLength(36, { message: 'field.invalid' })
  session?: string;
}
