import { TableColumn, TableIndex, type MigrationInterface, type QueryRunner } from 'typeorm';

/** Guests under a name they chose: rows beside the accounts, so that a name is one person's, whoever that is. */
export class Guests1765001000000 implements MigrationInterface {
  name = 'Guests1765001000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.addColumns('users', [
      new TableColumn({ name: 'guest', type: 'boolean', isNullable: true }),
      new TableColumn({ name: 'address', type: 'varchar', length: '64', isNullable: true }),
    ]);
    await runner.createIndex(
      'users',
      new TableIndex({
        name: 'users_guest_address',
        columnNames: ['address'],
        where: 'address IS NOT NULL',
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropIndex('users', 'users_guest_address');
    await runner.dropColumns('users', ['guest', 'address']);
  }
}
