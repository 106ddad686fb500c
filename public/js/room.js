/**
 * A room as this person takes part in it: the log, the connection and the outbox, put together. No page is needed.
 *
 * @import { AnnouncementStyle, ClientFrame, ErrorData, NoticeData, ReactionCounts, ServerFrame } from '../../src/protocol/frames.js'
 * @import { ActionView, PollView, Reaction, UserView } from '../../src/protocol/views.js'
 * @import { AnswersState } from './answers.js'
 * @import { LogState } from './reducer.js'
 * @import { Writing } from './outbox.js'
 * @import { Connection, Surroundings } from './socket.js'
 */

import { noAnswers, reduceAnswers } from './answers.js';
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
 * @property {(frame: ServerFrame) => void} [onReview] something waits for review or was reported, or no
 *   longer is; told to staff
 * @property {(frame: ServerFrame) => void} [onWarned] about what this person has to acknowledge
 * @property {(news: { id: string, user: { id: string, nickname: string }, from: string }) => void} [onRenamed] somebody here
 *   has another name; told to staff
 * @property {(act: ActionView) => void} [onStaff] one of the staff did something; told to staff alone
 * @property {(people: readonly UserView[]) => void} [onIgnored] whom the account ignores by now
 * @property {(counts: ReactionCounts) => void} [onReactions] what people feel, in passing
 * @property {(frame: ServerFrame) => void} [onQuestion] about what is asked here
 * @property {() => void} [onBack] the room is live again after there was no connection
 * @property {() => void} onStranger the socket is somebody else's than the page: both must be made anew
 */

/** However long a reader stays away from the newest messages, no more than this is kept. */
export const MOST_ITEMS = 2000;
/** One page of older messages. */
const PAGE = 50;

export class Room {
  /** @type {LogState} */
  log = emptyLog();
  /** What the AI is writing. @type {AnswersState} */
  answers = noAnswers();
  /** The replay is over: what comes now is new. */
  live = false;
  #wasLive = false;
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

  /** @param {string} text @param {{ replyTo?: number, kind?: 'admin', style?: AnnouncementStyle }} [options] */
  say(text, options = {}) {
    this.outbox.post({ event: 'say', data: { text, nonce: newNonce(), ...options } });
  }

  /** @param {number} target @param {string} text */
  edit(target, text) {
    this.outbox.post({ event: 'edit', data: { target, text, nonce: newNonce() } });
  }

  /** @param {number} target @param {string} [reason] for staff, of what somebody else said */
  remove(target, reason = '') {
    const data = { target, nonce: newNonce(), ...(reason !== '' && { reason }) };
    this.outbox.post({ event: 'remove', data });
  }

  /** Asks the AI, in a conversation with it. @param {string} text @param {number} [replaces] the question it takes the place of */
  ask(text, replaces) {
    const data = { text, nonce: newNonce(), ...(replaces !== undefined && { replaces }) };
    this.outbox.post({ event: 'ask', data });
  }

  /**
   * Has an answer written anew, or gone on with where it ended.
   * @param {'regenerate' | 'continue'} event
   * @param {string} id
   * @returns {boolean} false when there is no connection
   */
  answerAgain(event, id) {
    return this.socket.send({ event, data: { id } });
  }

  /** @param {Reaction} reaction @returns {boolean} false when there is no connection */
  react(reaction) {
    return this.live && this.socket.send({ event: 'react', data: { reaction } });
  }

  /** Says that this person goes along to where the room's viewers are led. @param {string} id of the raid */
  goAlong(id) {
    this.socket.send({ event: 'raid.go', data: { id } });
  }

  /** The server has taken one's vote. @param {PollView} poll as it stands with it */
  voted({ id, counts, vote }) {
    const { poll } = this.log;
    if (poll?.id === id) {
      this.log = { ...this.log, poll: { ...poll, counts, ...(vote !== undefined && { vote }) } };
      this.options.onChange();
    }
  }

  /** Ends an answer that is being written. @param {string} id */
  stop(id) {
    this.socket.send({ event: 'stop', data: { id } });
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
    this.#watchAnswers(frame);
    this.#answer(frame);
    this.options.onChange();
  }

  /** @param {ServerFrame} frame */
  #watchAnswers(frame) {
    const { state, sync } = reduceAnswers(this.answers, frame, this.log.next);
    this.answers = state;
    for (const id of sync) {
      this.socket.send({ event: 'sync', data: { id } });
    }
  }

  /** What a frame says to this person rather than about the room. @param {ServerFrame} frame */
  #answer(frame) {
    switch (frame.event) {
      case 'live':
        this.live = true;
        this.outbox.connected();
        if (this.#wasLive) {
          this.options.onBack?.();
        }
        this.#wasLive = true;
        break;
      case 'ack':
        this.outbox.acked(frame.data);
        this.outbox.settle(this.log.next ?? 0);
        break;
      case 'held':
        this.outbox.held(frame.data.nonce);
        break;
      case 'held.added':
      case 'held.settled':
      case 'held.dropped':
      case 'report.added':
      case 'report.settled':
        this.options.onReview?.(frame);
        break;
      case 'welcome':
      case 'warned':
      case 'warning.acknowledged':
        this.options.onWarned?.(frame);
        break;
      case 'history':
        if (frame.data.before !== undefined) {
          this.loadingOlder = false;
        }
        break;
      case 'notice':
        this.options.onNotice(frame.data);
        break;
      case 'person.renamed':
        this.options.onRenamed?.(frame.data);
        break;
      case 'question.asked':
      case 'question.removed':
      case 'question.votes':
        this.options.onQuestion?.(frame);
        break;
      case 'reactions':
        this.options.onReactions?.(frame.data.counts);
        break;
      case 'ignored':
        this.options.onIgnored?.(frame.data.people);
        break;
      case 'staff.action':
        this.options.onStaff?.(frame.data);
        break;
      case 'error':
        this.#refused(frame.data);
        break;
      default:
    }
  }

  /** @param {ErrorData} error */
  #refused(error) {
    // Told at the question; and what was to be stopped or synced has ended meanwhile, as the log tells.
    if (error.nonce === undefined && (error.replyTo !== undefined || error.code === 'not-found')) {
      return;
    }
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
