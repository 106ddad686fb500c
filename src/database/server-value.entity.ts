import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Something all nodes must agree on and nobody sets, by name. */
@Entity('server_values')
export class ServerValue {
  @PrimaryColumn('varchar', { length: 40 })
  name: string;

  @Column('text')
  value: string;
}
