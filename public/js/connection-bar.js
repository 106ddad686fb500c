/**
 * Tells, in words, how the connection is. It is quiet while all is well.
 *
 * @import { Connection } from './socket.js'
 * @import { Translate } from './strings.js'
 */

import { el } from './dom.js';

const BACK_MS = 3000;
/** @type {Record<number, string>} */
const STOPPED = { 4001: 'session-ended', 4003: 'banned', 4004: 'room-gone', 4006: 'too-many' };

export class ConnectionBar {
  #shown = '';
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer;

  /**
   * @param {HTMLElement} bar with role=status
   * @param {Translate} t
   * @param {() => void} onRetry
   */
  constructor(bar, t, onRetry) {
    this.bar = bar;
    this.t = t;
    this.onRetry = onRetry;
  }

  /** @param {Connection} connection @param {boolean} live the replay is over */
  show(connection, live) {
    const { t } = this;
    if (connection.is === 'stopped') {
      this.#become(`stopped ${connection.code}`, 'stop', () => this.#stopped(connection));
    } else if (live) {
      this.#back();
    } else if (!navigator.onLine) {
      this.#become('offline', 'wait', () => [t('state.offline')]);
    } else if (connection.is === 'waiting') {
      this.#become(`waiting ${connection.until}`, 'wait', () => this.#waiting(connection));
    } else if (this.#shown !== '') {
      this.#become('connecting', 'wait', () => [t('state.connecting')]);
    }
  }

  /** @param {Extract<Connection, { is: 'stopped' }>} connection */
  #stopped({ code, message }) {
    const { t } = this;
    const text = message ?? t(`state.${STOPPED[Number(code)] ?? 'failed'}`);
    const next = encodeURIComponent(location.pathname + location.search);
    const way =
      code === 4001 || code === 'auth.required'
        ? [' ', el('a', { href: `/user/login?next=${next}` }, t('state.login'))]
        : code === 4006
          ? [' ', this.#button('state.reload', () => location.reload())]
          : [];
    return [text, ...way];
  }

  /** The seconds are for the eye only: read out each time they change, they would drown the chat. @param {Extract<Connection, { is: 'waiting' }>} connection */
  #waiting({ until, why }) {
    const { t } = this;
    if (why === 'restart') {
      return [t('state.restarting')];
    }
    const seconds = el('span', { 'aria-hidden': true });
    const count = () => {
      const left = Math.max(0, Math.ceil((until - performance.now()) / 1000));
      seconds.textContent = t('state.waiting', { seconds: left });
    };
    count();
    this.#timer = setInterval(count, 1000);
    return why === 'flooding'
      ? [t('state.flooding')]
      : [
          seconds,
          el('span', { class: 'visually-hidden' }, t('state.connecting')),
          ' ',
          this.#button('state.retry', this.onRetry),
        ];
  }

  #back() {
    if (this.#shown === '' || this.#shown === 'back') {
      return;
    }
    this.#become('back', 'ok', () => {
      this.#timer = setInterval(() => this.#become('', 'ok', () => []), BACK_MS);
      return [this.t('state.back')];
    });
  }

  /** @param {string} label @param {() => void} run */
  #button(label, run) {
    const button = el('button', { type: 'button', class: 'link-button' }, this.t(label));
    button.addEventListener('click', run);
    return button;
  }

  /** Builds each state once, so that a button in it keeps its focus. @param {string} state @param {string} tone @param {() => (Node | string)[]} build */
  #become(state, tone, build) {
    if (state === this.#shown) {
      return;
    }
    this.#shown = state;
    clearInterval(this.#timer);
    this.bar.dataset['tone'] = tone;
    this.bar.replaceChildren(...build());
    this.bar.hidden = state === '';
  }
}
