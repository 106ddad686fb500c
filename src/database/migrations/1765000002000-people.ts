import { Table, TableIndex, type MigrationInterface, type QueryRunner } from 'typeorm';

/** What staff note about people, and how people were called before. */
export class People1765000002000 implements MigrationInterface {
  name = 'People1765000002000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'notes',
        columns: [
          { name: 'id', type: 'varchar', length: '36', isPrimary: true },
          { name: 'room_id', type: 'integer' },
          { name: 'user_id', type: 'varchar', length: '36' },
          { name: 'text', type: 'varchar', length: '500' },
          { name: 'by_id', type: 'varchar', length: '36' },
          { name: 'by_name', type: 'varchar', length: '200' },
          { name: 'at', type: 'bigint' },
        ],
        indices: [new TableIndex({ name: 'notes_person', columnNames: ['user_id', 'room_id', 'at'] })],
      }),
    );
    await runner.createTable(
      new Table({
        name: 'former_names',
        columns: [
          { name: 'id', type: 'varchar', length: '36', isPrimary: true },
          { name: 'user_id', type: 'varchar', length: '36' },
          { name: 'nickname', type: 'varchar', length: '200' },
          { name: 'nickname_key', type: 'varchar', length: '400' },
          { name: 'at', type: 'bigint' },
        ],
        indices: [
          new TableIndex({ name: 'former_names_person', columnNames: ['user_id', 'at'] }),
          new TableIndex({ name: 'former_names_key', columnNames: ['nickname_key', 'at'] }),
        ],
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('former_names');
    await runner.dropTable('notes');
  }
}
