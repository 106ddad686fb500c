import { readGif, stillGif } from './picture.gif.js';
import { readPng, stillPng } from './picture.png.js';
import { readWebp, stillWebp } from './picture.webp.js';

export type PictureType = 'image/png' | 'image/gif' | 'image/webp';

/** What a picture is. */
export interface Picture {
  readonly type: PictureType;
  readonly width: number;
  readonly height: number;
  /** It moves. */
  readonly animated: boolean;
}

/** What the reader of one format tells: null when it is not whole, or something else stands behind its end. */
export type Structure = Omit<Picture, 'type'> | null;

const FORMATS = {
  'image/png': { read: readPng, still: stillPng },
  'image/gif': { read: readGif, still: stillGif },
  'image/webp': { read: readWebp, still: stillWebp },
} as const;

const TYPES = ['image/png', 'image/gif', 'image/webp'] as const;

/**
 * What the bytes are by themselves, whatever their sender calls them: a whole PNG, GIF or WebP and nothing else. Null for
 * all that is none, SVG above all, which can hold programs. The pixels are not decoded.
 */
export function readPicture(bytes: Buffer): Picture | null {
  for (const type of TYPES) {
    const structure = FORMATS[type].read(bytes);
    if (structure) {
      return { type, ...structure };
    }
  }
  return null;
}

/** The first picture of one that moves, for readers who want nothing to move; of another, the same. */
export function stillOf(bytes: Buffer, { type, animated }: Pick<Picture, 'type' | 'animated'>): Buffer {
  return animated ? FORMATS[type].still(bytes) : bytes;
}
