import { describe, expect, it } from 'vitest';

import { playerOf } from './player.js';

describe('the player', () => {
  it('frames YouTube without cookies and allows that host alone', () => {
    expect(playerOf('https://youtu.be/dQw4w9WgXcQ', 'Event', 'chat.example.org')).toEqual({
      kind: 'youtube',
      title: 'Event',
      frame: 'https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ',
      policy: { 'frame-src': 'https://www.youtube-nocookie.com' },
    });
  });

  it('tells Twitch the name of this host, and nothing that is no name', () => {
    const frame = (host: string) => playerOf('https://www.twitch.tv/some_channel', 'Event', host)?.frame;
    expect(frame('chat.example.org')).toBe(
      'https://player.twitch.tv/?channel=some_channel&parent=chat.example.org',
    );
    expect(frame('"><script>')).toBe('https://player.twitch.tv/?channel=some_channel&parent=localhost');
  });

  it('plays a playlist in the page and allows its host alone', () => {
    expect(playerOf('https://cdn.example.org:8443/a.m3u8?k=1', 'Event', 'x')).toMatchObject({
      source: 'https://cdn.example.org:8443/a.m3u8?k=1',
      policy: {
        'media-src': "'self' blob: https://cdn.example.org:8443",
        'connect-src': "'self' https://cdn.example.org:8443",
      },
    });
  });

  it('is not there without an address, or with one that is no longer understood', () => {
    expect([playerOf(null, '', 'x'), playerOf('https://example.org/', '', 'x')]).toEqual([null, null]);
  });
});
