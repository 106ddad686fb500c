import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

import { integer64 } from '../../database/columns.js';

/** Something that a room says by itself, again and again. */
@Entity('timers')
@Index('timers_due', ['dueAt'])
export class Timer {
  @PrimaryColumn('integer')
  roomId: number;

  /** 1 to `MOST_TIMERS`: the key keeps a room from having more, however many add one at the same time. */
  @PrimaryColumn('integer')
  number: number;

  /** Another timer with the same number is another one. */
  @Column('varchar', { length: 36 })
  id: string;

  @Column('text')
  text: string;

  @Column('integer')
  minutes: number;

  /** So many messages of people there must have been since the last time. */
  @Column('integer')
  messages: number;

  @Column('boolean')
  enabled: boolean;

  /** When it is to be said next at the earliest, in milliseconds since 1970. It names that time for all nodes. */
  @Column(integer64)
  dueAt: number;

  /** The seq it was said at; before the first time, where the log was. */
  @Column(integer64)
  lastSeq: number;
}
