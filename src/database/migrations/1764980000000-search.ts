import { Table, type MigrationInterface, type QueryRunner } from 'typeorm';

/** The index by which messages are found: which pairs of characters stand in which block of a room's log. */
export class Search1764980000000 implements MigrationInterface {
  name = 'Search1764980000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'search_pairs',
        columns: [
          { name: 'room_id', type: 'integer', isPrimary: true },
          { name: 'pair', type: 'varchar', length: '8', isPrimary: true },
          { name: 'block', type: 'integer', isPrimary: true },
        ],
        withoutRowid: true,
      }),
    );
    await runner.createTable(
      new Table({
        name: 'search_cursors',
        columns: [
          { name: 'room_id', type: 'integer', isPrimary: true },
          { name: 'block', type: 'integer' },
        ],
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('search_cursors');
    await runner.dropTable('search_pairs');
  }
}
