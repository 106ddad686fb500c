import { Table, TableIndex, type MigrationInterface, type QueryRunner } from 'typeorm';

/** What rooms say by themselves from time to time. */
export class Timers1766200010000 implements MigrationInterface {
  name = 'Timers1766200010000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'timers',
        columns: [
          { name: 'room_id', type: 'integer', isPrimary: true },
          { name: 'number', type: 'integer', isPrimary: true },
          { name: 'id', type: 'varchar', length: '36' },
          { name: 'text', type: 'text' },
          { name: 'minutes', type: 'integer' },
          { name: 'messages', type: 'integer' },
          { name: 'enabled', type: 'boolean' },
          { name: 'due_at', type: 'bigint' },
          { name: 'last_seq', type: 'bigint' },
        ],
        indices: [new TableIndex({ name: 'timers_due', columnNames: ['due_at'] })],
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('timers');
  }
}
