import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

import type { Locale } from '../../protocol/views.js';
import { integer64 } from '../../database/columns.js';

/** What the model made of messages for people to read: a translation of one, or a summary of a stretch. */
@Entity('ai_readings')
@Index('ai_readings_made', ['madeAt'])
export class AiReading {
  @PrimaryColumn('integer')
  roomId: number;

  @PrimaryColumn('varchar', { length: 16 })
  kind: 'translation' | 'summary';

  /** The stretch of the log that it was made from. */
  @PrimaryColumn(integer64)
  fromSeq: number;

  @PrimaryColumn(integer64)
  upTo: number;

  @PrimaryColumn('varchar', { length: 8 })
  locale: Locale;

  /** A hash of all that the model was told: with other words it is worth nothing any more. */
  @Column('varchar', { length: 64 })
  source: string;

  @Column('text')
  text: string;

  @Column(integer64)
  madeAt: number;
}
