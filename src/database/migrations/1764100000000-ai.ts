import { Table, TableIndex, type MigrationInterface, type QueryRunner } from 'typeorm';

/** Runs of the model, and the tokens they took. */
export class Ai1764100000000 implements MigrationInterface {
  name = 'Ai1764100000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'ai_generations',
        columns: [
          { name: 'id', type: 'varchar', length: '36', isPrimary: true },
          { name: 'room_id', type: 'integer' },
          { name: 'message_id', type: 'varchar', length: '36' },
          { name: 'requester_id', type: 'varchar', length: '36' },
          { name: 'reply_to', type: 'bigint' },
          { name: 'target', type: 'bigint', isNullable: true },
          { name: 'model', type: 'varchar', length: '200' },
          { name: 'status', type: 'varchar', length: '16' },
          { name: 'code', type: 'varchar', length: '32', isNullable: true },
          { name: 'seq', type: 'bigint', isNullable: true },
          { name: 'text', type: 'text', default: "''" },
          { name: 'deltas', type: 'integer', default: '0' },
          { name: 'day', type: 'varchar', length: '10' },
          { name: 'reserved', type: 'integer' },
          { name: 'prompt_tokens', type: 'integer', isNullable: true },
          { name: 'completion_tokens', type: 'integer', isNullable: true },
          { name: 'started_at', type: 'bigint' },
          { name: 'heartbeat_at', type: 'bigint' },
          { name: 'ended_at', type: 'bigint', isNullable: true },
        ],
        indices: [
          new TableIndex({ name: 'ai_generations_message', columnNames: ['room_id', 'message_id'] }),
          new TableIndex({ name: 'ai_generations_question', columnNames: ['room_id', 'reply_to'] }),
          new TableIndex({
            name: 'ai_generations_running',
            columnNames: ['status'],
            where: "status = 'running'",
          }),
        ],
      }),
    );
    await runner.createTable(
      new Table({
        name: 'ai_usage',
        columns: [
          { name: 'day', type: 'varchar', length: '10', isPrimary: true },
          { name: 'payer', type: 'varchar', length: '36', isPrimary: true },
          { name: 'tokens', type: 'bigint' },
        ],
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('ai_usage');
    await runner.dropTable('ai_generations');
  }
}
