import { IsIn, IsString, MaxLength } from 'class-validator';

import { REPORT_REASONS, type ReportReason } from '../../protocol/views.js';
import { IfGiven } from '../../common/if-given.decorator.js';

/** Why a message is reported. */
export class ReportDto {
  @IsIn(REPORT_REASONS, { message: 'field.invalid' })
  reason: ReportReason;

  /** In one's own words; for staff alone. */
  @IfGiven()
  @IsString({ message: 'field.invalid' })
  @MaxLength(500, { message: 'field.text', context: { limit: 500 } })
  words?: string;
}
