import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Reactions are on where events are shown, unless somebody switches them off. */
export class StreamReactions1766100010000 implements MigrationInterface {
  name = 'StreamReactions1766100010000';

  async up(runner: QueryRunner): Promise<void> {
    await change(runner, (settings) => ({ ...settings, reactions: true }));
  }

  async down(runner: QueryRunner): Promise<void> {
    await change(runner, (settings) => {
      delete settings['reactions'];
      return settings;
    });
  }
}

async function change(
  runner: QueryRunner,
  changed: (settings: Record<string, unknown>) => Record<string, unknown>,
): Promise<void> {
  const rooms: { id: number; settings: string }[] = await runner.query(
    `SELECT id, settings FROM rooms WHERE kind = 'stream'`,
  );
  for (const { id, settings } of rooms) {
    await runner.manager
      .createQueryBuilder()
      .update('rooms')
      .set({ settings: JSON.stringify(changed(parsed(settings))) })
      .where('id = :id', { id })
      .execute();
  }
}

/** What cannot be read counts as not set, as everywhere. */
function parsed(settings: string): Record<string, unknown> {
  try {
    return JSON.parse(settings);
  } catch {
    return {};
  }
}
