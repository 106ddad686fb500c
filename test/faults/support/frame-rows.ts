import { clientFrame, fragment } from './wire.js';

/**
 * What is sent after `live`, and what must come of it: the code the socket is closed with, or the answers in whatever
 * order, each an error code, an event, or `dup`. A socket that is not closed answers one more frame.
 */
export interface FrameRow {
  readonly name: string;
  readonly sent: Buffer | readonly Buffer[];
  readonly comes: number | readonly string[];
}

const FIN = 0x80;
const LARGEST = 16 * 1024;

export const say = (nonce: string, text = 'hello') => json('say', { text, nonce });
/** A small answer, for a socket that is to show that it still works. */
export const ASK = json('history', { limit: 1 });

function json(event: string, data: unknown): string {
  return JSON.stringify({ event, data });
}

/** A frame whose first byte is this one. */
function headed(first: number, payload: string | Buffer = '{}'): Buffer {
  const frame = clientFrame(payload);
  frame[0] = first;
  return frame;
}

function unmasked(): Buffer {
  return Buffer.concat([Buffer.from([0x81, ASK.length]), Buffer.from(ASK)]);
}

/** The header of a frame with a length of eight bytes. */
function sized(...length: number[]): Buffer {
  return Buffer.from([0x81, FIN | 127, ...length, 1, 2, 3, 4]);
}

function closing(code: number): Buffer {
  return clientFrame(Buffer.from([code >> 8, code & 255]), 8);
}

/** The text, in a frame of exactly so many bytes. */
function filled(bytes: number): Buffer {
  const [before, after] = ['{"event":"fill","data":{"x":"', '"}}'];
  return clientFrame(before + 'x'.repeat(bytes - before.length - after.length) + after);
}

/** One message in these pieces. */
function pieces(...parts: (string | Buffer)[]): Buffer[] {
  return parts.map((part, index) => {
    const frame = clientFrame(part, index === 0 ? 1 : 0);
    return index === parts.length - 1 ? frame : fragment(frame);
  });
}

const korean = Buffer.from(say('nonce-in-pieces', '마당'));
const middle = korean.indexOf(Buffer.from('마')) + 1;

/** Frames that are wrong as such (RFC 6455), or right and unusual. */
export const FRAMES: FrameRow[] = [
  { name: 'unmasked', sent: unmasked(), comes: 1002 },
  ...[0x40, 0x20, 0x10].map((bit) => ({ name: `RSV ${bit}`, sent: headed(0x81 | bit), comes: 1002 })),
  ...[3, 4, 5, 6, 7, 0xb, 0xc, 0xd, 0xe, 0xf].map((opcode) => ({
    name: `opcode ${opcode}`,
    sent: headed(FIN | opcode),
    comes: 1002,
  })),
  { name: 'a continuation of nothing', sent: headed(FIN), comes: 1002 },
  { name: 'a message inside another', sent: [fragment(clientFrame('{')), clientFrame('{}')], comes: 1002 },
  { name: 'a ping in pieces', sent: headed(9), comes: 1002 },
  { name: 'a ping of 126 bytes', sent: clientFrame('x'.repeat(126), 9), comes: 1002 },
  ...[999, 1004, 1005, 1006, 1015].map((code) => ({
    name: `a close with ${code}`,
    sent: closing(code),
    comes: 1002,
  })),
  { name: 'a close of one byte', sent: clientFrame('x', 8), comes: 1002 },
  { name: 'a close with no UTF-8', sent: clientFrame(Buffer.from([3, 232, 0xff]), 8), comes: 1007 },
  { name: 'compressed, which nobody offered', sent: headed(0xc1, Buffer.from([0xaa, 0x56, 0])), comes: 1002 },
  { name: 'binary', sent: clientFrame(ASK, 2), comes: 1003 },
  { name: 'no UTF-8', sent: clientFrame(Buffer.from([0x22, 0xc3, 0x28, 0x22])), comes: 1007 },
  { name: 'no UTF-8, in pieces', sent: pieces(Buffer.from([0xe3, 0x80]), Buffer.from([0x28])), comes: 1007 },
  { name: 'a surrogate as UTF-8', sent: clientFrame(Buffer.from([0xed, 0xa0, 0x80])), comes: 1007 },
  { name: '2^63 bytes', sent: sized(128, 0, 0, 0, 0, 0, 0, 0), comes: 1009 },
  { name: '2^53 bytes', sent: sized(0, 32, 0, 0, 0, 0, 0, 0), comes: 1009 },
  { name: '16 KiB', sent: filled(LARGEST), comes: ['frame.unknown-event'] },
  { name: '16 KiB and one byte', sent: filled(LARGEST + 1), comes: 1009 },
  { name: '16 KiB and one byte, in pieces', sent: pieces('x'.repeat(LARGEST), 'x'), comes: 1009 },
  { name: '10,000 empty pieces', sent: pieces('{', ...Array<string>(10_000).fill(''), '}'), comes: 1008 },
  {
    name: 'a character in two pieces',
    sent: pieces(korean.subarray(0, middle), korean.subarray(middle)),
    comes: ['ack'],
  },
  {
    name: 'each byte by itself',
    sent: Array.from(clientFrame(ASK), (byte) => Buffer.of(byte)),
    comes: ['history'],
  },
  {
    name: '1,000 frames in one segment',
    sent: Buffer.concat(
      Array.from({ length: 1000 }, (_, index) => clientFrame(say(`nonce-at-once-${index}`))),
    ),
    comes: Array<string>(1000).fill('ack'),
  },
];

