import { Table, TableIndex, type MigrationInterface, type QueryRunner } from 'typeorm';

/** Events of rooms: each begins an empty chat, and the ones before are kept. */
export class EventSessions1766200020000 implements MigrationInterface {
  name = 'EventSessions1766200020000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'event_sessions',
        columns: [
          { name: 'id', type: 'varchar', length: '36', isPrimary: true },
          { name: 'room_id', type: 'integer' },
          { name: 'title', type: 'varchar', length: '200' },
          { name: 'started_at', type: 'bigint' },
          { name: 'ended_at', type: 'bigint', isNullable: true },
          { name: 'first_seq', type: 'bigint', isNullable: true },
          { name: 'last_seq', type: 'bigint', isNullable: true },
        ],
        indices: [
          new TableIndex({
            name: 'event_sessions_unfinished',
            columnNames: ['room_id'],
            isUnique: true,
            where: 'last_seq IS NULL',
          }),
          new TableIndex({ name: 'event_sessions_room', columnNames: ['room_id', 'started_at'] }),
        ],
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('event_sessions');
  }
}
