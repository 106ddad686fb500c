import { Table, TableIndex, type MigrationInterface, type QueryRunner } from 'typeorm';

/** Viewers of one room are led to another. */
export class Raids1766300000000 implements MigrationInterface {
  name = 'Raids1766300000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'raids',
        columns: [
          { name: 'id', type: 'varchar', length: '36', isPrimary: true },
          { name: 'room_id', type: 'integer' },
          { name: 'target_id', type: 'integer' },
          { name: 'ends_at', type: 'bigint' },
          { name: 'closed_at', type: 'bigint', isNullable: true },
          { name: 'stopped', type: 'boolean' },
          { name: 'told_at', type: 'bigint', isNullable: true },
        ],
        indices: [
          new TableIndex({
            name: 'raids_going',
            columnNames: ['room_id'],
            isUnique: true,
            where: 'closed_at IS NULL',
          }),
          new TableIndex({ name: 'raids_untold', columnNames: ['ends_at'], where: 'told_at IS NULL' }),
        ],
      }),
    );
    await runner.createTable(
      new Table({
        name: 'raid_goers',
        columns: [
          { name: 'raid_id', type: 'varchar', length: '36', isPrimary: true },
          { name: 'who', type: 'varchar', length: '36', isPrimary: true },
        ],
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('raid_goers');
    await runner.dropTable('raids');
  }
}
