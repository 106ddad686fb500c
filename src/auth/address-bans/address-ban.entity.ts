import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

import { integer64 } from '../../database/columns.js';

/** An address that nobody but staff takes part from, banned together with somebody's account. */
@Entity('address_bans')
export class AddressBan {
  @PrimaryColumn('varchar', { length: 36 })
  id: string;

  /** As `addressKey` tells addresses apart: an IPv4 address, or the /64 of an IPv6 address. */
  @Column('varchar', { length: 64 })
  address: string;

  /** Whose it was, as they were called; empty: it was banned by itself. */
  @Index('address_bans_user')
  @Column('varchar', { length: 36 })
  userId: string;

  @Column('varchar', { length: 200 })
  userName: string;

  @Column('varchar', { length: 500, nullable: true })
  reason: string | null;

  @Column('varchar', { length: 36 })
  byId: string;

  @Column('varchar', { length: 200 })
  byName: string;

  @Column(integer64)
  at: number;
}
