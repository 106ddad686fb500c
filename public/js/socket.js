/**
 * One room's connection: one socket at a time and one timer, whatever the network does. It knows nothing of what the
 * frames mean, except for the few that speak about the connection itself.
 *
 * @import { ClientFrame, ErrorData, ServerFrame } from '../../src/protocol/frames.js'
 */

import { closeReaction, backOffMs } from './reconnect.js';

/**
 * @typedef {{ is: 'connecting' }
 *   | { is: 'open' }
 *   | { is: 'waiting', until: number, why: 'lost' | 'restart' | 'flooding' }
 *   | { is: 'stopped', code: number | string, message?: string }} Connection
 * `until` by `now()`; `code` a close code or, when the upgrade was refused, the code of the refusal with its sentence
 */

/**
 * What the connection stands on; tests put in their own.
 * @typedef {object} Surroundings
 * @property {new (address: string) => WebSocket} WebSocket
 * @property {(address: string) => Promise<Response>} fetch
 * @property {(run: () => void, ms: number) => number} setTimeout
 * @property {(timer: number | undefined) => void} clearTimeout
 * @property {() => number} now milliseconds, going forward only
 * @property {() => number} random 0 to below 1
 */

/**
 * @typedef {object} SocketOptions
 * @property {() => string} address with the cursor to resume from, asked anew at each attempt
 * @property {string} accessAddress where the reason of a refused upgrade can be read
 * @property {(frame: ServerFrame) => void} onFrame
 * @property {(connection: Connection) => void} onChange
 */

/** The server says something at least every 20 s; this long without a word, and the line is dead. */
const SILENCE_MS = 35_000;
/** An answer to a probe that does not come in this time is not coming. */
const PROBE_MS = 5_000;
/** A connection that held this long forgets the failures before it. */
const HEALTHY_MS = 30_000;
/** A server that keeps sending us away "at once" is not well: then we back off as from any other failure. */
const HASTY_LIMIT = 3;

export class RoomSocket {
  /** @type {WebSocket | null} */
  #socket = null;
  /** @type {number | undefined} */
  #timer;
  /** @type {Connection} */
  #connection = { is: 'connecting' };
  #attempt = 0;
  #hasty = 0;
  #openedAt = 0;
  #heardAt = 0;
  #leaving = false;

  /** @param {SocketOptions} options @param {Surroundings} surroundings */
  constructor(options, surroundings) {
    this.options = options;
    this.surroundings = surroundings;
  }

  get connection() {
    return this.#connection;
  }

