import { TableColumn, TableIndex, type MigrationInterface, type QueryRunner } from 'typeorm';

/** Accounts that are being deleted, and an index by which what was done in a room is found among what was said. */
export class Departures1765001010000 implements MigrationInterface {
  name = 'Departures1765001010000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.addColumns('users', [
      new TableColumn({ name: 'leaving', type: 'varchar', length: '8', isNullable: true }),
      new TableColumn({ name: 'left_at', type: 'bigint', isNullable: true }),
    ]);
    await runner.createIndex(
      'entries',
      new TableIndex({
        name: 'entries_acts',
        columnNames: ['room_id'],
        where: `event NOT IN ('message.posted', 'message.changed')`,
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropIndex('entries', 'entries_acts');
    await runner.dropColumns('users', ['leaving', 'left_at']);
  }
}
