import { describe, expect, it } from 'vitest';

import { readPicture, stillOf } from '../src/chat/emotes/picture.js';
import { gif, movingWebp, png, pngChunk, WEBP } from './support/pictures.js';

const RED = [194, 55, 31] as const;
const BLUE = [63, 79, 168] as const;
const apng = () =>
  png(8, RED, [pngChunk('acTL', Buffer.from([0, 0, 0, 1, 0, 0, 0, 0])), pngChunk('fcTL', Buffer.alloc(26))]);
const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');

describe('what a picture is', () => {
  it.each([
    ['a PNG', png(24), { type: 'image/png', width: 24, height: 24, animated: false }],
    ['a PNG that moves', apng(), { type: 'image/png', width: 8, height: 8, animated: true }],
    ['a GIF', gif(20, [RED]), { type: 'image/gif', width: 20, height: 20, animated: false }],
    ['a GIF that moves', gif(20, [RED, BLUE]), { type: 'image/gif', width: 20, height: 20, animated: true }],
    ['a WebP', WEBP, { type: 'image/webp', width: 1, height: 1, animated: false }],
    ['a WebP that moves', movingWebp(), { type: 'image/webp', width: 1, height: 1, animated: true }],
  ])('%s', (_, bytes, expected) => {
    expect(readPicture(bytes)).toEqual(expected);
  });

  it('is nothing for all else', () => {
    const others = [
      Buffer.alloc(0),
      svg,
      Buffer.from('<html><script>alert(1)</script></html>'),
      Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16]),
      Buffer.from('GIF89a'),
      Buffer.from('RIFF\x04\0\0\0WEBP', 'latin1'),
    ];
    expect(others.map(readPicture)).toEqual(others.map(() => null));
  });

  it.each([png(24), apng(), gif(20, [RED, BLUE]), WEBP, movingWebp()])(
    'is nothing when it is cut off anywhere, or goes on behind its end',
    (bytes) => {
      for (let length = 0; length < bytes.length; length++) {
        expect(readPicture(bytes.subarray(0, length)), String(length)).toBeNull();
      }
      expect(readPicture(Buffer.concat([bytes, svg]))).toBeNull();
      expect(readPicture(Buffer.concat([svg, bytes]))).toBeNull();
    },
  );

  it('is nothing when an image leaves its screen', () => {
    const wide = gif(20, [RED]);
    const image = wide.indexOf(Buffer.from([0x2c, 0, 0, 0, 0, 20, 0]));
    wide[image + 1] = 1;
    expect(readPicture(wide)).toBeNull();
  });

  it.each([
    ['PNG', apng()],
    ['GIF', gif(20, [RED, BLUE])],
    ['WebP', movingWebp()],
  ])('stands still as a picture of its own: %s', (_, bytes) => {
    const picture = readPicture(bytes)!;
    const still = stillOf(bytes, picture);
    expect(readPicture(still)).toEqual({ ...picture, animated: false });
    expect(stillOf(still, readPicture(still)!)).toBe(still);
  });
});
