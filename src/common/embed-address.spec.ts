import { describe, expect, it } from 'vitest';

import { parseEmbed } from './embed-address.js';

const youtube = { provider: 'youtube', id: 'dQw4w9WgXcQ' };

describe('an event address', () => {
  it.each([
    ['https://www.youtube.com/watch?v=dQw4w9WgXcQ', youtube],
    ['https://www.youtube.com/watch?app=desktop&v=dQw4w9WgXcQ&t=10s', youtube],
    ['https://m.youtube.com/watch?v=dQw4w9WgXcQ', youtube],
    ['https://www.youtube.com/live/dQw4w9WgXcQ?feature=share', youtube],
    ['https://youtu.be/dQw4w9WgXcQ?si=abc', youtube],
    ['https://www.youtube.com/embed/dQw4w9WgXcQ', youtube],
    ['https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ', youtube],
    ['https://www.twitch.tv/Some_Channel', { provider: 'twitch', channel: 'some_channel' }],
    ['https://m.twitch.tv/some_channel', { provider: 'twitch', channel: 'some_channel' }],
    ['https://www.twitch.tv/videos/123456', { provider: 'twitch', video: '123456' }],
    [
      'https://player.twitch.tv/?channel=some_channel&parent=a.b',
      { provider: 'twitch', channel: 'some_channel' },
    ],
    ['https://player.twitch.tv/?video=v123456', { provider: 'twitch', video: '123456' }],
    [
      'https://cdn.example.org:8443/live/index.M3U8?key=1',
      { provider: 'hls', url: 'https://cdn.example.org:8443/live/index.M3U8?key=1' },
    ],
  ])('understands %s', (address, expected) => {
    expect(parseEmbed(address)).toEqual(expected);
  });

  it.each([
    'javascript:alert(1)//youtube.com/watch?v=dQw4w9WgXcQ',
    'data:text/html,<script>alert(1)</script>',
    'http://www.youtube.com/watch?v=dQw4w9WgXcQ',
    'https://youtube.com.evil.example/watch?v=dQw4w9WgXcQ',
    'https://evil.example/youtube.com/watch?v=dQw4w9WgXcQ',
    'https://user:secret@www.youtube.com/watch?v=dQw4w9WgXcQ',
    'https://www.youtube.com/watch?v=short',
    'https://www.youtube.com/watch?v=dQw4w9WgX"Q',
    'https://www.youtube.com/live/dQw4w9WgXcQ/more',
    'https://www.youtube.com/@channel',
    'https://www.twitch.tv/directory',
    'https://www.twitch.tv/some_channel/clip/abc',
    'https://www.twitch.tv/videos/abc',
    'http://cdn.example.org/live.m3u8',
    'https://cdn.example.org/live.mp4',
    'not an address',
    `https://cdn.example.org/${'a'.repeat(500)}.m3u8`,
  ])('refuses %s', (address) => {
    expect(parseEmbed(address)).toBeNull();
  });
});
