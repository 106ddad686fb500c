import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Who the AI is to be in one room. Not among the room's settings: everybody is sent those. */
@Entity('ai_personas')
export class AiPersona {
  @PrimaryColumn('integer')
  roomId: number;

  @Column('text')
  text: string;
}
