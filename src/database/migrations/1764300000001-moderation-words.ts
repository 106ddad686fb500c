import { Table, TableIndex, type MigrationInterface, type QueryRunner } from 'typeorm';

/** Words that are not to be said. */
export class ModerationWords1764300000001 implements MigrationInterface {
  name = 'ModerationWords1764300000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'blocked_terms',
        columns: [
          { name: 'id', type: 'varchar', length: '36', isPrimary: true },
          { name: 'room_id', type: 'integer', isNullable: true },
          { name: 'text', type: 'text' },
          { name: 'outcome', type: 'varchar', length: '16' },
          { name: 'by_id', type: 'varchar', length: '36' },
          { name: 'at', type: 'bigint' },
        ],
        indices: [new TableIndex({ name: 'blocked_terms_room', columnNames: ['room_id'] })],
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('blocked_terms');
  }
}
