import type { Random } from './random.js';

/** The request that opens a socket, as bytes. */
export function handshake(path: string, headers: Record<string, string> = {}): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return (
    `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
    `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n${lines.join('')}\r\n`
  );
}

/** A client's frame, masked as it must be. */
export function clientFrame(payload: string | Buffer, opcode = 1): Buffer {
  const bytes = Buffer.from(payload);
  const header =
    bytes.length < 126
      ? Buffer.from([0x80 | opcode, 0x80 | bytes.length])
      : bytes.length < 65_536
        ? Buffer.from([0x80 | opcode, 0x80 | 126, bytes.length >> 8, bytes.length & 255])
        : Buffer.from([0x80 | opcode, 0x80 | 127, 0, 0, 0, 0, ...uint32(bytes.length)]);
  const mask = [1, 2, 3, 4];
  return Buffer.concat([header, Buffer.from(mask), bytes.map((byte, index) => byte ^ mask[index % 4]!)]);
}

/** A frame with something wrong about its bytes. */
export function badFrame(random: Random, payload: string): Buffer {
  const frame = clientFrame(payload);
  switch (random.int(12)) {
    case 0: // any opcode, any reserved bit, final or not
      frame[0] = random.int(256);
      return frame;
    case 1: // unmasked
      frame[1]! &= 0x7f;
      return frame;
    case 2: // another length than it has
      frame[1] = 0x80 | random.int(128);
      return frame;
    case 3: // a length beyond all numbers
      return Buffer.from([0x81, 0xff, ...random.bytes(8), 0, 0, 0, 0]);
    case 4: // a control frame that is too long
      return clientFrame(random.bytes(126 + random.int(200)), random.pick([8, 9, 10]));
    case 5: // a close with any payload
      return clientFrame(random.bytes(random.int(5)), 8);
    case 6: // no UTF-8
      return clientFrame(random.bytes(1 + random.int(200)));
    case 7: // binary
      return clientFrame(random.bytes(random.int(50)), 2);
    case 8: // too large
      return clientFrame('x'.repeat(16_385 + random.int(50_000)));
    case 9: // in more pieces than anybody needs
      return Buffer.concat([
        fragment(clientFrame('{')),
        ...Array.from({ length: random.int(40) }, () => fragment(clientFrame('', 0))),
        clientFrame('}', 0),
      ]);
    case 10: // cut off
      return frame.subarray(0, random.int(frame.length));
    default: // a bit or some turned over
      for (let times = 1 + random.int(3); times > 0; times--) {
        const at = random.int(frame.length);
        frame[at] = frame[at]! ^ (1 << random.int(8));
      }
      return frame;
  }
}

/** What a server has sent: the status of its answer, its text frames, and the code it closed with. */
export function readServer(bytes: Buffer): { status: number; texts: string[]; closeCode: number | null } {
  const end = bytes.indexOf('\r\n\r\n');
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(bytes.subarray(0, 20).toString('latin1'))?.[1]);
  const texts: string[] = [];
  let closeCode: number | null = null;
  for (let at = status === 101 ? end + 4 : bytes.length; at + 2 <= bytes.length;) {
    const opcode = bytes[at]! & 0x0f;
    const short = bytes[at + 1]!;
    const header = short < 126 ? 2 : short === 126 ? 4 : 10;
    const length =
      short < 126
        ? short
        : short === 126
          ? bytes.readUInt16BE(at + 2)
          : Number(bytes.readBigUInt64BE(at + 2));
    const payload = bytes.subarray(at + header, at + header + length);
    if (payload.length < length) {
      break;
    }
    if (opcode === 1) {
      texts.push(payload.toString());
    } else if (opcode === 8) {
      closeCode = length >= 2 ? payload.readUInt16BE(0) : 1005;
    }
    at += header + length;
  }
  return { status, texts, closeCode };
}

/** The same frame, with more to come. */
export function fragment(frame: Buffer): Buffer {
  frame[0]! &= 0x7f;
  return frame;
}

function uint32(value: number): number[] {
  return [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
}
