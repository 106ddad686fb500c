import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

import type { Locale, Role } from '../protocol/views.js';
import { integer64 } from '../database/columns.js';

/** What becomes of what somebody said when they delete their account. */
export type LeftBehind = 'keep' | 'remove';

@Entity('users')
export class User {
  @PrimaryColumn('varchar', { length: 36 })
  id: string;

  @Column('varchar', { length: 20 })
  username: string;

  /** Lower case: usernames are unique without regard to case. */
  @Index('users_username_key', { unique: true })
  @Column('varchar', { length: 20 })
  usernameKey: string;

  @Column('varchar', { length: 200 })
  nickname: string;

  /** The skeleton of the nickname: equal for names that look alike. */
  @Index('users_nickname_key', { unique: true })
  @Column('varchar', { length: 400 })
  nicknameKey: string;

  @Column('varchar', { length: 100 })
  passwordHash: string;

  @Column('varchar', { length: 16, default: 'user' })
  role: Role;

  /** The first administrator, whom no other can demote or ban; null is false. */
  @Column('boolean', { nullable: true })
  founder: boolean | null;

  /** A guest under a name they chose, without password; null is false. */
  @Column('boolean', { nullable: true })
  guest: boolean | null;

  /** Where a guest chose their name; null of everybody else. */
  @Index('users_guest_address', { where: 'address IS NOT NULL' })
  @Column('varchar', { length: 64, nullable: true })
  address: string | null;

  /** Null: follow the browser. */
  @Column('varchar', { length: 2, nullable: true })
  locale: Locale | null;

  /** Set while the account is being deleted: it is nobody's any more. */
  @Column('varchar', { length: 8, nullable: true })
  leaving: LeftBehind | null;

  @Column({ ...integer64, nullable: true })
  leftAt: number | null;

  @Column(integer64)
  createdAt: number;
}
