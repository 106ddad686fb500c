import { TableColumn, TableIndex, type MigrationInterface, type QueryRunner } from 'typeorm';

const TABLE = 'ai_generations';

/** Runs of the model are stored before their question is, and may wait for their turn. */
export class AiQueue1764210000000 implements MigrationInterface {
  name = 'AiQueue1764210000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.addColumn(
      TABLE,
      new TableColumn({ name: 'nonce', type: 'varchar', length: '64', isNullable: true }),
    );
    await runner.dropIndex(TABLE, 'ai_generations_running');
    await runner.createIndex(
      TABLE,
      new TableIndex({
        name: 'ai_generations_open',
        columnNames: ['status'],
        where: "status IN ('queued', 'running')",
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropIndex(TABLE, 'ai_generations_open');
    await runner.createIndex(
      TABLE,
      new TableIndex({
        name: 'ai_generations_running',
        columnNames: ['status'],
        where: "status = 'running'",
      }),
    );
    await runner.dropColumn(TABLE, 'nonce');
  }
}
