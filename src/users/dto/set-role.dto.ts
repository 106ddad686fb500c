import { IsIn } from 'class-validator';

import type { Role } from '../../protocol/views.js';

export class SetRoleDto {
  @IsIn(['user', 'moderator', 'admin'], { message: 'field.invalid' })
  role: Role;
}
