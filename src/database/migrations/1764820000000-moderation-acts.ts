import { TableColumn, TableIndex, type MigrationInterface, type QueryRunner } from 'typeorm';

/** What is pinned in a room, up to where it was cleared, and removed texts to be found when they are to be erased. */
export class ModerationActs1764820000000 implements MigrationInterface {
  name = 'ModerationActs1764820000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.addColumns('rooms', [
      new TableColumn({ name: 'pinned', type: 'bigint', isNullable: true }),
      new TableColumn({ name: 'cleared', type: 'bigint', default: 0 }),
    ]);
    await runner.createIndex(
      'entries',
      new TableIndex({
        name: 'entries_removed',
        columnNames: ['room_id', 'removed_by'],
        where: 'removed_by IS NOT NULL AND text IS NOT NULL',
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropIndex('entries', 'entries_removed');
    await runner.dropColumns('rooms', ['pinned', 'cleared']);
  }
}
