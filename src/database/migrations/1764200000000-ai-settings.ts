import { Table, type MigrationInterface, type QueryRunner } from 'typeorm';

/** What administrators set about the AI: for the server, for a room, and for a person. */
export class AiSettings1764200000000 implements MigrationInterface {
  name = 'AiSettings1764200000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'ai_settings',
        columns: [
          { name: 'name', type: 'varchar', length: '64', isPrimary: true },
          { name: 'value', type: 'text' },
        ],
      }),
    );
    await runner.createTable(
      new Table({
        name: 'ai_personas',
        columns: [
          { name: 'room_id', type: 'integer', isPrimary: true },
          { name: 'text', type: 'text' },
        ],
      }),
    );
    await runner.createTable(
      new Table({
        name: 'ai_budgets',
        columns: [
          { name: 'user_id', type: 'varchar', length: '36', isPrimary: true },
          { name: 'tokens', type: 'bigint' },
        ],
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('ai_budgets');
    await runner.dropTable('ai_personas');
    await runner.dropTable('ai_settings');
  }
}
