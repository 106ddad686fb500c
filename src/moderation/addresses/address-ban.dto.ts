import { IsString, MaxLength } from 'class-validator';

import { EmptyIsAbsent, IfGiven } from '../../common/if-given.decorator.js';

export class BanAddressDto {
  /** An IPv4 address, or an IPv6 address, of which the /64 is banned. */
  @IsString({ message: 'field.address' })
  @MaxLength(64, { message: 'field.address' })
  address: string;

  /** For administrators. */
  @EmptyIsAbsent()
  @IfGiven()
  @IsString({ message: 'field.invalid' })
  @MaxLength(500, { message: 'field.text', context: { limit: 500 } })
  reason?: string;
}
