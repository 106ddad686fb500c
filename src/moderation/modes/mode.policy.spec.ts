import { describe, expect, it } from 'vitest';

import type { Role, RoomSettings } from '../../protocol/views.js';
import { DEFAULT_SETTINGS } from '../../chat/rooms/room-settings.js';
import { modeRefusal } from './mode.policy.js';

const NOW = 1_000_000_000;
const judge = (role: Role, settings: Partial<RoomSettings>, text: string, ageS = 60) =>
  modeRefusal({ role, createdAt: NOW - ageS * 1000 }, { ...DEFAULT_SETTINGS, ...settings }, text, NOW);

describe('role × mode', () => {
  const MODES: [Partial<RoomSettings>, string, string][] = [
    [{ noLinks: true }, 'see example.com', 'text.links'],
    [{ emojiOnly: true }, 'no emoji', 'text.emoji-only'],
    [{ established: 900 }, 'hello', 'room.established-only'],
  ];
  it.each(MODES)('%j', (settings, text, code) => {
    expect(judge('user', settings, text)?.code).toBe(code);
    expect(judge('user', {}, text)).toBeNull();
    expect(judge('moderator', settings, text)).toBeNull();
    expect(judge('admin', settings, text)).toBeNull();
  });
});

it('tells how long an account is still too new', () => {
  expect(judge('user', { established: 900 }, 'hello', 60)?.retryAfterMs).toBe(840_000);
  expect(judge('user', { established: 900 }, 'hello', 900)).toBeNull();
});

it.each(['👍', '👍🏽 ❤️', '👨‍👩‍👧‍👦', '🇰🇷🇰🇷', '1️⃣', '❤', '😂\n😂'])('takes %j for emoji', (text) => {
  expect(judge('user', { emojiOnly: true }, text)).toBeNull();
});

it.each(['a', '1', '#', '👍 ok', 'ㅋㅋ', '👍.', '@ai 👍', ':)'])('does not take %j for emoji', (text) => {
  expect(judge('user', { emojiOnly: true }, text)?.code).toBe('text.emoji-only');
});
