import type { Structure } from './picture.js';

const HEADER_END = 12;
/** The name and the length of a chunk. */
const BEFORE = 8;
const ANIMATION = 0x02;
const ALPHA = 0x10;
/** Place, size, duration and flags of a frame, before its own chunks. */
const FRAME_HEAD = 16;
/** Where the sizes stand in a frame, and in the header of an extended file. */
const FRAME_SIZE = 6;
const CANVAS_SIZE = 4;

interface Chunk {
  readonly name: string;
  readonly data: Buffer;
}

export function readWebp(bytes: Buffer): Structure {
  const chunks = fileChunks(bytes);
  const first = chunks?.[0];
  switch (first?.name) {
    case 'VP8 ':
      return lossySize(first.data);
    case 'VP8L':
      return losslessSize(first.data);
    case 'VP8X':
      return extended(first.data, chunks!);
    default:
      return null;
  }
}

/** The first frame as a file of its own. */
export function stillWebp(bytes: Buffer): Buffer {
  const frame = fileChunks(bytes)!.find(({ name }) => name === 'ANMF')!.data;
  const inner = chunksOf(frame.subarray(FRAME_HEAD))!;
  const header = Buffer.alloc(10);
  header[0] = inner.some(({ name }) => name === 'ALPH' || name === 'VP8L') ? ALPHA : 0;
  frame.copy(header, CANVAS_SIZE, FRAME_SIZE, FRAME_SIZE + 6);
  const body = Buffer.concat([{ name: 'VP8X', data: header }, ...inner].map(packed));
  const start = Buffer.from('RIFF____WEBP', 'latin1');
  start.writeUInt32LE(body.length + 4, 4);
  return Buffer.concat([start, body]);
}

function lossySize(data: Buffer): Structure {
  const isKeyFrame = data.length >= 10 && (data[0]! & 1) === 0 && data.readUIntBE(3, 3) === 0x9d012a;
  return isKeyFrame
    ? { width: data.readUInt16LE(6) & 0x3fff, height: data.readUInt16LE(8) & 0x3fff, animated: false }
    : null;
}

function losslessSize(data: Buffer): Structure {
  if (data.length < 5 || data[0] !== 0x2f) {
    return null;
  }
  const bits = data.readUInt32LE(1);
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1, animated: false };
}

function extended(header: Buffer, chunks: readonly Chunk[]): Structure {
  if (header.length !== 10) {
    return null;
  }
  const animated = (header[0]! & ANIMATION) !== 0;
  const isWhole = animated
    ? chunks.filter(({ name }) => name === 'ANMF').every(isFrame) &&
      chunks.some(({ name }) => name === 'ANMF')
    : chunks.some(isImage);
  return isWhole
    ? { width: header.readUIntLE(4, 3) + 1, height: header.readUIntLE(7, 3) + 1, animated }
    : null;
}

function isFrame({ data }: Chunk): boolean {
  return data.length > FRAME_HEAD && chunksOf(data.subarray(FRAME_HEAD))?.some(isImage) === true;
}

function isImage({ name, data }: Chunk): boolean {
  return (name === 'VP8 ' ? lossySize(data) : name === 'VP8L' ? losslessSize(data) : null) !== null;
}

function fileChunks(bytes: Buffer): Chunk[] | null {
  const isWebp =
    bytes.length > HEADER_END &&
    bytes.toString('latin1', 0, 4) === 'RIFF' &&
    bytes.toString('latin1', 8, HEADER_END) === 'WEBP' &&
    bytes.readUInt32LE(4) + BEFORE === bytes.length;
  return isWebp ? chunksOf(bytes.subarray(HEADER_END)) : null;
}

/** Null unless they end where the bytes do. */
function chunksOf(bytes: Buffer): Chunk[] | null {
  const chunks: Chunk[] = [];
  let at = 0;
  while (at < bytes.length) {
    const from = at + BEFORE;
    const to = from <= bytes.length ? from + bytes.readUInt32LE(at + 4) : Infinity;
    // One of an odd length has one more byte behind it.
    const end = to + (to % 2);
    if (end > bytes.length) {
      return null;
    }
    chunks.push({ name: bytes.toString('latin1', at, at + 4), data: bytes.subarray(from, to) });
    at = end;
  }
  return chunks;
}

function packed({ name, data }: Chunk): Buffer {
  const head = Buffer.from(`${name}____`, 'latin1');
  head.writeUInt32LE(data.length, 4);
  return Buffer.concat([head, data, Buffer.alloc(data.length % 2)]);
}
