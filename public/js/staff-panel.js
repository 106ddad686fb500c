/**
 * What staff see beside a room: what they are to decide, its modes, who may not take part, and what staff did. It is loaded when it is opened, and
 * then follows what the server pushes (`staff.action`); nothing is asked twice.
 *
 * @import { ActionView, SanctionView } from '../../src/protocol/views.js'
 * @import { RoomView } from './room-view.js'
 */

import { get } from './api.js';
import { el, tell } from './dom.js';
import { openModesDialog } from './modes-dialog.js';
import { modesOn } from './modes.js';
import { queuesFor } from './queues.js';
import { request } from './request.js';
import { isStaff } from './roles.js';
import { toast } from './toast.js';

/** More would be read in the whole log. */
const MOST_ACTIONS = 50;
const ABOUT_SANCTIONS = new Set(['user.timeout', 'user.ban', 'user.lift', 'user.hide', 'user.unhide']);
/** Lines of the log that tell of a sanction, also one on the whole server. */
const SANCTION_LINES = new Set(['timeout', 'ban', 'lift']);
/** The longest that a browser's timer runs. */
const LONGEST_WAIT_MS = 2 ** 31 - 1;

/** @type {StaffPanel | null} */
let current = null;

/** Opens it, or goes back to it. @param {RoomView} view @param {HTMLElement} opener gets the focus when it closes */
export function openStaffPanel(view, opener) {
  current ??= new StaffPanel(view, opener, () => {
    current = null;
  });
  current.focus();
}

class StaffPanel {
  /** @type {ActionView[]} */
  #actions = [];
  /** @type {SanctionView[]} */
  #sanctions = [];
  /** The newest line about a sanction when they were last read. @type {number | undefined} */
  #told;
  /** Until the room is live again, what was pushed may have been missed. */
  #upToDate = true;
  #timer = 0;
  #end = new AbortController();

