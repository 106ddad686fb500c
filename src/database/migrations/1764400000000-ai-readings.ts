import { Table, TableIndex, type MigrationInterface, type QueryRunner } from 'typeorm';

/** Translations and summaries that were made before. */
export class AiReadings1764400000000 implements MigrationInterface {
  name = 'AiReadings1764400000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'ai_readings',
        columns: [
          { name: 'room_id', type: 'integer', isPrimary: true },
          { name: 'kind', type: 'varchar', length: '16', isPrimary: true },
          { name: 'from_seq', type: 'bigint', isPrimary: true },
          { name: 'up_to', type: 'bigint', isPrimary: true },
          { name: 'locale', type: 'varchar', length: '8', isPrimary: true },
          { name: 'source', type: 'varchar', length: '64' },
          { name: 'text', type: 'text' },
          { name: 'made_at', type: 'bigint' },
        ],
        indices: [new TableIndex({ name: 'ai_readings_made', columnNames: ['made_at'] })],
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('ai_readings');
  }
}
