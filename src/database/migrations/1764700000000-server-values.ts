import { Table, type MigrationInterface, type QueryRunner } from 'typeorm';

/** What all nodes must agree on and nobody sets: the key that signs session cookies, a move that is not finished. */
export class ServerValues1764700000000 implements MigrationInterface {
  name = 'ServerValues1764700000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'server_values',
        columns: [
          { name: 'name', type: 'varchar', length: '40', isPrimary: true },
          { name: 'value', type: 'text' },
        ],
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('server_values');
  }
}
