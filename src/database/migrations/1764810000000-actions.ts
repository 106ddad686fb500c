import { Table, TableIndex, type MigrationInterface, type QueryRunner } from 'typeorm';

/** What staff did: a table that is only added to, which the database itself sees to. */
export class Actions1764810000000 implements MigrationInterface {
  name = 'Actions1764810000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'actions',
        columns: [
          { name: 'id', type: 'varchar', length: '36', isPrimary: true },
          { name: 'at', type: 'bigint' },
          { name: 'room_id', type: 'integer', isNullable: true },
          { name: 'action', type: 'varchar', length: '32' },
          { name: 'by_id', type: 'varchar', length: '36' },
          { name: 'by_name', type: 'varchar', length: '200' },
          { name: 'by_role', type: 'varchar', length: '16' },
          { name: 'address', type: 'varchar', length: '64' },
          { name: 'user_id', type: 'varchar', length: '36', isNullable: true },
          { name: 'user_name', type: 'varchar', length: '200', isNullable: true },
          { name: 'target', type: 'bigint', isNullable: true },
          { name: 'reason', type: 'varchar', length: '500', isNullable: true },
          { name: 'details', type: 'text', isNullable: true },
        ],
        indices: [
          new TableIndex({ name: 'actions_at', columnNames: ['at'] }),
          new TableIndex({ name: 'actions_room', columnNames: ['room_id', 'at'] }),
          new TableIndex({ name: 'actions_user', columnNames: ['user_id'], where: 'user_id IS NOT NULL' }),
        ],
      }),
    );
    if (runner.connection.options.type === 'postgres') {
      await runner.query(
        `CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
         $$ BEGIN RAISE EXCEPTION '% is only added to', TG_TABLE_NAME; END $$`,
      );
      await runner.query(
        `CREATE TRIGGER actions_kept BEFORE UPDATE OR DELETE ON actions
         FOR EACH ROW EXECUTE FUNCTION refuse_change()`,
      );
    } else {
      for (const change of ['UPDATE', 'DELETE']) {
        await runner.query(
          `CREATE TRIGGER actions_kept_${change.toLowerCase()} BEFORE ${change} ON actions
           BEGIN SELECT RAISE(ABORT, 'actions is only added to'); END`,
        );
      }
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('actions');
    if (runner.connection.options.type === 'postgres') {
      await runner.query('DROP FUNCTION refuse_change');
    }
  }
}