  /** @param {RoomView} view @param {HTMLElement} opener @param {() => void} onClose */
  constructor(view, opener, onClose) {
    const { t, slug } = view;
    this.view = view;
    this.opener = opener;
    this.onClose = onClose;
    this.api = `/api/rooms/${encodeURIComponent(slug)}`;
    const page = `/rooms/${encodeURIComponent(slug)}`;
    const close = el('button', { class: 'icon-button', type: 'button', 'aria-label': t('staff.close') }, '✕');
    const change = el('button', { class: 'button quiet small', type: 'button' }, t('staff.change-modes'));
    this.title = el('h2', { id: 'staff-title', tabindex: -1 }, t('staff.title'));
    this.error = el('p', { class: 'field-error', role: 'alert', hidden: true });
    const held = el('div', { class: 'staff-queue' });
    const reports = el('div', { class: 'staff-queue' });
    this.queues = queuesFor(view, held, reports, () => this.focus());
    this.modes = el('p', {});
    this.sanctions = el('ul', { class: 'rows' });
    this.actions = el('ol', { class: 'staff-actions' });
    this.root = el(
      'aside',
      { class: 'staff', 'aria-labelledby': 'staff-title' },
      el('header', { class: 'staff-head' }, this.title, close),
      this.error,
      section('staff-reports-title', t('reports.title'), reports, nothing(t('staff.reports-none'))),
      section('staff-held-title', t('held.title'), held, nothing(t('staff.held-none'))),
      section('staff-modes-title', t('staff.modes'), this.modes, el('p', {}, change)),
      section('staff-sanctions-title', t('staff.sanctions'), this.sanctions),
      section(
        'staff-actions-title',
        t('staff.actions'),
        el('div', { role: 'log', 'aria-labelledby': 'staff-actions-title' }, this.actions),
        el(
          'p',
          { class: 'staff-links' },
          el('a', { href: `${page}/actions` }, t('staff.all')),
          el('a', { href: `${page}/terms` }, t('staff.terms')),
          el('a', { href: `${page}/emotes` }, t('staff.emotes')),
        ),
      ),
    );
    const { signal } = this.#end;
    close.addEventListener('click', () => this.close());
    change.addEventListener('click', () => void this.#changeModes());
    this.root.addEventListener('keydown', ({ key }) => key === 'Escape' && this.close());
    reports.addEventListener('click', ({ target }) => this.#makeWay(target));
    view.panel.addEventListener('madang:room', () => this.#roomChanged(), { signal });
    view.panel.addEventListener('madang:review', (event) => this.#review(event), { signal });
    view.panel.addEventListener('madang:staff', (event) => this.#pushed(event), { signal });
    document.body.append(this.root);
    // What it shows need not be shown twice.
    view.panel.toggleAttribute('data-beside', true);
    this.#drawQueues();
    this.#told = this.#newestSanction;
    this.#drawModes();
    void this.#load();
  }

  focus() {
    this.title.focus();
  }

  close() {
    this.#end.abort();
    this.view.panel.toggleAttribute('data-beside', false);
    clearTimeout(this.#timer);
    this.root.remove();
    this.onClose();
    this.opener.focus();
  }

  /** Where it covers the chat, it goes for a message that is to be shown. @param {EventTarget | null} clicked */
  #makeWay(clicked) {
    const shows = clicked instanceof Element && clicked.closest('[data-verb="show"]') !== null;
    if (shows && this.root.clientWidth > window.innerWidth / 2) {
      this.close();
    }
  }

  async #load() {
    const [sanctions, actions] = await Promise.all([this.#read('sanctions'), this.#read('actions')]);
    tell(this.error, sanctions && actions ? '' : this.view.t('staff.failed'));
    if (sanctions && actions) {
      const known = new Set(actions.actions.map(({ id }) => id));
      // What was pushed while it was on its way may be newer than the answer.
      this.#actions = [...this.#actions.filter(({ id }) => !known.has(id)), ...actions.actions];
      this.#sanctions = sanctions.sanctions;
      this.#drawActions();
      this.#drawSanctions();
    }
  }

  /** @param {'sanctions' | 'actions'} what @returns {Promise<{ sanctions: SanctionView[], actions: ActionView[] } | null>} */
  async #read(what) {
    /** @type {{ answer: { sanctions: SanctionView[], actions: ActionView[] } | null }} */
    const { answer } = await get(
      `${this.api}/${what}${what === 'sanctions' ? '?everywhere=1' : ''}`,
      this.view.t,
    );
    return answer;
  }

  #roomChanged() {
    const { room, member } = this.view;
    if (member?.role === 'user') {
      this.close();
      return;
    }
    this.#drawQueues();
    this.#drawModes();
    if (room.live && !this.#upToDate) {
      void this.#load();
    }
    this.#upToDate = room.live;
    const newest = this.#newestSanction;
    if (newest !== this.#told) {
      this.#told = newest;
      void this.#renewSanctions();
    }
  }

  /** What is done on the whole server is pushed to its staff alone; the log tells of it everywhere. */
  get #newestSanction() {
    return this.view.room.log.items.findLast((item) => item.type === 'line' && SANCTION_LINES.has(item.says))
      ?.seq;
  }

  #drawQueues() {
    this.queues.forEach((queue) => queue.show(this.view.room.live));
  }

  /** @param {Event} event */
  #review(event) {
    if (event instanceof CustomEvent) {
      this.queues.forEach((queue) => queue.receive(event.detail));
    }
  }

  /** @param {Event} event */
  #pushed(event) {
    if (!(event instanceof CustomEvent)) {
      return;
    }
    /** @type {ActionView} */
    const act = event.detail;
    this.#actions = [act, ...this.#actions.filter(({ id }) => id !== act.id)];
    this.#drawActions();
    if (ABOUT_SANCTIONS.has(act.action)) {
      void this.#renewSanctions();
    }
  }