  connect() {
    this.#drop();
    this.#leaving = false;
    this.#become({ is: 'connecting' });
    const { WebSocket } = this.surroundings;
    const socket = new WebSocket(this.options.address());
    this.#socket = socket;
    socket.addEventListener('open', () => this.#opened(socket));
    socket.addEventListener('message', ({ data }) => this.#received(socket, data));
    socket.addEventListener('close', ({ code }) => this.#closed(socket, code));
    // A network that swallows packets gives no answer at all.
    this.#after(SILENCE_MS, () => this.#closed(socket, 1006));
  }

  /** Sends the frame if the socket is open; it is the caller's to keep what must not be lost. @param {ClientFrame} frame */
  send(frame) {
    if (this.#connection.is !== 'open' || !this.#socket) {
      return false;
    }
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  /**
   * Something suggests that the line may be dead or back (the network came up, the page was woken): find out now.
   * @param {ClientFrame} probe a frame that the server answers
   */
  check(probe) {
    if (this.#connection.is === 'waiting') {
      this.connect();
    } else if (this.#connection.is === 'open' && !this.#leaving) {
      if (this.#silentFor() >= SILENCE_MS) {
        this.connect();
      } else {
        const asked = this.surroundings.now();
        this.send(probe);
        this.#after(PROBE_MS, () => (this.#heardAt >= asked ? this.#watch() : this.connect()));
      }
    }
  }

  /** Ends the connection for good. */
  close() {
    this.#drop();
    this.#become({ is: 'stopped', code: 1000 });
  }

  /** @param {WebSocket} socket */
  #opened(socket) {
    if (socket === this.#socket) {
      const { now } = this.surroundings;
      this.#openedAt = now();
      this.#heardAt = now();
      this.#become({ is: 'open' });
      this.#watch();
    }
  }

  /** @param {WebSocket} socket @param {unknown} data */
  #received(socket, data) {
    if (socket !== this.#socket) {
      return;
    }
    this.#heardAt = this.surroundings.now();
    /** @type {ServerFrame} */
    const frame = JSON.parse(String(data));
    if (frame.event === 'restart') {
      this.#leaving = true;
      this.#after(this.surroundings.random() * frame.data.spreadMs, () => this.connect());
    }
    this.options.onFrame(frame);
  }

  /** Frames only note when they came; the timer looks at that note, so that a busy room sets no timers. */
  #watch() {
    this.#after(SILENCE_MS - this.#silentFor(), () => {
      if (this.#silentFor() < SILENCE_MS) {
        this.#watch();
      } else {
        this.connect();
      }
    });
  }

  #silentFor() {
    return this.surroundings.now() - this.#heardAt;
  }

  /** @param {WebSocket} socket @param {number} code */
  #closed(socket, code) {
    if (socket !== this.#socket) {
      return;
    }
    const wasOpen = this.#connection.is === 'open';
    this.#drop();
    if (!wasOpen) {
      void this.#askWhy();
      return;
    }
    if (this.surroundings.now() - this.#openedAt >= HEALTHY_MS) {
      this.#attempt = 0;
      this.#hasty = 0;
    }
    const reaction = closeReaction(code);
    if (reaction === 'stop') {
      this.#become({ is: 'stopped', code });
    } else if (reaction === 'at-once' && this.#hasty < HASTY_LIMIT) {
      this.#hasty++;
      this.#wait(this.surroundings.random() * 1000, 'restart');
    } else {
      this.#backOff(0, code === 4101 ? 'flooding' : 'lost');
    }
  }

  /** A browser does not tell why an upgrade was refused; this route does. */
  async #askWhy() {
    const { fetch, now } = this.surroundings;
    this.#become({ is: 'waiting', until: now(), why: 'lost' });
    const waiting = this.#connection;
    let retryAfterMs = 0;
    try {
      const answer = await fetch(this.options.accessAddress);
      if (this.#connection !== waiting) {
        return;
      }
      if ([401, 403, 404].includes(answer.status)) {
        /** @type {{ error: ErrorData }} */
        const { error } = await answer.json();
        this.#become({ is: 'stopped', code: error.code, message: error.message });
        return;
      }
      retryAfterMs = (Number(answer.headers.get('Retry-After')) || 0) * 1000;
    } catch {
      // The server cannot be reached either: it may be restarting.
    }
    if (this.#connection === waiting) {
      this.#backOff(retryAfterMs, 'lost');
    }
  }

  /** @param {number} atLeastMs @param {'lost' | 'flooding'} why */
  #backOff(atLeastMs, why) {
    this.#attempt++;
    this.#wait(Math.max(atLeastMs, backOffMs(this.#attempt, this.surroundings.random())), why);
  }

  /** @param {number} ms @param {'lost' | 'restart' | 'flooding'} why */
  #wait(ms, why) {
    this.#become({ is: 'waiting', until: this.surroundings.now() + ms, why });
    this.#after(ms, () => this.connect());
  }

  /** The one timer. @param {number} ms @param {() => void} run */
  #after(ms, run) {
    this.surroundings.clearTimeout(this.#timer);
    this.#timer = this.surroundings.setTimeout(run, ms);
  }

  /** Lets go of the socket: whatever it still says is not heard. */
  #drop() {
    this.surroundings.clearTimeout(this.#timer);
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }

  /** @param {Connection} connection */
  #become(connection) {
    this.#connection = connection;
    this.options.onChange(connection);
  }
}
