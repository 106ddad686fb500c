import { Table, TableIndex, type MigrationInterface, type QueryRunner } from 'typeorm';

/** What people ask those who host a room, and who wants it answered. */
export class Questions1766100020000 implements MigrationInterface {
  name = 'Questions1766100020000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'questions',
        columns: [
          { name: 'id', type: 'varchar', length: '36', isPrimary: true },
          { name: 'room_id', type: 'integer' },
          { name: 'author_id', type: 'varchar', length: '36', isNullable: true },
          { name: 'author_name', type: 'varchar', length: '200', isNullable: true },
          { name: 'author_role', type: 'varchar', length: '16', isNullable: true },
          { name: 'text', type: 'text' },
          { name: 'at', type: 'bigint' },
          { name: 'status', type: 'varchar', length: '16' },
          { name: 'hidden', type: 'boolean' },
        ],
        indices: [
          new TableIndex({ name: 'questions_room', columnNames: ['room_id', 'at'] }),
          new TableIndex({ name: 'questions_author', columnNames: ['author_id'] }),
        ],
      }),
    );
    await runner.createTable(
      new Table({
        name: 'question_votes',
        columns: [
          { name: 'question_id', type: 'varchar', length: '36', isPrimary: true },
          { name: 'user_id', type: 'varchar', length: '36', isPrimary: true },
        ],
        indices: [new TableIndex({ name: 'question_votes_person', columnNames: ['user_id'] })],
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('question_votes');
    await runner.dropTable('questions');
  }
}
