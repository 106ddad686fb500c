import { Table, type MigrationInterface, type QueryRunner } from 'typeorm';

/** An index of character pairs over conversations, and how far each is in it. */
export class AiSearch1764950000000 implements MigrationInterface {
  name = 'AiSearch1764950000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'ai_search_pairs',
        columns: [
          { name: 'room_id', type: 'integer', isPrimary: true },
          { name: 'pair', type: 'varchar', length: '8', isPrimary: true },
        ],
      }),
    );
    await runner.createTable(
      new Table({
        name: 'ai_search_marks',
        columns: [
          { name: 'room_id', type: 'integer', isPrimary: true },
          { name: 'up_to', type: 'bigint' },
        ],
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('ai_search_marks');
    await runner.dropTable('ai_search_pairs');
  }
}
