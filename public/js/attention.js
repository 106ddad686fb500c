/**
 * Calls a reader back who is elsewhere: a count before the title of the tab, and a short sound for those who want one, when
 * somebody mentions or answers them.
 *
 * @import { UserView } from '../../src/protocol/views.js'
 * @import { Message } from './entries.js'
 * @import { Room } from './room.js'
 */

import { mentions } from './mentions.js';
import { messageAt, messagesIn } from './reducer.js';

const COUNTED = /^\(\d+\) /;
/** Two soft notes: frequency in Hz, and when, in seconds. */
const NOTES = [
  [659, 0],
  [880, 0.12],
];
const NOTE_S = 0.25;
const VOLUME = 0.08;

export class Attention {
  #count = 0;
  /** Null until the room is live: what was said before calls nobody. @type {number | null} */
  #upTo = null;
  /** @type {AudioContext | null} */
  #audio = null;

  /**
   * @param {UserView | null} viewer
   * @param {object} options
   * @param {() => boolean} options.sounds whether the reader wants to hear it
   * @param {(message: Message) => boolean} options.hears false for whom the reader ignores
   */
  constructor(viewer, { sounds, hears }) {
    this.viewer = viewer;
    this.sounds = sounds;
    this.hears = hears;
    document.addEventListener('visibilitychange', () => this.#seen());
    window.addEventListener('focus', () => this.#seen());
  }

  /** @param {Room} room */
  look(room) {
    const newest = room.log.items.at(-1)?.seq ?? 0;
    const from = this.#upTo ?? newest;
    if (!room.live) {
      return;
    }
    this.#upTo = newest;
    const calls = this.viewer
      ? messagesIn(room.log).filter((message) => message.seq > from && this.#calls(message, room))
      : [];
    if (calls.length === 0 || (!document.hidden && document.hasFocus())) {
      return;
    }
    this.#count += calls.length;
    this.#entitle();
    if (this.sounds()) {
      this.ring();
    }
  }

  /** The sound, also to be heard when it is chosen. Does nothing where the browser will not play it. */
  ring() {
    const audio = (this.#audio ??= new AudioContext());
    void audio.resume();
    for (const [frequency = 0, after = 0] of NOTES) {
      const start = audio.currentTime + after;
      const tone = new OscillatorNode(audio, { frequency });
      const volume = new GainNode(audio, { gain: 0 });
      volume.gain.setValueAtTime(VOLUME, start);
      volume.gain.exponentialRampToValueAtTime(0.001, start + NOTE_S);
      tone.connect(volume).connect(audio.destination);
      tone.start(start);
      tone.stop(start + NOTE_S);
    }
  }

  /** @param {Message} message @param {Room} room */
  #calls(message, { log }) {
    const { viewer } = this;
    const { author, text, removed, replyTo } = message;
    if (!viewer || removed || author?.id === viewer.id || !this.hears(message)) {
      return false;
    }
    const answersMe = replyTo !== undefined && messageAt(log, replyTo)?.author?.id === viewer.id;
    return answersMe || mentions(text ?? '', viewer.nickname);
  }

  #seen() {
    if (this.#count > 0 && !document.hidden && document.hasFocus()) {
      this.#count = 0;
      this.#entitle();
    }
  }

  #entitle() {
    const title = document.title.replace(COUNTED, '');
    document.title = this.#count > 0 ? `(${this.#count}) ${title}` : title;
  }
}
