import { IsIn, IsOptional, IsString, Length, Matches, MaxLength } from 'class-validator';

/** Something to read, and nothing that turns the text around it. */
const TITLE = /^(?=.*[\p{L}\p{N}\p{P}\p{S}])[^\p{Cc}\u202A-\u202E\u2066-\u2069]*$/u;

export class FindConversationsDto {
  @IsOptional()
  @IsString({ message: 'field.invalid' })
  @MaxLength(200, { message: 'field.invalid' })
  q?: string;
}

export class RenameConversationDto {
  @IsString({ message: 'field.title' })
  @Length(1, 100, { message: 'field.title' })
  @Matches(TITLE, { message: 'field.title' })
  title: string;
}

export class ExportDto {
  @IsOptional()
  @IsIn(['md', 'json'], { message: 'field.invalid' })
  format?: 'md' | 'json';
}
