import { IsIn } from 'class-validator';

import { UsageDayDto } from '../../ai/dto/settings.dto.js';
import { IfGiven } from '../../common/if-given.decorator.js';

export class AiPageDto extends UsageDayDto {
  /** What a form has just done. */
  @IfGiven()
  @IsIn(['saved', 'tested'], { message: 'field.invalid' })
  done?: 'saved' | 'tested';
}
