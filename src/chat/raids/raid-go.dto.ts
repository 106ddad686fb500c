import { IsUUID } from 'class-validator';

/** Names a raid that the viewer goes along with. */
export class RaidGoDto {
  @IsUUID(undefined, { message: 'field.invalid' })
  id: string;
}
