import { Table, TableIndex, type MigrationInterface, type QueryRunner } from 'typeorm';

/** What staff told somebody, who has to say that they have read it. */
export class Warnings1765000001000 implements MigrationInterface {
  name = 'Warnings1765000001000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'warnings',
        columns: [
          { name: 'id', type: 'varchar', length: '36', isPrimary: true },
          { name: 'room_id', type: 'integer' },
          { name: 'user_id', type: 'varchar', length: '36' },
          { name: 'user_name', type: 'varchar', length: '200' },
          { name: 'reason', type: 'varchar', length: '500' },
          { name: 'by_id', type: 'varchar', length: '36' },
          { name: 'by_name', type: 'varchar', length: '200' },
          { name: 'at', type: 'bigint' },
          { name: 'acknowledged_at', type: 'bigint', isNullable: true },
        ],
        indices: [
          new TableIndex({ name: 'warnings_person', columnNames: ['user_id', 'room_id', 'at'] }),
          new TableIndex({
            name: 'warnings_open',
            columnNames: ['user_id', 'room_id'],
            where: 'acknowledged_at IS NULL',
          }),
        ],
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('warnings');
  }
}
