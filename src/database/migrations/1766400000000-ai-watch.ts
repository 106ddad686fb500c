import { TableColumn, type MigrationInterface, type QueryRunner } from 'typeorm';

/** How sure the AI is of what it reports. */
export class AiWatch1766400000000 implements MigrationInterface {
  name = 'AiWatch1766400000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.addColumn('reports', new TableColumn({ name: 'score', type: 'integer', isNullable: true }));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropColumn('reports', 'score');
  }
}
