import { Table, TableColumn, TableIndex, type MigrationInterface, type QueryRunner } from 'typeorm';

/** Sanctions, moderators of one room, slow mode, and who was the first administrator. */
export class Moderation1764300000000 implements MigrationInterface {
  name = 'Moderation1764300000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'sanctions',
        columns: [
          { name: 'id', type: 'varchar', length: '36', isPrimary: true },
          { name: 'room_id', type: 'integer', isNullable: true },
          { name: 'user_id', type: 'varchar', length: '36' },
          { name: 'user_name', type: 'varchar', length: '200' },
          { name: 'action', type: 'varchar', length: '16' },
          { name: 'reason', type: 'varchar', length: '500', isNullable: true },
          { name: 'by_id', type: 'varchar', length: '36' },
          { name: 'by_name', type: 'varchar', length: '200' },
          { name: 'at', type: 'bigint' },
          { name: 'until', type: 'bigint', isNullable: true },
          { name: 'lifted_at', type: 'bigint', isNullable: true },
          { name: 'lifted_by', type: 'varchar', length: '36', isNullable: true },
        ],
        indices: [
          new TableIndex({ name: 'sanctions_room', columnNames: ['room_id', 'at'] }),
          new TableIndex({
            name: 'sanctions_in_force',
            columnNames: ['user_id'],
            where: 'lifted_at IS NULL',
          }),
        ],
      }),
    );
    await runner.createTable(
      new Table({
        name: 'slow_posts',
        columns: [
          { name: 'room_id', type: 'integer', isPrimary: true },
          { name: 'user_id', type: 'varchar', length: '36', isPrimary: true },
          { name: 'at', type: 'bigint' },
        ],
      }),
    );
    await runner.createTable(
      new Table({
        name: 'room_moderators',
        columns: [
          { name: 'room_id', type: 'integer', isPrimary: true },
          { name: 'user_id', type: 'varchar', length: '36', isPrimary: true },
        ],
      }),
    );
    await runner.addColumn('users', new TableColumn({ name: 'founder', type: 'boolean', isNullable: true }));
    await runner.query(
      `UPDATE users SET founder = true
       WHERE id = (SELECT id FROM users WHERE role = 'admin' ORDER BY created_at, id LIMIT 1)`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropColumn('users', 'founder');
    await runner.dropTable('room_moderators');
    await runner.dropTable('slow_posts');
    await runner.dropTable('sanctions');
  }
}
