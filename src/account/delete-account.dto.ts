import { IsIn, Matches } from 'class-validator';

import { TYPED_PASSWORD } from '../auth/dto/is-password.js';
import type { LeftBehind } from '../users/user.entity.js';

/** That it is really them, and what is to become of what they said in rooms. */
export class DeleteAccountDto {
  @Matches(TYPED_PASSWORD, { message: 'field.invalid' })
  currentPassword: string;

  @IsIn(['keep', 'remove'], { message: 'field.invalid' })
  messages: LeftBehind;
}
