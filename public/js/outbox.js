/**
 * What this person has written and the server has not confirmed. It survives a reload; each thing is sent again, in
 * order, until it is acknowledged, and its nonce sees to it that it is stored once.
 *
 * @import { AckData, ClientFrame, EntryFrame } from '../../src/protocol/frames.js'
 */

/** @typedef {Extract<ClientFrame, { event: 'say' | 'edit' | 'remove' | 'ask' }>} Writing */

/**
 * @typedef {object} Parcel
 * @property {Writing} frame
 * @property {'waiting' | 'sent' | 'acked' | 'held' | 'failed'} status `waiting` for a connection; `failed` for its author
 * @property {number} [seq] its place in the log, once acked
 * @property {string} [reason] why it failed, in the reader's language
 */

/**
 * @typedef {object} OutboxOptions
 * @property {Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>} storage
 * @property {string} key one per room and account, so that nobody sends another's words
 * @property {(frame: Writing) => boolean} send false when there is no connection
 * @property {() => void} onChange
 */

export class Outbox {
  /** @type {Parcel[]} */
  #parcels;
  #live = false;

  /** @param {OutboxOptions} options */
  constructor(options) {
    this.options = options;
    this.#parcels = this.#load();
  }

  /** In the order written. @returns {readonly Parcel[]} */
  get parcels() {
    return this.#parcels;
  }

  /** Keeps the frame until it is confirmed, and sends it as soon as that is possible. @param {Writing} frame */
  post(frame) {
    this.#parcels.push({ frame, status: 'waiting' });
    this.#flush();
  }

  /** The replay is over: what it did not confirm is sent again. */
  connected() {
    this.#live = true;
    // Asked after: it may have been decided about meanwhile.
    for (const { frame, status } of this.#parcels) {
      if (status === 'held') {
        this.options.send(frame);
      }
    }
    this.#flush();
  }

  /** What was sent may have been lost with the connection. */
  disconnected() {
    this.#live = false;
    for (const parcel of this.#parcels) {
      if (parcel.status === 'sent') {
        parcel.status = 'waiting';
      }
    }
    this.#changed();
  }

  /** @param {AckData} ack */
  acked({ nonce, seq }) {
    this.#update(nonce, { status: 'acked', seq });
  }

  /** Stored for review: it stays until that is over. @param {string} nonce */
  held(nonce) {
    this.#update(nonce, { status: 'held' });
  }

  /**
   * Looks for one's own words among the entries, which confirm them as an ack does.
   * @param {EntryFrame[]} entries
   * @param {string | undefined} viewerId nonces are unique only per person
   */
  seen(entries, viewerId) {
    for (const { event, data } of entries) {
      if (event === 'message.posted' && data.nonce !== undefined && data.author?.id === viewerId) {
        this.#update(data.nonce, { status: 'acked', seq: data.seq });
      }
    }
  }

  /** Lets go of what is now shown as part of the log. @param {number} next the log's next seq */
  settle(next) {
    const left = this.#parcels.filter(({ seq }) => seq === undefined || seq >= next);
    if (left.length < this.#parcels.length) {
      this.#parcels = left;
      this.#changed();
    }
  }

  /** Takes a writing out, to be given back to its author. @param {string} nonce @returns {Writing | null} */
  take(nonce) {
    const parcel = this.#find(nonce);
    this.#parcels = this.#parcels.filter((other) => other !== parcel);
    this.#changed();
    return parcel?.frame ?? null;
  }

  /** The server refused it; it waits for its author to decide. @param {string} nonce @param {string} reason */
  failed(nonce, reason) {
    this.#update(nonce, { status: 'failed', reason });
  }

  /** The author wants a failed writing sent again. @param {string} nonce */
  retry(nonce) {
    this.#update(nonce, { status: 'waiting' });
    this.#flush();
  }

  #flush() {
    if (this.#live) {
      for (const parcel of this.#parcels.filter(({ status }) => status === 'waiting')) {
        if (!this.options.send(parcel.frame)) {
          break;
        }
        parcel.status = 'sent';
      }
    }
    this.#changed();
  }

  /** @param {string} nonce @param {Partial<Parcel>} news */
  #update(nonce, news) {
    const parcel = this.#find(nonce);
    if (parcel) {
      Object.assign(parcel, news);
      this.#changed();
    }
  }

  /** @param {string} nonce */
  #find(nonce) {
    return this.#parcels.find(({ frame }) => frame.data.nonce === nonce);
  }

  #changed() {
    const { storage, key } = this.options;
    const kept = this.#parcels.filter(({ status }) => status !== 'acked');
    try {
      if (kept.length > 0) {
        storage.setItem(key, JSON.stringify(kept));
      } else {
        storage.removeItem(key);
      }
    } catch {
      // Storage is full or switched off: then it lasts as long as the page does.
    }
    this.options.onChange();
  }

  /** @returns {Parcel[]} */
  #load() {
    const { storage, key } = this.options;
    try {
      /** @type {Parcel[]} */
      const kept = JSON.parse(storage.getItem(key) ?? '[]');
      return kept.map((parcel) => (parcel.status === 'sent' ? { ...parcel, status: 'waiting' } : parcel));
    } catch {
      return [];
    }
  }
}