  async #renewSanctions() {
    const answer = await this.#read('sanctions');
    if (answer) {
      this.#sanctions = answer.sanctions;
      this.#drawSanctions();
    }
  }

  #drawModes() {
    const { room, t, locale } = this.view;
    const on = room.log.room ? modesOn(room.log.room.settings, t, locale) : [];
    const text = on.length > 0 ? on.join(' · ') : t('staff.modes-none');
    if (this.modes.textContent !== text) {
      this.modes.textContent = text;
    }
  }

  #drawSanctions() {
    const now = Date.now();
    const inForce = this.#sanctions.filter(({ until }) => until === null || Date.parse(until) > now);
    const rows = inForce.map((sanction) => this.#sanctionRow(sanction));
    this.sanctions.replaceChildren(
      ...(rows.length > 0 ? rows : [el('li', { class: 'soft' }, this.view.t('staff.sanctions-none'))]),
    );
    clearTimeout(this.#timer);
    const next = Math.min(...inForce.map(({ until }) => (until === null ? Infinity : Date.parse(until))));
    if (next < now + LONGEST_WAIT_MS) {
      this.#timer = window.setTimeout(() => this.#drawSanctions(), next - now + 50);
    }
  }

  /** @param {SanctionView} sanction */
  #sanctionRow({ id, room, user, action, until, reason }) {
    const { t, times, viewer } = this.view;
    // What holds on the whole server, the staff of one room cannot lift.
    const mayLift = room !== null || isStaff(viewer);
    const path = `${room === null ? '/api' : this.api}/sanctions/${id}`;
    const name = user.nickname || t('message.no-author');
    const lift = el(
      'button',
      { class: 'button quiet small', type: 'button', 'aria-label': t('staff.lift-of', { name }) },
      t('staff.lift'),
    );
    lift.addEventListener('click', () => void this.#lift(lift, path, id, name));
    const ends = until === null ? '' : ` ${t('staff.until', { time: times.short(new Date(until)) })}`;
    return el(
      'li',
      {},
      el(
        'div',
        {},
        el('bdi', {}, name),
        ...(room === null ? [' ', el('span', { class: 'pill' }, t('staff.everywhere'))] : []),
        el(
          'p',
          { class: 'soft small-text' },
          `${t(`sanction.${action}`)}${ends}${reason ? ` · ${reason}` : ''}`,
        ),
      ),
      ...(mayLift ? [lift] : []),
    );
  }

  /** @param {HTMLElement} button @param {string} path @param {string} id @param {string} name */
  async #lift(button, path, id, name) {
    if (button.getAttribute('aria-busy') === 'true') {
      return;
    }
    const { t } = this.view;
    button.setAttribute('aria-busy', 'true');
    const refusal = await request('DELETE', path, {}, t);
    button.removeAttribute('aria-busy');
    toast(refusal ? refusal.message : t('staff.lifted', { name }));
    if (!refusal) {
      this.#sanctions = this.#sanctions.filter((sanction) => sanction.id !== id);
      this.#drawSanctions();
      this.focus();
    }
  }

  #drawActions() {
    this.#actions = this.#actions.slice(0, MOST_ACTIONS);
    const rows = this.#actions.map((act) => this.#actionRow(act));
    this.actions.replaceChildren(
      ...(rows.length > 0 ? rows : [el('li', { class: 'soft' }, this.view.t('staff.actions-none'))]),
    );
  }

  /** @param {ActionView} act */
  #actionRow({ at, action, by, user, target, reason }) {
    const { t, times } = this.view;
    const date = new Date(at);
    return el(
      'li',
      {},
      el(
        'time',
        { class: 'soft small-text number', datetime: at, title: times.exact(date) },
        times.short(date),
      ),
      el(
        'div',
        {},
        el('bdi', {}, by.nickname),
        ' · ',
        t(`act.name.${action}`),
        ...(user ? [' · ', el('bdi', {}, user.nickname)] : []),
        ...(target === undefined ? [] : [el('span', { class: 'soft number' }, ` #${target}`)]),
        ...(reason ? [el('p', { class: 'soft small-text' }, reason)] : []),
      ),
    );
  }

  async #changeModes() {
    const { room, slug, t, locale } = this.view;
    if (room.log.room) {
      await openModesDialog(slug, room.log.room.settings, t, locale);
    }
  }
}

/** What stands where a queue is hidden, being empty. @param {string} text */
function nothing(text) {
  return el('p', { class: 'soft staff-nothing' }, text);
}

/** @param {string} id @param {string} title @param {...HTMLElement} content */
function section(id, title, ...content) {
  return el('section', { 'aria-labelledby': id }, el('h3', { id }, title), ...content);
}
