/**
 * A conversation with the AI on the page: draws it at most once per frame of the screen, and turns what people do into calls
 * of its room. `data-live` on the panel tells that it is up to date, `data-writing` that an answer is being written.
 *
 * @import { ErrorData } from '../../src/protocol/frames.js'
 * @import { UserView } from '../../src/protocol/views.js'
 * @import { Writing } from './outbox.js'
 */

import { browserSurroundings, onWaking } from './browser-surroundings.js';
import { copyText } from './clipboard.js';
import { Composer } from './composer.js';
import { ConnectionBar } from './connection-bar.js';
import { findSlot, slot } from './dom.js';
import { draftStore } from './drafts.js';
import { News } from './news.js';
import { messagesIn } from './reducer.js';
import { Room } from './room.js';
import { ScrollFollower } from './scroll-follower.js';
import { spoken } from './spoken.js';
import { timesFor } from './times.js';
import { toast } from './toast.js';
import { TurnList } from './turn-list.js';

/** So many entries stay in the page while the reader is at the bottom. */
const ENTRIES = 400;

export class ConversationView {
  #scheduled = false;
  /** @type {number | null} */
  #oldest = null;
  /** The newest seq when the connection was last made. */
  #knownUpTo = 0;
  #wasLive = false;
  /** The newest turn that lists of conversations have been told of. */
  #newest = 0;
  /** Whether each running answer goes on with a message, which is not news to whoever counts messages. @type {Map<string, boolean>} */
  #goingOn = new Map();

  /**
   * @param {HTMLElement} panel
   * @param {import('./strings.js').Translate} t
   * @param {object} on
   * @param {() => void} on.onTurn something was asked or answered: lists of conversations are not what they were
   * @param {() => void} on.onBegin the first question of a new conversation is about to be sent
   */
  constructor(panel, t, { onTurn, onBegin }) {
    const { id = '', viewer = 'null', limit } = panel.dataset;
    const locale = document.documentElement.lang;
    this.panel = panel;
    this.t = t;
    this.onTurn = onTurn;
    this.onBegin = onBegin;
    this.limit = Number(limit);
    /** @type {UserView | null} */
    this.viewer = JSON.parse(viewer);
    this.times = timesFor(locale);
    this.room = new Room(
      {
        socketAddress: new URL(`/ws/${id}?v=1`, location.href.replace(/^http/, 'ws')).href,
        slug: id,
        viewer: this.viewer,
        storage: sessionStorage,
        onChange: () => this.#schedule(),
        onNotice: () => {},
        onRefused: (refused, error) => this.#refused(refused, error),
        onError: (error) => this.#complain(error),
        onStranger: () => location.reload(),
      },
      browserSurroundings(),
    );
    this.list = new TurnList(slot(panel, 'list'), { t, times: this.times });
    this.bar = new ConnectionBar(slot(panel, 'state'), t, () => this.room.check());
    this.news = new News(panel, this.viewer, t);
    this.older = slot(panel, 'older');
    this.follower = new ScrollFollower({
      scroller: slot(panel, 'scroller'),
      list: slot(panel, 'list'),
      top: this.older,
      onFollow: () => this.#schedule(),
      onTop: () => this.room.loadOlder(),
    });
    this.composer = this.#composer();
    this.#listen();
  }

  /** Connects; a conversation that is yet to begin exists from then on. */
  start() {
    this.panel.removeAttribute('data-new');
    this.room.start();
  }

