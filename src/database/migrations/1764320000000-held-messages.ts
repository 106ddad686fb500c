import { Table, TableIndex, type MigrationInterface, type QueryRunner } from 'typeorm';

/** Messages that wait for review. */
export class HeldMessages1764320000000 implements MigrationInterface {
  name = 'HeldMessages1764320000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'held_messages',
        columns: [
          { name: 'id', type: 'varchar', length: '36', isPrimary: true },
          { name: 'room_id', type: 'integer' },
          { name: 'user_id', type: 'varchar', length: '36' },
          { name: 'user_name', type: 'varchar', length: '200' },
          { name: 'user_role', type: 'varchar', length: '16' },
          { name: 'nonce', type: 'varchar', length: '64' },
          { name: 'text', type: 'text', isNullable: true },
          { name: 'reply_to', type: 'bigint', isNullable: true },
          { name: 'why', type: 'varchar', length: '16' },
          { name: 'at', type: 'bigint' },
          { name: 'status', type: 'varchar', length: '16' },
          { name: 'settled_at', type: 'bigint', isNullable: true },
          { name: 'seq', type: 'bigint', isNullable: true },
        ],
        indices: [
          new TableIndex({
            name: 'held_messages_nonce',
            columnNames: ['room_id', 'user_id', 'nonce'],
            isUnique: true,
          }),
          new TableIndex({
            name: 'held_messages_waiting',
            columnNames: ['room_id', 'at'],
            where: `status = 'held'`,
          }),
        ],
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('held_messages');
  }
}
