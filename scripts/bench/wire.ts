import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';

const TEXT = 1;
const PING = 9;
const PONG = 10;

/** A masked frame, as a client must send it. The mask is zero: it costs nothing and is as valid as any other. */
export function clientFrame(text: string, opcode = TEXT): Buffer {
  const length = Buffer.byteLength(text);
  const extended = length < 126 ? 0 : 2;
  const frame = Buffer.alloc(2 + extended + 4 + length);
  frame[0] = 0x80 | opcode;
  frame[1] = 0x80 | (extended === 0 ? length : 126);
  if (extended > 0) {
    frame.writeUInt16BE(length, 2);
  }
  frame.write(text, 2 + extended + 4);
  return frame;
}

/**
 * Cuts a server's byte stream into frames without copying what lies whole in one chunk; a payload is the callback's only
 * while it runs. A load generator on `ws` would need more CPU than the servers it measures.
 */
export class FrameCutter {
  private rest: Buffer | null = null;

  constructor(private readonly onFrame: (opcode: number, payload: Buffer) => void) {}

  push(chunk: Buffer): void {
    let bytes = this.rest === null ? chunk : Buffer.concat([this.rest, chunk]);
    this.rest = null;
    for (;;) {
      const frame = header(bytes);
      if (frame === null || bytes.length < frame.start + frame.length) {
        break;
      }
      this.onFrame(bytes[0]! & 0x0f, bytes.subarray(frame.start, frame.start + frame.length));
      bytes = bytes.subarray(frame.start + frame.length);
    }
    if (bytes.length > 0) {
      this.rest = Buffer.from(bytes);
    }
  }
}

function header(bytes: Buffer): { start: number; length: number } | null {
  if (bytes.length < 2) {
    return null;
  }
  const short = bytes[1]! & 0x7f;
  if (short < 126) {
    return { start: 2, length: short };
  }
  if (short === 126) {
    return bytes.length < 4 ? null : { start: 4, length: bytes.readUInt16BE(2) };
  }
  return bytes.length < 10 ? null : { start: 10, length: Number(bytes.readBigUInt64BE(2)) };
}

/** All sockets read into it, one after the other: a buffer for each read would cost more than what is done with it. */
const READ_BUFFER = Buffer.allocUnsafe(256 * 1024);

/**
 * Opens a WebSocket on a bare TCP socket, which answers pings; `onFrame` gets everything else after the handshake, and may
 * keep none of it. Rejects with the server's answer when it is refused.
 */
export async function openRaw(
  port: number,
  path: string,
  cookie: string,
  onFrame: (opcode: number, payload: Buffer) => void,
): Promise<Socket> {
  const cutter = new FrameCutter((opcode, payload) => {
    if (opcode === PING) {
      socket.write(clientFrame(payload.toString(), PONG));
    } else {
      onFrame(opcode, payload);
    }
  });
  let socket: Socket;
  return new Promise((resolve, reject) => {
    let head: Buffer | null = Buffer.alloc(0);
    const read = (chunk: Buffer) => {
      if (head === null) {
        cutter.push(chunk);
        return;
      }
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf('\r\n\r\n');
      if (end === -1) {
        return;
      }
      if (!head.subarray(0, 12).toString().endsWith('101')) {
        reject(new Error(`refused: ${head.toString().slice(0, 300)}`));
        return;
      }
      const first = head.subarray(end + 4);
      head = null;
      resolve(socket);
      cutter.push(first);
    };
    socket = connect({
      port,
      host: '127.0.0.1',
      noDelay: true,
      onread: {
        buffer: READ_BUFFER,
        callback: (length, buffer) => {
          read(Buffer.from(buffer.buffer, buffer.byteOffset, length));
          return true;
        },
      },
    });
    socket.on('error', reject);
    socket.write(
      `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n` +
        `${cookie === '' ? '' : `Cookie: ${cookie}\r\n`}\r\n`,
    );
  });
}
