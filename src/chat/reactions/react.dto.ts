import { IsIn } from 'class-validator';

import { REACTIONS, type Reaction } from '../../protocol/views.js';

export class ReactDto {
  @IsIn(REACTIONS, { message: 'field.invalid' })
  reaction: Reaction;
}
