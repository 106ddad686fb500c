import { crc32, deflateSync } from 'node:zlib';

type Colour = readonly [number, number, number];

/** A disc of one colour on nothing; `chunks` are put before the pixels, as those of a moving picture are. */
export function png(size: number, [red, green, blue]: Colour = [12, 107, 94], chunks: Buffer[] = []): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, 6, 0, 0, 0], 8);
  const pixels = Buffer.concat(
    Array.from({ length: size }, (_, y) =>
      Buffer.from([
        0,
        ...Array.from({ length: size }, (_x, x) => [red, green, blue, isInDisc(x, y, size) ? 255 : 0]).flat(),
      ]),
    ),
  );
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    pngChunk('IHDR', header),
    ...chunks,
    pngChunk('IDAT', deflateSync(pixels)),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

export function pngChunk(name: string, data: Buffer): Buffer {
  const around = Buffer.alloc(4);
  around.writeUInt32BE(data.length);
  const named = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(named));
  return Buffer.concat([around, named, checksum]);
}

/** One square image for each colour, half a second each. */
export function gif(size: number, colours: readonly Colour[]): Buffer {
  const screen = Buffer.from('GIF89a_______', 'latin1');
  screen.writeUInt16LE(size, 6);
  screen.writeUInt16LE(size, 8);
  // 128 colours, of which the first are used.
  screen.set([0xf6, 0, 0], 10);
  const table = Buffer.alloc(128 * 3);
  table.set(colours.flat());
  const image = Buffer.from([0x2c, 0, 0, 0, 0, size & 255, size >> 8, size & 255, size >> 8, 0]);
  const images = colours.flatMap((_, index) => [
    Buffer.from([0x21, 0xf9, 4, 0, 50, 0, 0, 0]),
    image,
    imageData(size * size, index),
  ]);
  const forEver = Buffer.from([0x21, 0xff, 11, ...Buffer.from('NETSCAPE2.0'), 3, 1, 0, 0, 0]);
  return Buffer.concat([screen, table, forEver, ...images, Buffer.of(0x3b)]);
}

/** Codes of eight bits each: cleared before they would grow. */
function imageData(pixels: number, colour: number): Buffer {
  const codes: number[] = [];
  for (let left = pixels; left > 0; left -= 120) {
    codes.push(0x80, ...Array.from({ length: Math.min(left, 120) }, () => colour));
  }
  codes.push(0x81);
  const blocks: number[] = [];
  for (let from = 0; from < codes.length; from += 255) {
    const block = codes.slice(from, from + 255);
    blocks.push(block.length, ...block);
  }
  return Buffer.from([7, ...blocks, 0]);
}

/** One pixel, lossless. */
export const WEBP = Buffer.from('UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==', 'base64');

/** The same pixel twice. */
export function movingWebp(): Buffer {
  const pixel = WEBP.subarray(12);
  const frame = webpChunk('ANMF', Buffer.concat([Buffer.alloc(12), Buffer.from([50, 0, 0, 0]), pixel]));
  const body = Buffer.concat([
    Buffer.from('WEBP'),
    webpChunk('VP8X', Buffer.from([0x12, 0, 0, 0, 0, 0, 0, 0, 0, 0])),
    webpChunk('ANIM', Buffer.alloc(6)),
    frame,
    frame,
  ]);
  return webpChunk('RIFF', body);
}

function webpChunk(name: string, data: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(data.length);
  return Buffer.concat([Buffer.from(name, 'latin1'), length, data]);
}

function isInDisc(x: number, y: number, size: number): boolean {
  const middle = (size - 1) / 2;
  return Math.hypot(x - middle, y - middle) <= size / 2;
}
