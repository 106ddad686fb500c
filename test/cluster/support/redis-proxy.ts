import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** What may happen to a message on its way to a node that listens. */
export type Fate = 'pass' | 'drop' | 'hold';

/** The beginning of a published message as Redis sends it to whoever has subscribed, in either version of its protocol. */
const PUSH = /^[*>]3\r\n\$7\r\nmessage\r\n/;

/** Stands between the nodes and Redis. Connections stay open, commands are answered; published messages may be lost. */
export class RedisProxy {
  /** Decides about each published message, probes included. What is held comes after the one that follows it. */
  fate: (channel: string) => Fate = () => 'pass';
  readonly counts: Record<Fate, number> = { pass: 0, drop: 0, hold: 0 };
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly target: number,
  ) {
    server.on('connection', (client) => this.relay(client));
  }

  static async to(port: number): Promise<RedisProxy> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new RedisProxy(server, port);
  }

  get url(): string {
    return `redis://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.sockets.forEach((socket) => socket.destroy());
    this.server.close();
    await once(this.server, 'close');
  }

  private relay(client: Socket): void {
    const upstream = connect(this.target, '127.0.0.1');
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      socket.setNoDelay(true);
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.sockets.delete(socket);
        other.destroy();
      });
    }
    let listens = false;
    let rest: Buffer = Buffer.alloc(0);
    let held: Buffer[] = [];
    client.on('data', (chunk) => {
      listens ||= chunk.toString('latin1').toUpperCase().includes('SUBSCRIBE\r\n');
      upstream.write(chunk);
    });
    upstream.on('data', (chunk) => {
      if (!listens) {
        client.write(chunk);
        return;
      }
      rest = Buffer.concat([rest, chunk]);
      for (let push = takePush(rest); push; push = takePush(rest)) {
        rest = push.rest;
        const fate = push.channel === null ? 'pass' : this.fate(push.channel);
        if (push.channel !== null) {
          this.counts[fate]++;
        }
        if (fate === 'pass') {
          client.write(Buffer.concat([push.bytes, ...held]));
          held = [];
        } else if (fate === 'hold') {
          held.push(push.bytes);
        }
      }
    });
  }
}

interface Part {
  readonly bytes: Buffer;
  readonly rest: Buffer;
  /** Null for anything else than a published message. */
  readonly channel: string | null;
}

/** The first whole thing that Redis said, or nothing while it is not whole. */
function takePush(buffer: Buffer): Part | null {
  const text = buffer.toString('latin1');
  const head = PUSH.exec(text);
  if (!head) {
    // Anything else goes on up to where the next message begins.
    const next = text.slice(1).search(/[*>]3\r\n\$7\r\nmessage\r\n/);
    const end = next === -1 ? buffer.length : next + 1;
    const isWhole = text.endsWith('\r\n') || next !== -1;
    return end > 0 && isWhole
      ? { bytes: buffer.subarray(0, end), rest: buffer.subarray(end), channel: null }
      : null;
  }
  const channel = takeString(text, head[0].length);
  const message = channel && takeString(text, channel.end);
  return message && channel
    ? { bytes: buffer.subarray(0, message.end), rest: buffer.subarray(message.end), channel: channel.value }
    : null;
}

function takeString(text: string, from: number): { value: string; end: number } | null {
  const length = /^\$(\d+)\r\n/.exec(text.slice(from, from + 20));
  if (!length) {
    return null;
  }
  const start = from + length[0].length;
  const end = start + Number(length[1]) + 2;
  return end <= text.length ? { value: text.slice(start, end - 2), end } : null;
}
