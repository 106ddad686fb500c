import { Type } from 'class-transformer';
import {
  IsInt,
  IsOptional,
  Max,
  Min,
  Validate,
  ValidatorConstraint,
  type ValidationArguments,
} from 'class-validator';

const SEQ_MAX = Number.MAX_SAFE_INTEGER;

/** One direction at a time. */
@ValidatorConstraint({ name: 'oneDirection' })
class OneDirection {
  validate(_after: unknown, { object }: ValidationArguments): boolean {
    return !('before' in object) || object.before === undefined;
  }

  defaultMessage(): string {
    return 'field.direction';
  }
}

/** Which page of the log; both bounds are exclusive. */
class HistoryDto {
  @IsOptional()
  @Type(() => Number)
  @IsInt({ message: 'field.seq' })
  @Min(0, { message: 'field.seq' })
  @Max(SEQ_MAX, { message: 'field.seq' })
  before?: number;

  @IsOptional()
  @Validate(OneDirection)
  @Type(() => Number)
  @IsInt({ message: 'field.seq' })
  @Min(0, { message: 'field.seq' })
  @Max(SEQ_MAX, { message: 'field.seq' })
  after?: number;
}

/** Over a socket: up to 100 entries. */
export class HistoryFrameDto extends HistoryDto {
  @IsOptional()
  @IsInt({ message: 'field.limit' })
  @Min(1, { message: 'field.limit' })
  @Max(100, { message: 'field.limit' })
  limit?: number;
}

/** Over HTTP: up to 200 entries. */
export class HistoryQueryDto extends HistoryDto {
  @IsOptional()
  @Type(() => Number)
  @IsInt({ message: 'field.limit' })
  @Min(1, { message: 'field.limit' })
  @Max(200, { message: 'field.limit' })
  limit?: number;
}
