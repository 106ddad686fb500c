import { Table, TableIndex, type MigrationInterface, type QueryRunner } from 'typeorm';

/** Pictures that people write by name, of each room its own. */
export class Emotes1765002000000 implements MigrationInterface {
  name = 'Emotes1765002000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'emotes',
        columns: [
          { name: 'room_id', type: 'integer', isPrimary: true },
          { name: 'name', type: 'varchar', length: '32', isPrimary: true },
          { name: 'image_id', type: 'varchar', length: '22' },
          { name: 'type', type: 'varchar', length: '16' },
          { name: 'animated', type: 'boolean' },
          { name: 'content', type: 'text' },
          { name: 'by_id', type: 'varchar', length: '36' },
          { name: 'at', type: 'bigint' },
        ],
        indices: [new TableIndex({ name: 'emotes_image', columnNames: ['image_id'] })],
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('emotes');
  }
}
