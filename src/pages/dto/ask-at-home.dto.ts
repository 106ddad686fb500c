import { IsOptional, IsString, IsUUID, Length, Matches } from 'class-validator';

export class AskAtHomeDto {
  @Length(1, 32_000, { message: 'field.invalid' })
  @IsString({ message: 'field.invalid' })
  message: string;

  @IsOptional()
  @IsUUID(undefined, { message: 'field.invalid' })
  conversation?: string;

  @IsOptional()
  @Matches(/^[\w-]{8,64}$/, { message: 'field.nonce' })
  nonce?: string;
}
