import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** What the line does with the server's side of the talk. */
export interface Line {
  /** Milliseconds until bytes go on, both ways. */
  delayMs: number;
  /** Bytes a second towards the client; Infinity for all at once. */
  bytesPerSecond: number;
  /** Nothing goes on any more, in either direction, and nobody is told: a half-open connection. */
  swallows: boolean;
  /** The connection is reset after so many more bytes towards the client. */
  cutAfter: number;
  /** Frames towards the client that are taken out; the rest goes on. Asked with the text of each. */
  drops: (text: string) => boolean;
}

const GOOD: Line = {
  delayMs: 0,
  bytesPerSecond: Infinity,
  swallows: false,
  cutAfter: Infinity,
  drops: () => false,
};
const SLICE_MS = 50;

/** A TCP proxy before the server, whose line a test makes bad. Changes hold for open connections too. */
export class FaultProxy {
  line: Line = { ...GOOD };
  readonly connections = new Set<Socket>();
  private readonly server = createServer((client) => this.pass(client));

  private constructor(private readonly target: () => number) {}

  static async to(target: () => number): Promise<FaultProxy> {
    const proxy = new FaultProxy(target);
    await new Promise<void>((resolve) => proxy.server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  heal(): void {
    this.line = { ...GOOD };
  }

  /** Resets every connection at once. */
  cutAll(): void {
    this.connections.forEach((socket) => socket.destroy());
  }

  async close(): Promise<void> {
    this.cutAll();
    await new Promise<void>((resolve) => {
      this.server.close(() => resolve());
    });
  }

  private pass(client: Socket): void {
    const server = connect(this.target(), '127.0.0.1');
    const both = [client, server];
    for (const socket of both) {
      socket.setNoDelay(true);
      this.connections.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.connections.delete(socket);
        // A swallowing line does not tell one end that the other has gone.
        if (!this.line.swallows) {
          both.forEach((end) => end.destroy());
        }
      });
    }
    client.on('data', (bytes) => this.after(() => !this.line.swallows && server.write(bytes)));
    const frames = new FrameFilter((text) => this.line.drops(text));
    server.on('data', (bytes) => {
      // The system's own buffers stand for the slow line: the server must find it full.
      if (this.line.bytesPerSecond < Infinity) {
        server.pause();
        this.trickle(frames.pass(bytes), client, () => server.resume());
      } else {
        this.after(() => this.forward(frames.pass(bytes), client));
      }
    });
  }

  private after(run: () => void): void {
    if (this.line.delayMs > 0) {
      setTimeout(run, this.line.delayMs);
    } else {
      run();
    }
  }

  private forward(bytes: Buffer, client: Socket): void {
    if (this.line.swallows || bytes.length === 0) {
      return;
    }
    this.line.cutAfter -= bytes.length;
    if (this.line.cutAfter < 0) {
      client.write(bytes.subarray(0, bytes.length + this.line.cutAfter));
      this.line.cutAfter = Infinity;
      client.resetAndDestroy();
      return;
    }
    client.write(bytes);
  }

  private trickle(bytes: Buffer, client: Socket, done: () => void): void {
    const { bytesPerSecond } = this.line;
    const size = Number.isFinite(bytesPerSecond) ? (bytesPerSecond * SLICE_MS) / 1000 : bytes.length;
    this.forward(bytes.subarray(0, size), client);
    if (bytes.length > size) {
      setTimeout(() => this.trickle(bytes.subarray(size), client, done), SLICE_MS);
    } else {
      setTimeout(done, Number.isFinite(bytesPerSecond) ? SLICE_MS : 0);
    }
  }
}

/** Cuts a server's bytes into the answer to the handshake and its unmasked frames, and takes some out. */
class FrameFilter {
  private rest = Buffer.alloc(0);
  private upgraded = false;

  constructor(private readonly drops: (text: string) => boolean) {}

  pass(bytes: Buffer): Buffer {
    this.rest = Buffer.concat([this.rest, bytes]);
    const out: Buffer[] = [];
    for (let part = this.part(); part; part = this.part()) {
      out.push(part);
    }
    return Buffer.concat(out);
  }

  /** The next whole part that goes on; empty for one that is dropped. */
  private part(): Buffer | null {
    if (!this.upgraded) {
      const end = this.rest.indexOf('\r\n\r\n');
      if (end === -1) {
        return null;
      }
      // A refusal has a body and no frames: it goes on as it is.
      this.upgraded = this.rest.subarray(0, end).toString('latin1').startsWith('HTTP/1.1 101');
      return this.cut(this.upgraded ? end + 4 : this.rest.length);
    }
    if (this.rest.length < 2) {
      return null;
    }
    const short = this.rest[1]! & 0x7f;
    const header = short < 126 ? 2 : short === 126 ? 4 : 10;
    if (this.rest.length < header) {
      return null;
    }
    const length =
      header === 2 ? short : header === 4 ? this.rest.readUInt16BE(2) : Number(this.rest.readBigUInt64BE(2));
    if (this.rest.length < header + length) {
      return null;
    }
    const isText = (this.rest[0]! & 0x0f) === 1;
    const frame = this.cut(header + length);
    return isText && this.drops(frame.subarray(header).toString()) ? Buffer.alloc(0) : frame;
  }

  private cut(length: number): Buffer {
    const part = this.rest.subarray(0, length);
    this.rest = this.rest.subarray(length);
    return part;
  }
}
