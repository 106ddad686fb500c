import { IsString, Length } from 'class-validator';

/** Which rules somebody has read. */
export class ReadRulesDto {
  /** As `GET …/rules` names them. */
  @IsString({ message: 'field.required' })
  @Length(1, 32, { message: 'field.invalid' })
  id: string;
}
