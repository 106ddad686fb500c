import { Table, TableIndex, type MigrationInterface, type QueryRunner } from 'typeorm';

/** What staff ask a room, and what people chose. */
export class Polls1766100000000 implements MigrationInterface {
  name = 'Polls1766100000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'polls',
        columns: [
          { name: 'id', type: 'varchar', length: '36', isPrimary: true },
          { name: 'room_id', type: 'integer' },
          { name: 'question', type: 'text' },
          { name: 'choices', type: 'text' },
          { name: 'by_id', type: 'varchar', length: '36' },
          { name: 'by_name', type: 'varchar', length: '200' },
          { name: 'by_role', type: 'varchar', length: '16' },
          { name: 'by_address', type: 'varchar', length: '64' },
          { name: 'at', type: 'bigint' },
          { name: 'closes_at', type: 'bigint' },
          { name: 'closed_at', type: 'bigint', isNullable: true },
          { name: 'opened_seq', type: 'bigint', isNullable: true },
          { name: 'closed_seq', type: 'bigint', isNullable: true },
          { name: 'counts', type: 'text', isNullable: true },
        ],
        indices: [
          new TableIndex({
            name: 'polls_unfinished',
            columnNames: ['room_id'],
            isUnique: true,
            where: 'closed_seq IS NULL',
          }),
          new TableIndex({ name: 'polls_room', columnNames: ['room_id', 'at'] }),
        ],
      }),
    );
    await runner.createTable(
      new Table({
        name: 'poll_votes',
        columns: [
          { name: 'poll_id', type: 'varchar', length: '36', isPrimary: true },
          { name: 'user_id', type: 'varchar', length: '36', isPrimary: true },
          { name: 'choice', type: 'integer' },
          { name: 'at', type: 'bigint' },
        ],
        indices: [new TableIndex({ name: 'poll_votes_person', columnNames: ['user_id'] })],
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('poll_votes');
    await runner.dropTable('polls');
  }
}
