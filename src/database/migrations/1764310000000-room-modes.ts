import { Table, TableIndex, type MigrationInterface, type QueryRunner } from 'typeorm';

/** What was said a moment ago, for rooms without duplicates. */
export class RoomModes1764310000000 implements MigrationInterface {
  name = 'RoomModes1764310000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'said_texts',
        columns: [
          { name: 'room_id', type: 'integer', isPrimary: true },
          { name: 'user_id', type: 'varchar', length: '36', isPrimary: true },
          { name: 'digest', type: 'varchar', length: '22', isPrimary: true },
          { name: 'seq', type: 'bigint' },
          { name: 'at', type: 'bigint' },
        ],
        indices: [new TableIndex({ name: 'said_texts_at', columnNames: ['at'] })],
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('said_texts');
  }
}
