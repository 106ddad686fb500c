import { TableColumn, type MigrationInterface, type QueryRunner } from 'typeorm';

/** What the AI says of messages that wait. */
export class HeldChecks1766400010000 implements MigrationInterface {
  name = 'HeldChecks1766400010000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.addColumns('held_messages', [
      new TableColumn({ name: 'reason', type: 'varchar', length: '16', isNullable: true }),
      new TableColumn({ name: 'score', type: 'integer', isNullable: true }),
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropColumns('held_messages', ['reason', 'score']);
  }
}
