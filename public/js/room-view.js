/**
 * The chat panel: draws the room at most once per frame of the screen, and turns what people do into calls of the room.
 * After each draw the panel fires `madang:room`, for what else is on the page; `data-live` tells that it is up to date.
 *
 * @import { ErrorData } from '../../src/protocol/frames.js'
 * @import { UserView } from '../../src/protocol/views.js'
 * @import { Message } from './entries.js'
 * @import { RowContext } from './message-row.js'
 * @import { Writing } from './outbox.js'
 */

import { Composer } from './composer.js';
import { ConnectionBar } from './connection-bar.js';
import { findSlot, slot } from './dom.js';
import { draftStore } from './drafts.js';
import { MessageList } from './message-list.js';
import { openMessageMenu } from './message-menu.js';
import { News } from './news.js';
import { noticeLine } from './notices.js';
import { messagesIn } from './reducer.js';
import { Room } from './room.js';
import { ScrollFollower } from './scroll-follower.js';
import { translator } from './strings.js';
import { timesFor } from './times.js';
import { toast } from './toast.js';

/** So many rows stay in the page while the reader is at the bottom. */
const ROWS = 200;

export class RoomView {
  #scheduled = false;
  /** The oldest entry when the rows were last drawn. @type {number | null} */
  #oldest = null;
  /** @type {string | null} */
  #title = null;

  /** @param {HTMLElement} panel */
  constructor(panel) {
    const { slug = '', socket = '', viewer = 'null', strings = '{}', locale = 'en' } = panel.dataset;
    this.panel = panel;
    this.t = translator(JSON.parse(strings), locale);
    this.times = timesFor(locale);
    /** @type {UserView | null} */
    this.viewer = JSON.parse(viewer);
    this.room = new Room(
      {
        socketAddress: new URL(socket, location.href.replace(/^http/, 'ws')).href,
        slug,
        viewer: this.viewer,
        storage: sessionStorage,
        onChange: () => this.#schedule(),
        onNotice: noticeLine(slot(panel, 'notice'), this.t, this.viewer?.nickname),
        onRefused: (refused, error) => this.#refused(refused, error),
        onError: ({ message }) => toast(message),
        onStranger: () => location.reload(),
      },
      browserSurroundings(),
    );
    this.list = new MessageList(slot(panel, 'list'));
    this.bar = new ConnectionBar(slot(panel, 'state'), this.t, () => this.room.check());
    this.news = new News(panel, this.viewer, this.t);
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

  start() {
    this.room.start();
  }

  #composer() {
    const form = findSlot(this.panel, 'composer', HTMLFormElement);
    if (!form) {
      return null;
    }
    const key = `madang:draft:${this.panel.dataset['slug']}:${this.viewer?.id ?? ''}`;
    return new Composer(form, {
      t: this.t,
      draft: draftStore(sessionStorage, key),
      onSend: (text, kind, context) => {
        if (context?.is === 'edit') {
          this.room.edit(context.seq, text);
        } else {
          this.room.say(text, { ...(kind && { kind }), ...(context && { replyTo: context.seq }) });
          this.follower.toBottom();
        }
      },
    });
  }

