/**
 * A room as this person takes part in it: the log, the connection and the outbox, put together. No page is needed.
 *
 * @import { ClientFrame, ErrorData, NoticeData, ServerFrame } from '../../src/protocol/frames.js'
 * @import { UserView } from '../../src/protocol/views.js'
 * @import { LogState } from './reducer.js'
 * @import { Writing } from './outbox.js'
 * @import { Connection, Surroundings } from './socket.js'
 */

import { newNonce } from './nonce.js';
import { Outbox } from './outbox.js';
import { cursorOf, emptyLog, entriesIn, hasOlder, prune, reduce } from './reducer.js';
import { RoomSocket } from './socket.js';

/**
 * @typedef {object} RoomOptions
 * @property {string} socketAddress without a cursor, with its query
 * @property {string} slug
 * @property {UserView | null} viewer whom the page was made for
 * @property {Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>} storage
 * @property {() => void} onChange the log, the outbox or the connection is not what it was
 * @property {(data: NoticeData) => void} onNotice
 * @property {(refused: Writing, error: ErrorData) => 'taken' | 'kept'} onRefused `taken`: the writing is back with its
 *   author; otherwise it stays in the outbox as failed
 * @property {(error: ErrorData) => void} onError a refusal of something else
 * @property {() => void} onStranger the socket is somebody else's than the page: both must be made anew
 */

/** However long a reader stays away from the newest messages, no more than this is kept. */
export const MOST_ITEMS = 2000;
/** One page of older messages. */
const PAGE = 50;

export class Room {
  /** @type {LogState} */
  log = emptyLog();
  /** The replay is over: what comes now is new. */
  live = false;
  /** An older page is on its way. */
  loadingOlder = false;

  /** @param {RoomOptions} options @param {Surroundings} surroundings */
  constructor(options, surroundings) {
    this.options = options;
    this.socket = new RoomSocket(
      {
        address: () => this.#address(),
        accessAddress: `/api/rooms/${encodeURIComponent(options.slug)}/access`,
        onFrame: (frame) => this.#receive(frame),
        onChange: (connection) => this.#connectionChanged(connection),
      },
      surroundings,
    );
    this.outbox = new Outbox({
      storage: options.storage,
      key: `madang:outbox:${options.slug}:${options.viewer?.id ?? ''}`,
      send: (frame) => this.socket.send(frame),
      onChange: () => options.onChange(),
    });
  }

  start() {
    this.socket.connect();
  }

  /** @param {string} text @param {{ replyTo?: number, kind?: 'admin' }} [options] */
  say(text, options = {}) {
    this.outbox.post({ event: 'say', data: { text, nonce: newNonce(), ...options } });
  }

  /** @param {number} target @param {string} text */
  edit(target, text) {
    this.outbox.post({ event: 'edit', data: { target, text, nonce: newNonce() } });
  }

  /** @param {number} target */
  remove(target) {
    this.outbox.post({ event: 'remove', data: { target, nonce: newNonce() } });
  }

  /** Whether `loadOlder` would bring anything. */
  get older() {
    return hasOlder(this.log) && this.log.items.length <= MOST_ITEMS - PAGE;
  }

  /** Asks for the page before the oldest message, once. */
  loadOlder() {
    const { oldest } = this.log;
    if (this.loadingOlder || !this.older || oldest === null) {
      return;
    }
    this.loadingOlder = this.socket.send({ event: 'history', data: { before: oldest, limit: PAGE } });
    this.options.onChange();
  }

  /** The reader is at the bottom: what is far above can be loaded again. @param {number} limit */
  prune(limit) {
    this.log = prune(this.log, limit);
  }

  /** The network is back, or the page was woken. */
  check() {
    this.socket.check({ event: 'history', data: { after: (this.log.next ?? 1) - 1, limit: 1 } });
  }

  #address() {
    const { socketAddress } = this.options;
    const cursor = cursorOf(this.log);
    return cursor === null
      ? socketAddress
      : `${socketAddress}&after=${cursor.after}&epoch=${encodeURIComponent(cursor.epoch)}`;
  }

  /** @param {ServerFrame} frame */
  #receive(frame) {
    const { viewer } = this.options;
    if (frame.event === 'welcome' && viewer && frame.data.viewer?.id !== viewer.id) {
      this.socket.close();
      this.options.onStranger();
      return;
    }
    const { state, ask } = reduce(this.log, frame);
    this.log = prune(state, MOST_ITEMS);
    this.outbox.seen(entriesIn(frame), viewer?.id);
    this.outbox.settle(state.next ?? 0);
    if (ask) {
      this.socket.send({ event: 'history', data: ask });
    }
    this.#answer(frame);
    this.options.onChange();
  }

  /** What a frame says to this person rather than about the room. @param {ServerFrame} frame */
  #answer(frame) {
    switch (frame.event) {
      case 'live':
        this.live = true;
        this.outbox.connected();
        break;
      case 'ack':
        this.outbox.acked(frame.data);
        this.outbox.settle(this.log.next ?? 0);
        break;
      case 'held':
        this.outbox.held(frame.data.nonce);
        break;
      case 'history':
        if (frame.data.before !== undefined) {
          this.loadingOlder = false;
        }
        break;
      case 'notice':
        this.options.onNotice(frame.data);
        break;
      case 'error':
        this.#refused(frame.data);
        break;
      default:
    }
  }

  /** @param {ErrorData} error */
  #refused(error) {
    const parcel = this.outbox.parcels.find(({ frame }) => frame.data.nonce === error.nonce);
    if (error.nonce === undefined || !parcel) {
      this.loadingOlder = false;
      this.options.onError(error);
    } else if (error.code === 'server.draining') {
      // It is sent again on the next connection, which is about to come.
    } else if (this.options.onRefused(parcel.frame, error) === 'taken') {
      this.outbox.take(error.nonce);
    } else {
      this.outbox.failed(error.nonce, error.message);
    }
  }

  /** @param {Connection} connection */
  #connectionChanged(connection) {
    if (connection.is !== 'open') {
      this.live = false;
      this.loadingOlder = false;
      this.outbox.disconnected();
    }
    this.options.onChange();
  }
}
