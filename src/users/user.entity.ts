import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

import type { Locale, Role } from '../protocol/views.js';
import { integer64 } from '../database/columns.js';

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

  /** Null: follow the browser. */
  @Column('varchar', { length: 2, nullable: true })
  locale: Locale | null;

  @Column(integer64)
  createdAt: number;
}
