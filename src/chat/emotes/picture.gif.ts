import type { Structure } from './picture.js';

const HEADER = /^GIF8[79]a$/;
/** The header and the description of the screen. */
const SCREEN_END = 13;
const EXTENSION = 0x21;
const IMAGE = 0x2c;
const TRAILER = 0x3b;
/** The description of an image, from its mark on. */
const IMAGE_LENGTH = 10;

interface Layout {
  /** How many images there are. */
  readonly images: number;
  /** Where the first of them ends. */
  readonly firstEnd: number;
}

export function readGif(bytes: Buffer): Structure {
  const layout = layoutOf(bytes);
  return (
    layout && {
      width: bytes.readUInt16LE(6),
      height: bytes.readUInt16LE(8),
      animated: layout.images > 1,
    }
  );
}

/** All up to the end of the first image. */
export function stillGif(bytes: Buffer): Buffer {
  return Buffer.concat([bytes.subarray(0, layoutOf(bytes)!.firstEnd), Buffer.of(TRAILER)]);
}

/** Null unless every block ends where it says, each image lies within the screen, and the trailer is the last byte. */
function layoutOf(bytes: Buffer): Layout | null {
  if (bytes.length <= SCREEN_END || !HEADER.test(bytes.toString('latin1', 0, 6))) {
    return null;
  }
  const [width, height] = [bytes.readUInt16LE(6), bytes.readUInt16LE(8)];
  let at = SCREEN_END + coloursIn(bytes[10]!);
  let images = 0;
  let firstEnd = 0;
  while (at < bytes.length - 1) {
    if (bytes[at] === EXTENSION) {
      at = blocksEnd(bytes, at + 2);
    } else if (bytes[at] === IMAGE && at + IMAGE_LENGTH < bytes.length) {
      const isWithin =
        bytes.readUInt16LE(at + 1) + bytes.readUInt16LE(at + 5) <= width &&
        bytes.readUInt16LE(at + 3) + bytes.readUInt16LE(at + 7) <= height;
      // Behind the colours stands one byte about how the pixels are packed.
      at = isWithin ? blocksEnd(bytes, at + IMAGE_LENGTH + coloursIn(bytes[at + 9]!) + 1) : Infinity;
      firstEnd = images === 0 ? at : firstEnd;
      images++;
    } else {
      return null;
    }
  }
  return images > 0 && at === bytes.length - 1 && bytes[at] === TRAILER ? { images, firstEnd } : null;
}

/** The bytes of the table of colours that this field announces. */
function coloursIn(field: number): number {
  return (field & 0x80) === 0 ? 0 : 3 * 2 ** ((field & 0x07) + 1);
}

/** Behind a run of blocks: each begins with its length, the last is empty. Infinity when there is no last. */
function blocksEnd(bytes: Buffer, from: number): number {
  let at = from;
  while (at < bytes.length && bytes[at] !== 0) {
    at += bytes[at]! + 1;
  }
  return at < bytes.length ? at + 1 : Infinity;
}
