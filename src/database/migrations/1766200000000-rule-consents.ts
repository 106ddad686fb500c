import { Table, type MigrationInterface, type QueryRunner } from 'typeorm';

/** Who has read which rules of a room. */
export class RuleConsents1766200000000 implements MigrationInterface {
  name = 'RuleConsents1766200000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'rule_consents',
        columns: [
          { name: 'room_id', type: 'integer', isPrimary: true },
          { name: 'user_id', type: 'varchar', length: '36', isPrimary: true },
          { name: 'rules', type: 'varchar', length: '32' },
          { name: 'at', type: 'bigint' },
        ],
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('rule_consents');
  }
}