  #listen() {
    slot(this.panel, 'list').addEventListener('click', (event) => this.#clicked(event));
    this.news.pill.addEventListener('click', () => this.follower.toBottom());
    this.older.addEventListener('click', () => this.room.loadOlder());
    window.addEventListener('online', () => this.room.check());
    window.addEventListener('offline', () => this.#schedule());
    window.addEventListener('pageshow', ({ persisted }) => persisted && this.room.check());
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden) {
        this.room.check();
      }
    });
  }

  /** @param {Event} event */
  #clicked({ target }) {
    const button = target instanceof Element ? target.closest('button') : null;
    const row = button?.closest('[data-slot="row"]');
    if (!button || !(row instanceof HTMLElement)) {
      return;
    }
    const { seq, nonce = '' } = row.dataset;
    switch (button.dataset['slot']) {
      case 'menu': {
        const message = this.#find(Number(seq));
        if (message) {
          openMessageMenu(button, message, this);
        }
        break;
      }
      case 'retry':
        this.room.outbox.retry(nonce);
        break;
      case 'discard':
        this.room.outbox.take(nonce);
        break;
      default:
    }
  }

  /** What rows are drawn with. @returns {RowContext} */
  get context() {
    const { t, times, viewer } = this;
    return { t, times, viewer, find: (seq) => this.#find(seq), writable: this.#writable };
  }

  get #writable() {
    return this.composer !== null && this.room.log.room?.archived !== true;
  }

  /** @param {number} seq @returns {Message | undefined} */
  #find(seq) {
    return messagesIn(this.room.log).find((message) => message.seq === seq && message.removed !== 'cleared');
  }

  /**
   * A refused text goes back into the box, unless its author is writing something else there already.
   * @param {Writing} refused
   * @param {ErrorData} error
   */
  #refused({ event, data }, error) {
    if (event === 'remove') {
      toast(error.message);
      return 'taken';
    }
    if (!this.composer?.empty) {
      return 'kept';
    }
    if (event === 'edit') {
      this.composer.giveBack({ text: data.text, edits: data.target }, error);
    } else {
      const answers = data.replyTo === undefined ? undefined : this.#find(data.replyTo);
      this.composer.giveBack({ text: data.text, kind: data.kind, answers }, error);
    }
    return 'taken';
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
    this.bar.show(room.socket.connection, room.live);
    this.panel.toggleAttribute('data-live', room.live);
    // Until a snapshot's first entry is there, the page keeps what it shows.
    if (room.log.next === null) {
      return;
    }
    if (follower.following) {
      room.prune(ROWS);
    }
    const pages = room.log.oldest;
    follower.keepPlace(() => this.#drawRows());
    if (pages !== this.#oldest) {
      this.#oldest = pages;
      follower.lookAgain();
    }
    this.news.draw(room, follower.following);
    this.#drawRoom();
  }

  #drawRows() {
    const { room } = this;
    this.list.render(room.log.items, room.outbox.parcels, this.context);
    slot(this.panel, 'empty').hidden = !this.list.empty;
    this.older.hidden = !room.older;
    this.older.setAttribute('aria-busy', String(room.loadingOlder));
    this.older.textContent = this.t(room.loadingOlder ? 'history.loading' : 'history.older');
  }

  #drawRoom() {
    const { log } = this.room;
    const count = log.presence?.count;
    if (count !== undefined) {
      slot(this.panel, 'presence').textContent = this.t('presence', { count });
    }
    this.composer?.update({
      limit: log.room?.settings.textLimit ?? log.limits?.text ?? Number(this.panel.dataset['limit']),
      enabled: log.room?.archived !== true,
    });
    if (log.room) {
      retitle(this.panel, this.#title, log.room.title);
      this.#title = log.room.title;
      this.panel.dispatchEvent(new Event('madang:room'));
    }
  }
}

/** Wherever the page says the old title. @param {HTMLElement} panel @param {string | null} old @param {string} title */
function retitle(panel, old, title) {
  if (old === null || old === title) {
    return;
  }
  document.title = document.title.replace(old, () => title);
  for (const place of [document.querySelector('h1'), panel.querySelector('#chat-title')]) {
    if (place?.textContent) {
      place.textContent = place.textContent.replace(old, () => title);
    }
  }
}

/** @returns {import('./socket.js').Surroundings} */
function browserSurroundings() {
  return {
    WebSocket,
    fetch: (address) => fetch(address),
    setTimeout: (run, ms) => setTimeout(run, ms),
    clearTimeout: (timer) => clearTimeout(timer),
    now: () => performance.now(),
    random: () => Math.random(),
  };
}