  #composer() {
    const form = findSlot(this.panel, 'composer', HTMLFormElement);
    if (!form) {
      return null;
    }
    const { id, new: isNew } = this.panel.dataset;
    const key = `madang:draft:talk:${isNew === undefined ? id : 'new'}:${this.viewer?.id ?? ''}`;
    const composer = new Composer(form, {
      t: this.t,
      editing: this.t('talk.editing'),
      draft: draftStore(sessionStorage, key),
      onSend: (text, _kind, context) => this.#ask(text, context?.is === 'edit' ? context.seq : undefined),
    });
    composer.update({ limit: this.limit, enabled: true });
    return composer;
  }

  /** @param {string} text @param {number} [replaces] */
  #ask(text, replaces) {
    if (!this.#isBegun) {
      this.onBegin();
      this.start();
    }
    this.room.ask(text, replaces);
    this.follower.toBottom();
  }

  #listen() {
    slot(this.panel, 'list').addEventListener('click', (event) => this.#clicked(event));
    this.news.pill.addEventListener('click', () => this.follower.toBottom());
    this.older.addEventListener('click', () => this.room.loadOlder());
    findSlot(this.panel, 'stop', HTMLElement)?.addEventListener('click', () => this.#stop());
    this.panel.addEventListener('keydown', (event) => {
      // Whatever else Escape ends, it ends first.
      if (event.key === 'Escape' && !event.defaultPrevented && !event.isComposing) {
        this.#stop();
      }
    });
    onWaking(
      () => this.#isBegun && this.room.check(),
      () => this.#schedule(),
    );
  }

  get #isBegun() {
    return this.panel.dataset['new'] === undefined;
  }

  /** @param {Event} event */
  #clicked({ target }) {
    const button = target instanceof Element ? target.closest('button') : null;
    const row = button?.closest('[data-slot="turn"]');
    if (!button || !(row instanceof HTMLElement)) {
      return;
    }
    const { seq, id = '', nonce = '' } = row.dataset;
    const message = messagesIn(this.room.log).find((message) => message.seq === Number(seq));
    const text = message?.text ?? '';
    switch (button.dataset['slot']) {
      case 'edit':
        this.composer?.edit(Number(seq), text);
        break;
      case 'again':
        this.#ask(text, Number(seq));
        break;
      case 'copy':
        void copyText(text).then((done) => toast(this.t(done ? 'message.copied' : 'message.copy-failed')));
        break;
      case 'continue':
      case 'regenerate':
        if (!this.room.answerAgain(button.dataset['slot'], id)) {
          toast(this.t('form.offline'));
        }
        break;
      case 'retry':
        this.room.outbox.retry(nonce);
        break;
      case 'discard':
        this.room.outbox.take(nonce);
        break;
      default:
    }
  }

  #stop() {
    for (const { id } of this.room.answers.running.values()) {
      this.room.stop(id);
    }
  }

  /**
   * A refused question goes back into the box, unless its author is writing something else there already.
   * @param {Writing} refused
   * @param {ErrorData} error
   */
  #refused({ event, data }, error) {
    if (event !== 'ask' || !this.composer?.empty) {
      return 'kept';
    }
    this.composer.giveBack({ text: data.text, edits: data.replaces }, error);
    return 'taken';
  }

  /** @param {ErrorData} error */
  #complain(error) {
    if (this.composer) {
      this.composer.refusal.tell(error);
    } else {
      toast(error.message);
    }
  }

  #schedule() {
    if (!this.#scheduled) {
      this.#scheduled = true;
      requestAnimationFrame(() => {
        this.#scheduled = false;
        this.#draw();
      });
    }
  }

  #draw() {
    const { room, follower } = this;
    if (this.#isBegun) {
      this.bar.show(room.socket.connection, room.live);
    }
    this.panel.toggleAttribute('data-live', room.live);
    if (room.live && !this.#wasLive) {
      this.#knownUpTo = (room.log.next ?? 1) - 1;
    }
    this.#wasLive = room.live;
    // Until the log is there the page keeps what it shows; a question that waits for the connection is shown.
    if (room.log.next === null && room.outbox.parcels.length === 0) {
      return;
    }
    if (follower.following) {
      room.prune(ENTRIES);
    }
    follower.keepPlace(() => this.#drawTurns());
    if (room.log.oldest !== this.#oldest) {
      this.#oldest = room.log.oldest;
      follower.lookAgain();
    }
    this.#announceContinued();
    this.news.draw(room, { following: follower.following, behind: 0 });
    this.#drawState();
  }

  #drawTurns() {
    const { room } = this;
    const asks = this.composer !== null && room.live && room.answers.running.size === 0;
    if (room.log.next !== null || this.list.empty) {
      this.list.render(room, { asks, knownUpTo: this.#knownUpTo });
    }
    const start = findSlot(this.panel, 'start', HTMLElement);
    start?.toggleAttribute('hidden', !this.list.empty);
    this.older.hidden = !room.older;
    this.older.setAttribute('aria-busy', String(room.loadingOlder));
    this.older.textContent = this.t(room.loadingOlder ? 'history.loading' : 'history.older');
  }

  /** An answer that went on is the same message: nobody else would read out what was added. */
  #announceContinued() {
    const { answers, log } = this.room;
    for (const [id, goesOn] of this.#goingOn) {
      const message = messagesIn(log).find((message) => message.id === id);
      if (!answers.running.has(id)) {
        this.#goingOn.delete(id);
        this.news.announcer.add([], goesOn && message ? [spoken(message)] : []);
      }
    }
    for (const id of answers.running.keys()) {
      // Only when it begins: a new answer is a message, too, for the moment before its end is told.
      if (!this.#goingOn.has(id)) {
        const goesOn = messagesIn(log).some((message) => message.id === id && message.removed === null);
        this.#goingOn.set(id, goesOn);
      }
    }
  }

  #drawState() {
    const isWriting = this.room.answers.running.size > 0;
    const wasWriting = this.panel.hasAttribute('data-writing');
    this.panel.toggleAttribute('data-writing', isWriting);
    const stop = findSlot(this.panel, 'stop', HTMLElement);
    const send = findSlot(this.panel, 'send', HTMLElement);
    const hadFocus = document.activeElement === stop || document.activeElement === send;
    stop?.toggleAttribute('hidden', !isWriting);
    send?.toggleAttribute('hidden', isWriting);
    if (hadFocus && isWriting !== wasWriting) {
      // One takes the place of the other, for the keyboard too.
      (isWriting ? stop : send)?.focus();
    }
    // An answer may begin and end between two frames of the screen: only the log tells of it then.
    const newest = this.room.log.items.findLast(({ type }) => type === 'message')?.seq ?? 0;
    if (isWriting !== wasWriting || newest !== this.#newest) {
      this.#newest = newest;
      this.onTurn();
    }
  }
}
