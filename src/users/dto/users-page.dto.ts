import { IsOptional, IsString, IsUUID, MaxLength } from 'class-validator';

export class UsersPageDto {
  /** Part of a nickname or username. */
  @IsOptional()
  @IsString({ message: 'field.invalid' })
  @MaxLength(50, { message: 'field.text', context: { limit: 50 } })
  q?: string;

  /** The id of the last person of the page before. */
  @IsOptional()
  @IsUUID(undefined, { message: 'field.invalid' })
  after?: string;
}
