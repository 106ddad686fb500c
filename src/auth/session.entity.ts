import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

import { integer64 } from '../database/columns.js';

/** A log-in. A dead one stays for an hour as a tombstone, so that a request still running cannot bring it back. */
@Entity('sessions')
export class Session {
  /** SHA-256 of the cookie's session id: reading the table gives nobody a session. */
  @PrimaryColumn('varchar', { length: 64 })
  id: string;

  @Index('sessions_user_id')
  @Column('varchar', { length: 36, nullable: true })
  userId: string | null;

  @Column('text')
  data: string;

  /** The browser's User-Agent, cut to 200 characters, so that people recognise their devices. */
  @Column('varchar', { length: 200, default: '' })
  agent: string;

  /** Where the log-in came from, as `addressKey` tells addresses apart. */
  @Column('varchar', { length: 64, default: '' })
  address: string;

  @Column(integer64)
  createdAt: number;

  @Column(integer64)
  seenAt: number;

  @Index('sessions_expires_at')
  @Column(integer64)
  expiresAt: number;

  @Column({ ...integer64, nullable: true })
  deadAt: number | null;
}
