/**
 * How the event and its chat share the window: theatre, chat hidden, and the chat's width, by pointer and by keyboard. What was
 * chosen is remembered on this device; `early-layout.js` puts it back before the first paint.
 */

import { slot } from './dom.js';

const KEY = 'madang:stream-layout';
const NARROWEST = 280;
/** The event keeps at least so much of the window. */
const EVENT_SHARE = 0.4;
const STEP = 16;
const LEAP = 80;

/** Brings the layout's controls to life; null on a page without an event. */
export function startStreamLayout() {
  const tools = document.getElementById('stream-layout');
  const divider = document.getElementById('chat-divider');
  const chat = document.getElementById('chat');
  return tools && divider && chat ? new StreamLayout(tools, divider, chat) : null;
}

class StreamLayout {
  #root = document.documentElement;

  /** @param {HTMLElement} tools @param {HTMLElement} divider @param {HTMLElement} chat */
  constructor(tools, divider, chat) {
    /** A narrow window has one layout only. */
    this.isThere = () => tools.getClientRects().length > 0;
    this.divider = divider;
    this.chat = chat;
    this.theatre = this.#toggle(slot(tools, 'theatre'), 'data-theatre');
    this.hideChat = this.#toggle(slot(tools, 'chat-hidden'), 'data-chat-hidden');
    divider.addEventListener('keydown', (event) => this.#key(event));
    divider.addEventListener('pointerdown', (event) => this.#drag(event));
    divider.addEventListener('dblclick', () => this.#resize(null));
    new ResizeObserver(() => this.#tell()).observe(chat);
  }

  /** @param {HTMLElement} button @param {string} attribute @returns {() => void} turns it over */
  #toggle(button, attribute) {
    const tell = () => button.setAttribute('aria-pressed', String(this.#root.hasAttribute(attribute)));
    const turn = () => {
      this.#root.toggleAttribute(attribute);
      tell();
      this.#remember();
    };
    tell();
    button.addEventListener('click', turn);
    return turn;
  }

  /** To the left the chat grows. @param {KeyboardEvent} event */
  #key(event) {
    const now = this.chat.offsetWidth;
    /** @type {Record<string, number>} */
    const widths = {
      ArrowLeft: now + STEP,
      ArrowRight: now - STEP,
      PageUp: now + LEAP,
      PageDown: now - LEAP,
      Home: NARROWEST,
      End: this.#widest,
    };
    const width = widths[event.key];
    if (width !== undefined) {
      event.preventDefault();
      this.#resize(width);
    }
  }

  /** @param {PointerEvent} event */
  #drag({ pointerId, clientX }) {
    const { divider } = this;
    const start = this.chat.offsetWidth + clientX;
    const move = (/** @type {PointerEvent} */ event) => this.#resize(start - event.clientX);
    // A captured pointer stays the divider's also above a foreign frame.
    divider.setPointerCapture(pointerId);
    divider.addEventListener('pointermove', move);
    divider.addEventListener('lostpointercapture', () => divider.removeEventListener('pointermove', move), {
      once: true,
    });
  }

  get #widest() {
    return Math.max(NARROWEST, Math.floor(window.innerWidth * (1 - EVENT_SHARE)));
  }

  /** @param {number | null} width null: the usual one */
  #resize(width) {
    if (width === null) {
      this.#root.style.removeProperty('--chat-width');
    } else {
      const kept = Math.round(Math.min(this.#widest, Math.max(NARROWEST, width)));
      this.#root.style.setProperty('--chat-width', `${kept}px`);
    }
    this.#remember();
  }

  #tell() {
    this.divider.setAttribute('aria-valuemax', String(this.#widest));
    this.divider.setAttribute('aria-valuenow', String(this.chat.offsetWidth));
  }

  #remember() {
    const width = Number.parseInt(this.#root.style.getPropertyValue('--chat-width'), 10);
    const chosen = {
      theatre: this.#root.hasAttribute('data-theatre'),
      hidden: this.#root.hasAttribute('data-chat-hidden'),
      ...(Number.isInteger(width) && { width }),
    };
    try {
      localStorage.setItem(KEY, JSON.stringify(chosen));
    } catch {
      // Without storage it is forgotten with the page.
    }
  }
}
