import { Entity, PrimaryColumn } from 'typeorm';

/** Somebody who went along, until the other room has been told how many did. */
@Entity('raid_goers')
export class RaidGoer {
  @PrimaryColumn('varchar', { length: 36 })
  raidId: string;

  /** The id of an account or of a named guest; of anybody else one that their socket was given. */
  @PrimaryColumn('varchar', { length: 36 })
  who: string;
}
