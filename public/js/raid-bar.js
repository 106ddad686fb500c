/**
 * Where the viewers of the room are being led, above the list: how long it takes, and the choice to stay. When the time is up the
 * page goes along by itself, unless its reader stays, writes, hosts, or sees the chat on another site.
 *
 * @import { RaidView } from '../../src/protocol/views.js'
 * @import { RoomView } from './room-view.js'
 */

import { el, slot } from './dom.js';
import { request } from './request.js';
import { toast } from './toast.js';

const TICK_MS = 250;
/** It is said once more when so much is left, to who was told a good while before. */
const SOON_S = 10;
const LONG_S = 15;
/** The pages of a large room do not all come at once: so much for each person, and at most. */
const SPREAD_EACH_MS = 2;
const LONGEST_SPREAD_MS = 3000;

export class RaidBar {
  /** What is drawn. @type {RaidView | null} */
  #raid = null;
  #until = 0;
  #staff = false;
  /** `due`: it would go, and has no connection; `asks`: the time is up, and the reader is to choose. @type {'waits' | 'due' | 'asks' | 'leaves' | 'stays'} */
  #state = 'stays';
  #saidSoon = false;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #ticking;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #leaving;

  /** @param {RoomView} view */
  constructor(view) {
    const { t, panel, slug } = view;
    this.view = view;
    this.key = `madang:raid:${slug}`;
    this.place = slot(panel, 'raid');
    this.text = el('span', { class: 'chat-raid-long', dir: 'auto' });
    this.short = el('span', { class: 'chat-raid-short', dir: 'auto', 'aria-hidden': true });
    this.left = el('span', { class: 'number' });
    this.bar = el('span', { class: 'chat-raid-bar', 'aria-hidden': true });
    const go = el('button', { class: 'button small', type: 'button' }, t('raid.go'));
    const stay = el('button', { class: 'button quiet small chat-raid-stay', type: 'button' }, t('raid.stay'));
    this.stop = el('button', { class: 'button quiet small', type: 'button' }, t('raid.stop'));
    this.place.replaceChildren(
      el('p', { class: 'chat-raid-text' }, this.text, this.short, ' ', this.left),
      el('p', { class: 'chat-raid-actions' }, go, stay, this.stop),
      this.bar,
    );
    go.addEventListener('click', () => this.#go());
    stay.addEventListener('click', () => this.#stay());
    this.stop.addEventListener('click', () => void this.#callBack());
  }

  /** @param {RaidView | null} raid @param {number} until by `performance.now()` @param {boolean} staff */
  draw(raid, until, staff) {
    this.#staff = staff;
    this.stop.hidden = !staff;
    this.place.toggleAttribute('data-staff', staff);
    if (raid && raid.id !== this.#raid?.id) {
      this.#begin(raid, until);
    } else if (raid && raid !== this.#raid) {
      // It is over, or the connection is back: the server knows best how long it takes.
      this.#raid = raid;
      this.#until = until;
      this.#tick();
    } else if (!raid && this.#raid) {
      this.#end();
    } else if (this.#state === 'due') {
      this.#tick();
    }
  }

  /** @param {RaidView} raid @param {number} until */
  #begin(raid, until) {
    const { t, news } = this.view;
    this.#leave();
    this.#raid = raid;
    this.#until = until;
    if (this.#secondsLeft() === 0 || this.#isSettled(raid.id)) {
      this.#close('stays');
      return;
    }
    this.#state = 'waits';
    const count = this.#secondsLeft();
    const { title } = raid.to;
    this.#saidSoon = count <= LONG_S;
    this.text.textContent = t(this.#staff ? 'raid.staff' : 'raid.text', { title });
    this.short.textContent = `→ ${title}`;
    this.left.hidden = false;
    // Another element: it runs from its beginning.
    const bar = el('span', { class: 'chat-raid-bar', 'aria-hidden': true });
    this.bar.replaceWith(bar);
    this.bar = bar;
    this.bar.style.animationDuration = `${raid.leftMs}ms`;
    this.place.hidden = false;
    news.announcer.add([], [t('raid.new', { title, count })]);
    this.#ticking = setInterval(() => this.#tick(), TICK_MS);
    this.#tick();
  }

  #tick() {
    const { t, news } = this.view;
    if (!this.#raid || (this.#state !== 'waits' && this.#state !== 'due')) {
      return;
    }
    const count = this.#secondsLeft();
    const said = `· ${t('raid.left', { count })}`;
    if (this.left.textContent !== said) {
      this.left.textContent = said;
    }
    if (count === 0) {
      this.#timeIsUp();
    } else if (count <= SOON_S && !this.#saidSoon) {
      this.#saidSoon = true;
      news.announcer.add([], [t('raid.soon', { title: this.#raid.to.title, count })]);
    }
  }

  #timeIsUp() {
    const { panel, room, t, news } = this.view;
    if (this.#staff || panel.dataset['mode'] === 'embed') {
      this.#close('stays');
    } else if (!room.live) {
      // Whether the others have gone, or were called back, this page is told when it is back.
      this.#state = 'due';
    } else if (this.#isBusy()) {
      clearInterval(this.#ticking);
      this.#state = 'asks';
      const asks = t('raid.ask', { title: this.#raid?.to.title ?? '' });
      this.text.textContent = asks;
      this.left.hidden = true;
      this.bar.hidden = true;
      news.announcer.add([], [asks]);
    } else {
      clearInterval(this.#ticking);
      this.#state = 'leaves';
      const people = room.log.presence?.count ?? 0;
      const spread = people < 100 ? 0 : Math.min(people * SPREAD_EACH_MS, LONGEST_SPREAD_MS);
      this.#leaving = setTimeout(() => this.#go(), Math.random() * spread);
    }
  }

  /** There is something that would be lost, or left unfinished. */
  #isBusy() {
    const { composer, room } = this.view;
    const isWriting = composer !== null && !composer.empty;
    return isWriting || room.outbox.parcels.length > 0 || document.querySelector('dialog[open]') !== null;
  }

  #go() {
    const { panel, room } = this.view;
    if (!this.#raid) {
      return;
    }
    const { id, to } = this.#raid;
    room.goAlong(id);
    // Who comes back meanwhile has been there, and is not taken along again.
    this.#settle(id);
    const mode = panel.dataset['mode'];
    const isStream = to.kind === 'stream';
    const page = `/${isStream ? 'streaming' : 'chat'}/${encodeURIComponent(to.slug)}`;
    if (mode === 'embed') {
      this.#close('stays');
      window.open(page, '_blank', 'noopener');
    } else {
      this.#leave();
      location.assign(mode === 'popout' && isStream ? `${page}/popout` : page);
    }
  }

  #stay() {
    if (this.#raid) {
      this.#settle(this.#raid.id);
    }
    this.#close('stays');
    const { composer, panel } = this.view;
    (composer?.input ?? slot(panel, 'scroller')).focus();
  }

  async #callBack() {
    const { slug, t } = this.view;
    const refusal = await request('DELETE', `/api/rooms/${encodeURIComponent(slug)}/raid`, {}, t);
    if (refusal) {
      toast(refusal.message);
    }
  }

  /** It was stopped, or was over while there was no connection. */
  #end() {
    const { t } = this.view;
    const wasStopped = this.#state === 'waits' && this.#secondsLeft() > 0;
    this.#raid = this.#state === 'asks' ? this.#raid : null;
    if (this.#state !== 'asks') {
      this.#close('stays');
    }
    if (wasStopped) {
      // Which is read out as well.
      toast(t('raid.stopped'));
    }
  }

  /** @param {'stays'} state */
  #close(state) {
    this.#leave();
    this.#state = state;
    this.place.hidden = true;
  }

  #leave() {
    clearInterval(this.#ticking);
    clearTimeout(this.#leaving);
  }

  #secondsLeft() {
    return Math.max(0, Math.ceil((this.#until - performance.now()) / 1000));
  }

  /** Whether this browser's person has gone along with it, or does not want to. @param {string} id */
  #isSettled(id) {
    try {
      return localStorage.getItem(this.key) === id;
    } catch {
      return false;
    }
  }

  /** @param {string} id */
  #settle(id) {
    try {
      localStorage.setItem(this.key, id);
    } catch {
      // Storage is full or switched off: then it lasts as long as the page does.
    }
  }
}
