import type { Structure } from './picture.js';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** Length, name and checksum around the data of a chunk. */
const AROUND = 12;
/** What only the pictures after the first are made of, and what says that there are any. */
const MOVING = new Set(['acTL', 'fcTL', 'fdAT']);

interface Chunk {
  readonly name: string;
  readonly data: Buffer;
  /** All of it, as it stands in the file. */
  readonly whole: Buffer;
}

export function readPng(bytes: Buffer): Structure {
  const chunks = chunksOf(bytes);
  const header = chunks?.[0];
  if (!chunks || header?.name !== 'IHDR' || header.data.length !== 13) {
    return null;
  }
  const names = chunks.map(({ name }) => name);
  return names.at(-1) === 'IEND' && names.indexOf('IEND') === names.length - 1 && names.includes('IDAT')
    ? {
        width: header.data.readUInt32BE(0),
        height: header.data.readUInt32BE(4),
        animated: names.includes('acTL'),
      }
    : null;
}

/** Without what makes it move, a reader shows the picture that is there for those who know of no other. */
export function stillPng(bytes: Buffer): Buffer {
  const kept = chunksOf(bytes)!.filter(({ name }) => !MOVING.has(name));
  return Buffer.concat([SIGNATURE, ...kept.map(({ whole }) => whole)]);
}

function chunksOf(bytes: Buffer): Chunk[] | null {
  if (!bytes.subarray(0, SIGNATURE.length).equals(SIGNATURE)) {
    return null;
  }
  const chunks: Chunk[] = [];
  let at = SIGNATURE.length;
  while (at < bytes.length) {
    const end = at + AROUND <= bytes.length ? at + AROUND + bytes.readUInt32BE(at) : Infinity;
    if (end > bytes.length) {
      return null;
    }
    chunks.push({
      name: bytes.toString('latin1', at + 4, at + 8),
      data: bytes.subarray(at + 8, end - 4),
      whole: bytes.subarray(at, end),
    });
    at = end;
  }
  return chunks;
}
