import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One thing that an administrator set about the AI; what has no row has its default. */
@Entity('ai_settings')
export class AiSetting {
  @PrimaryColumn('varchar', { length: 64 })
  name: string;

  /** JSON. */
  @Column('text')
  value: string;
}