const text = (name: string, sent: string, ...comes: string[]): FrameRow => ({
  name,
  sent: clientFrame(sent),
  comes,
});

/** Texts that are no JSON of ours, or are and mean harm. */
export const TEXTS: FrameRow[] = [
  text('nothing', '', 'frame.malformed'),
  text('no JSON', '{"event":', 'frame.malformed'),
  text('an array for the frame', '[]', 'frame.malformed'),
  text('an array for the data', '{"event":"say","data":[]}', 'frame.malformed'),
  text('depth 8,000', `{"event":"say","data":${'['.repeat(8000)}${']'.repeat(8000)}}`, 'frame.malformed'),
  text(
    'depth 2,500, of objects',
    `{"event":"say","data":${'{"a":'.repeat(2500)}1${'}'.repeat(2500)}}`,
    'frame.malformed',
  ),
  text('an unknown event', json('shout', {}), 'frame.unknown-event'),
  text('an event of 10 KB', json('x'.repeat(10_000), {}), 'frame.unknown-event'),
  text('an event of everybody', json('constructor', {}), 'frame.unknown-event'),
  text('a frame of the server', json('message.posted', { seq: 1 }), 'frame.unknown-event'),
  text(
    '__proto__: what is in it counts for nothing',
    '{"event":"say","data":{"__proto__":{"kind":"admin"},"text":"x","nonce":"nonce-proto"}}',
    'ack',
  ),
  text('a field nobody knows', json('say', { text: 'x', nonce: 'nonce-unknown', seq: 7 }), 'frame.invalid'),
  text('a key twice: the last counts', '{"event":"shout","event":"history","data":{"limit":1}}', 'history'),
  text('1e400', '{"event":"history","data":{"limit":1e400}}', 'frame.invalid'),
  text('a huge seq', '{"event":"history","data":{"after":1e308}}', 'frame.invalid'),
  text('a seq of 2^53', json('history', { after: 2 ** 53 }), 'frame.invalid'),
  text('a negative seq', json('history', { before: -1 }), 'frame.invalid'),
  text('half a limit', json('history', { limit: 1.5 }), 'frame.invalid'),
  text('a limit as text', json('history', { limit: '10' }), 'frame.invalid'),
  text('both directions', json('history', { before: 9, after: 1 }), 'frame.invalid'),
  text('an array for a text', json('say', { text: ['x'], nonce: 'nonce-array' }), 'frame.invalid'),
  text('a nonce of 65', say('n'.repeat(65)), 'frame.invalid'),
  text(
    'half a surrogate pair',
    '{"event":"say","data":{"text":"a\\ud800","nonce":"nonce-surrogate"}}',
    'frame.invalid',
  ),
  text('NUL', '{"event":"say","data":{"text":"a\\u0000b","nonce":"nonce-of-nul"}}', 'frame.invalid'),
  text('only spaces', say('nonce-spaces', ' \u200b '), 'text.empty'),
  text('more than may be said', say('nonce-long', 'x'.repeat(9000)), 'text.too-long'),
  {
    name: 'a nonce with another text: the first counts',
    sent: [clientFrame(say('nonce-twice', 'first')), clientFrame(say('nonce-twice', 'second'))],
    comes: ['ack', 'dup'],
  },
];
