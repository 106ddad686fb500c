import { Table, type MigrationInterface, type QueryRunner } from 'typeorm';

/** Whom people do not want to read. */
export class IgnoredPeople1765002010000 implements MigrationInterface {
  name = 'IgnoredPeople1765002010000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'ignored_people',
        columns: [
          { name: 'user_id', type: 'varchar', length: '36', isPrimary: true },
          { name: 'ignored_id', type: 'varchar', length: '36', isPrimary: true },
          { name: 'at', type: 'bigint' },
        ],
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('ignored_people');
  }
}
