import { Table, TableIndex, type MigrationInterface, type QueryRunner } from 'typeorm';

/** What people reported to the staff of a room. */
export class Reports1765000000000 implements MigrationInterface {
  name = 'Reports1765000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'reports',
        columns: [
          { name: 'id', type: 'varchar', length: '36', isPrimary: true },
          { name: 'room_id', type: 'integer' },
          { name: 'target', type: 'bigint' },
          { name: 'author_id', type: 'varchar', length: '36' },
          { name: 'author_name', type: 'varchar', length: '200' },
          { name: 'by_id', type: 'varchar', length: '36' },
          { name: 'by_name', type: 'varchar', length: '200' },
          { name: 'reason', type: 'varchar', length: '16' },
          { name: 'words', type: 'varchar', length: '500', isNullable: true },
          { name: 'text', type: 'text', isNullable: true },
          { name: 'at', type: 'bigint' },
          { name: 'status', type: 'varchar', length: '16' },
          { name: 'settled_at', type: 'bigint', isNullable: true },
        ],
        indices: [
          new TableIndex({
            name: 'reports_once',
            columnNames: ['room_id', 'target', 'by_id'],
            isUnique: true,
          }),
          new TableIndex({ name: 'reports_open', columnNames: ['room_id', 'at'], where: `status = 'open'` }),
        ],
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('reports');
  }
}
