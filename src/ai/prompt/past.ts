import type { LiveRoom } from '../../chat/live-room.js';
import { turnsOf, type Turn } from './turns.js';

/** More of a conversation than this no model is told. */
const ENTRIES = 400;

/** The newest messages of a room as they stand now. */
export async function turnsIn(live: LiveRoom, entries = ENTRIES): Promise<Turn[]> {
  const from = Math.max(live.room.first, live.channel.head - entries + 1);
  const frames = from <= live.channel.head ? await live.channel.page(from, entries) : [];
  return turnsOf(frames.map(({ entry }) => entry));
}
