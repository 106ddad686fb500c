import { Table, TableColumn, TableIndex, type MigrationInterface, type QueryRunner } from 'typeorm';

/** Addresses that nobody takes part from, and where log-ins came from. */
export class AddressBans1764960000000 implements MigrationInterface {
  name = 'AddressBans1764960000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'address_bans',
        columns: [
          { name: 'id', type: 'varchar', length: '36', isPrimary: true },
          { name: 'address', type: 'varchar', length: '64' },
          { name: 'user_id', type: 'varchar', length: '36' },
          { name: 'user_name', type: 'varchar', length: '200' },
          { name: 'reason', type: 'varchar', length: '500', isNullable: true },
          { name: 'by_id', type: 'varchar', length: '36' },
          { name: 'by_name', type: 'varchar', length: '200' },
          { name: 'at', type: 'bigint' },
        ],
        indices: [new TableIndex({ name: 'address_bans_user', columnNames: ['user_id'] })],
      }),
    );
    await runner.addColumn(
      'sessions',
      new TableColumn({ name: 'address', type: 'varchar', length: '64', default: "''" }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropColumn('sessions', 'address');
    await runner.dropTable('address_bans');
  }
}
