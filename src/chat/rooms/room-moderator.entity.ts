import { Entity, PrimaryColumn } from 'typeorm';

/** Somebody who is a moderator in one room. Changed by the log's writer, together with the entry that says so. */
@Entity('room_moderators')
export class RoomModerator {
  @PrimaryColumn('integer')
  roomId: number;

  @PrimaryColumn('varchar', { length: 36 })
  userId: string;
}
