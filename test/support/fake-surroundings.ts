import type { Surroundings } from '../../public/js/socket.js';
import type { ClientFrame, ServerFrame } from '../../src/protocol/frames.js';

/** A WebSocket whose other end is the test. */
export class FakeSocket extends EventTarget {
  readonly sent: ClientFrame[] = [];
  closed = false;

  constructor(readonly address: string) {
    super();
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text) as ClientFrame);
  }

  close(): void {
    this.closed = true;
  }

  open(): void {
    this.dispatchEvent(new Event('open'));
  }

  say(frame: ServerFrame): void {
    this.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(frame) }));
  }

  end(code: number): void {
    this.dispatchEvent(Object.assign(new Event('close'), { code }));
  }
}

/** Time, chance and network of a client, in the hands of a test. */
export class FakeSurroundings {
  readonly sockets: FakeSocket[] = [];
  readonly asked: string[] = [];
  access: Response | Error = new Response('{}');
  chance = 0.5;
  private time = 0;
  private timers: { id: number; at: number; run: () => void }[] = [];
  private lastTimer = 0;

  get socket(): FakeSocket {
    return this.sockets.at(-1)!;
  }

  get pendingTimers(): number {
    return this.timers.length;
  }

  /** Lets time pass, running what falls due in order. */
  pass(ms: number): void {
    const until = this.time + ms;
    for (;;) {
      const [next] = this.timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
      if (!next) {
        break;
      }
      this.timers = this.timers.filter((timer) => timer !== next);
      this.time = next.at;
      next.run();
    }
    this.time = until;
  }

  build(): Surroundings {
    const { sockets } = this;
    class Socket extends FakeSocket {
      constructor(address: string) {
        super(address);
        sockets.push(this);
      }
    }
    return {
      WebSocket: Socket as unknown as Surroundings['WebSocket'],
      fetch: async (address) => {
        this.asked.push(address);
        if (this.access instanceof Error) {
          throw this.access;
        }
        return this.access.clone();
      },
      setTimeout: (run, ms) => {
        const id = ++this.lastTimer;
        this.timers.push({ id, at: this.time + ms, run });
        return id;
      },
      clearTimeout: (timer) => {
        this.timers = this.timers.filter(({ id }) => id !== timer);
      },
      now: () => this.time,
      random: () => this.chance,
    };
  }
}
