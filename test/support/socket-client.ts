import { randomUUID } from 'node:crypto';

import { WebSocket } from 'ws';

import type { ClientFrame, EntryFrame, ServerFrame } from '../../src/protocol/frames.js';

type Event = ServerFrame['event'];
type DataOf<E extends Event> = Extract<ServerFrame, { event: E }>['data'];

/** Longer than other nodes need to find out that one of them is gone. */
const DEADLINE_MS = 25_000;

export interface SocketOptions {
  cookie?: string;
  headers?: Record<string, string>;
}

/** A refused upgrade: the whole HTTP answer. */
export interface Refusal {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: { error: { code: string; message: string } };
}

/**
 * A WebSocket client that speaks the public protocol: it unpacks batches, keeps every frame it was sent, and waits for
 * events. When the one deadline passes it says what did come.
 */
export class SocketClient {
  readonly frames: ServerFrame[] = [];
  private readonly waiting = new Set<() => void>();
  private closeCode: number | null = null;
  /** Frames before this index have been answered by `next`. */
  private read = 0;

  private constructor(readonly ws: WebSocket) {
    ws.on('message', (data: Buffer) => this.take(JSON.parse(data.toString())));
    ws.on('close', (code) => {
      this.closeCode = code;
      this.wake();
    });
    ws.on('error', () => undefined);
  }

  /** Opens a socket; rejects with the refusal's status when it is not admitted. */
  static async open(url: string, path: string, options: SocketOptions = {}): Promise<SocketClient> {
    const result = await SocketClient.attempt(url, path, options);
    if (!(result instanceof SocketClient)) {
      throw new Error(`${path} was refused: ${result.status} ${JSON.stringify(result.body)}`);
    }
    return result;
  }

  /** Opens a socket, or answers the refusal. */
  static async attempt(
    url: string,
    path: string,
    { cookie, headers }: SocketOptions = {},
  ): Promise<SocketClient | Refusal> {
    const ws = new WebSocket(url.replace('http', 'ws') + path, {
      headers: { ...(cookie && { cookie }), ...headers },
    });
    const client = new SocketClient(ws);
    return new Promise((resolve, reject) => {
      ws.once('open', () => resolve(client));
      ws.once('unexpected-response', (_request, response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          resolve({
            status: response.statusCode!,
            headers: response.headers,
            body: text === '' ? null : JSON.parse(text),
          });
        });
      });
      ws.once('error', reject);
    });
  }

  send<E extends ClientFrame['event']>(event: E, data: Extract<ClientFrame, { event: E }>['data']): void {
    this.raw(JSON.stringify({ event, data }));
  }

  raw(text: string | Buffer): void {
    this.ws.send(text);
  }

  /** Says something and waits for its acknowledgement; rejects with the refusal. */
  async say(text: string, more: { nonce?: string; replyTo?: number; kind?: 'admin' } = {}) {
    const nonce = more.nonce ?? randomUUID();
    const since = this.frames.length;
    this.send('say', { text, ...more, nonce });
    return this.answerTo(nonce, since);
  }

  /** The acknowledgement of what was sent with a nonce, among the frames from `since` on; rejects with the refusal. */
  async answerTo(nonce: string, since = 0) {
    const answer = await this.until(`the answer to ${nonce}`, () =>
      this.frames
        .slice(since)
        .find(({ event, data }) => (event === 'ack' || event === 'error') && data.nonce === nonce),
    );
    if (answer.event !== 'ack') {
      throw new Error(`It was refused: ${JSON.stringify(answer)}`);
    }
    return answer.data;
  }

  /** The next frame of this event that has not been read yet; everything before it counts as read. */
  async next<E extends Event>(event: E, fits: (data: DataOf<E>) => boolean = () => true): Promise<DataOf<E>> {
    const frame = await this.until(`next ${event}`, () => {
      const index = this.frames.findIndex(
        (frame, at) => at >= this.read && frame.event === event && fits(frame.data as DataOf<E>),
      );
      if (index === -1) {
        return undefined;
      }
      this.read = index + 1;
      return this.frames[index];
    });
    return frame.data as DataOf<E>;
  }

  /** A frame of this event among all that came or will come. */
  async find<E extends Event>(event: E, fits: (data: DataOf<E>) => boolean = () => true): Promise<DataOf<E>> {
    const frame = await this.until(event, () =>
      this.frames.find((frame) => frame.event === event && fits(frame.data as DataOf<E>)),
    );
    return frame.data as DataOf<E>;
  }

  /** Some of an answer has come: word by word or, to who came late to it or fell behind, as one text. */
  async findWords(): Promise<void> {
    await this.until('words of an answer', () =>
      this.frames.find(({ event }) => event === 'ai.delta' || event === 'ai.snapshot'),
    );
  }

  /** All entries so far, in the order they came. */
  get entries(): EntryFrame[] {
    return this.frames.filter((frame): frame is EntryFrame => /^(message|room|user)\./.test(frame.event));
  }

  get texts(): (string | null)[] {
    return this.entries.flatMap((frame) => (frame.event === 'message.posted' ? [frame.data.text] : []));
  }

  /** Resolves with the close code. */
  async closed(): Promise<number> {
    return this.until('close', () => this.closeCode ?? undefined);
  }

  close(): void {
    this.ws.close();
  }

  private take(frame: ServerFrame): void {
    if (frame.event === 'batch') {
      this.frames.push(...frame.data.events);
    } else {
      this.frames.push(frame);
    }
    this.wake();
  }

  private wake(): void {
    for (const check of this.waiting) {
      check();
    }
  }

  private async until<T>(what: string, look: () => T | undefined): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const check = () => {
        const found = look();
        if (found !== undefined) {
          this.waiting.delete(check);
          clearTimeout(timer);
          resolve(found);
        }
      };
      const timer = setTimeout(() => {
        this.waiting.delete(check);
        const seen = this.frames
          .slice(-20)
          .map((frame) => JSON.stringify(frame).slice(0, 160))
          .join('\n  ');
        reject(new Error(`Waited for ${what}; closed: ${this.closeCode}; came:\n  ${seen || 'nothing'}`));
      }, DEADLINE_MS);
      this.waiting.add(check);
      check();
    });
  }
}
