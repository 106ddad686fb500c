import type { LiveRoom } from '../../chat/rooms/live-room.js';
import { turnsOf, type Telling, type Turn } from './turns.js';

/** More of a conversation than this no model is told. */
const ENTRIES = 400;

/** The newest messages of a room as they stand now; `channel`: as far as that goes, and not in real time. */
export async function turnsIn(
  live: LiveRoom,
  entries = ENTRIES,
  isTold?: Telling,
  channel: LiveRoom['channel'] = live.channel,
): Promise<Turn[]> {
  const from = Math.max(live.room.first, channel.head - entries + 1);
  const frames = from <= channel.head ? await channel.page(from, entries) : [];
  return turnsOf(
    frames.map(({ entry }) => entry),
    isTold,
  );
}
