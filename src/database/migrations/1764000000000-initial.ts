import { randomUUID } from 'node:crypto';

import { Table, TableIndex, type MigrationInterface, type QueryRunner } from 'typeorm';

/** Accounts, sessions, rooms and the log; the rooms every server starts with. */
export class Initial1764000000000 implements MigrationInterface {
  name = 'Initial1764000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'users',
        columns: [
          { name: 'id', type: 'varchar', length: '36', isPrimary: true },
          { name: 'username', type: 'varchar', length: '20' },
          { name: 'username_key', type: 'varchar', length: '20' },
          { name: 'nickname', type: 'varchar', length: '200' },
          { name: 'nickname_key', type: 'varchar', length: '400' },
          { name: 'password_hash', type: 'varchar', length: '100' },
          { name: 'role', type: 'varchar', length: '16', default: "'user'" },
          { name: 'locale', type: 'varchar', length: '2', isNullable: true },
          { name: 'created_at', type: 'bigint' },
        ],
        indices: [
          new TableIndex({ name: 'users_username_key', columnNames: ['username_key'], isUnique: true }),
          new TableIndex({ name: 'users_nickname_key', columnNames: ['nickname_key'], isUnique: true }),
        ],
      }),
    );

    await runner.createTable(
      new Table({
        name: 'sessions',
        columns: [
          { name: 'id', type: 'varchar', length: '64', isPrimary: true },
          { name: 'user_id', type: 'varchar', length: '36', isNullable: true },
          { name: 'data', type: 'text' },
          { name: 'agent', type: 'varchar', length: '200', default: "''" },
          { name: 'created_at', type: 'bigint' },
          { name: 'seen_at', type: 'bigint' },
          { name: 'expires_at', type: 'bigint' },
          { name: 'dead_at', type: 'bigint', isNullable: true },
        ],
        indices: [
          new TableIndex({ name: 'sessions_user_id', columnNames: ['user_id'] }),
          new TableIndex({ name: 'sessions_expires_at', columnNames: ['expires_at'] }),
        ],
      }),
    );

    await runner.createTable(
      new Table({
        name: 'rooms',
        columns: [
          {
            name: 'id',
            type: 'integer',
            isPrimary: true,
            isGenerated: true,
            generationStrategy: 'increment',
          },
          { name: 'slug', type: 'varchar', length: '64' },
          { name: 'title', type: 'varchar', length: '200' },
          { name: 'kind', type: 'varchar', length: '16' },
          { name: 'owner_id', type: 'varchar', length: '36', isNullable: true },
          { name: 'settings', type: 'text', default: "'{}'" },
          { name: 'embed', type: 'varchar', length: '500', isNullable: true },
          { name: 'archived', type: 'boolean' },
          { name: 'epoch', type: 'varchar', length: '36' },
          { name: 'head', type: 'bigint', default: '0' },
          { name: 'first', type: 'bigint', default: '1' },
          { name: 'created_at', type: 'bigint' },
        ],
        indices: [
          new TableIndex({ name: 'rooms_slug', columnNames: ['slug'], isUnique: true }),
          new TableIndex({ name: 'rooms_owner_id', columnNames: ['owner_id'] }),
        ],
      }),
    );

    await runner.createTable(
      new Table({
        name: 'entries',
        columns: [
          { name: 'room_id', type: 'integer', isPrimary: true },
          { name: 'seq', type: 'bigint', isPrimary: true },
          { name: 'id', type: 'varchar', length: '36' },
          { name: 'event', type: 'varchar', length: '32' },
          { name: 'kind', type: 'varchar', length: '16', isNullable: true },
          { name: 'author_id', type: 'varchar', length: '36', isNullable: true },
          { name: 'author_name', type: 'varchar', length: '200', isNullable: true },
          { name: 'author_role', type: 'varchar', length: '16', isNullable: true },
          { name: 'nonce', type: 'varchar', length: '64', isNullable: true },
          { name: 'text', type: 'text', isNullable: true },
          { name: 'reply_to', type: 'bigint', isNullable: true },
          { name: 'target', type: 'bigint', isNullable: true },
          { name: 'data', type: 'text', isNullable: true },
          { name: 'audience', type: 'varchar', length: '16', isNullable: true },
          { name: 'removed_by', type: 'bigint', isNullable: true },
          { name: 'at', type: 'bigint' },
        ],
        indices: [
          new TableIndex({
            name: 'entries_nonce',
            columnNames: ['room_id', 'author_id', 'nonce'],
            isUnique: true,
            where: 'nonce IS NOT NULL',
          }),
          new TableIndex({
            name: 'entries_target',
            columnNames: ['room_id', 'target'],
            where: 'target IS NOT NULL',
          }),
        ],
      }),
    );

    for (const [slug, title, kind] of [
      ['lobby', '마당 Lobby', 'chat'],
      ['main', '라이브 Live', 'stream'],
    ]) {
      await runner.query(
        `INSERT INTO rooms (slug, title, kind, archived, epoch, created_at)
         VALUES ('${slug}', '${title}', '${kind}', false, '${randomUUID()}', ${Date.now()})`,
      );
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['entries', 'rooms', 'sessions', 'users']) {
      await runner.dropTable(table);
    }
  }
}
