/**
 * What staff know of somebody, in the sections of their card.
 *
 * @import { CardView } from '../../src/protocol/views.js'
 * @import { RoomView } from './room-view.js'
 */

import { el, tell } from './dom.js';
import { newNonce } from './nonce.js';
import { request } from './request.js';
import { toast } from './toast.js';

/**
 * Fills a place anew; a note that is being written stays.
 * @param {HTMLElement} place
 * @param {CardView} card
 * @param {RoomView} view
 * @param {{ close: () => void, changed: () => void }} dialog
 */
export function cardSections(place, card, view, { close, changed }) {
  const { t } = view;
  const form = place.querySelector('form') ?? noteForm(card.person.id, view, changed);
  const focused = document.activeElement;
  const had = place.contains(focused);
  place.replaceChildren(
    ...(card.formerNames.length > 0 ? [formerNames(card, view)] : []),
    section('notes', t('card.notes'), notes(card, view, changed), form),
    section('measures', t('card.measures'), measures(card, view), ...bringingBack(card, view, changed)),
    section('said', t('card.said'), said(card, view, close)),
  );
  if (had && focused instanceof HTMLElement && document.activeElement !== focused) {
    const back = place.contains(focused) ? focused : form.querySelector('textarea');
    back?.focus();
  }
}

/** @param {CardView} card @param {RoomView} view */
function formerNames({ formerNames: names }, { t, times }) {
  const rows = names.map(({ nickname, until }) =>
    el(
      'li',
      {},
      el('bdi', {}, nickname),
      ' ',
      el('span', { class: 'soft' }, t('card.until', { time: times.short(new Date(until)) })),
    ),
  );
  return section('names', t('card.names'), el('ul', { class: 'card-list' }, ...rows));
}

/** @param {CardView} card @param {RoomView} view @param {() => void} changed */
function notes({ notes: all, person }, view, changed) {
  const { t, times, member, slug } = view;
  const rows = all.map(({ id, text, by, at }) => {
    const own = by.id === member?.id || member?.role === 'admin';
    const remove = el(
      'button',
      { type: 'button', class: 'button quiet small', 'aria-label': t('card.remove-note', { text }) },
      t('message.remove'),
    );
    remove.addEventListener('click', () => void removeNote());
    return el(
      'li',
      {},
      el('p', { dir: 'auto' }, text),
      el('p', { class: 'soft small-text' }, el('bdi', {}, by.nickname), ' · ', times.short(new Date(at))),
      ...(own ? [remove] : []),
    );

    async function removeNote() {
      const refusal = await request('DELETE', `${pathOf(slug, person.id)}/notes/${id}`, {}, t);
      if (refusal) {
        toast(refusal.message);
      }
      changed();
    }
  });
  return el('ul', { class: 'card-list' }, ...(rows.length > 0 ? rows : [none(t('card.notes-none'))]));
}

/** @param {string} id @param {RoomView} view @param {() => void} changed */
function noteForm(id, { t, slug }, changed) {
  const text = el('textarea', {
    class: 'input',
    rows: 2,
    maxlength: 500,
    required: true,
    autocomplete: 'off',
    'aria-label': t('card.note'),
    placeholder: t('card.note'),
  });
  const error = el('p', { class: 'field-error', role: 'alert', hidden: true });
  const form = el(
    'form',
    { class: 'card-note' },
    text,
    error,
    el('button', { class: 'button small' }, t('card.add-note')),
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void add();
  });
  return form;

  async function add() {
    const body = { text: text.value, nonce: newNonce() };
    const refusal = await request('POST', `${pathOf(slug, id)}/notes`, body, t);
    tell(error, refusal ? [refusal.message, ...Object.values(refusal.fields ?? {})].join(' ') : '');
    if (!refusal) {
      text.value = '';
      changed();
    }
  }
}

/** Warnings, time-outs and bans, the newest first. @param {CardView} card @param {RoomView} view */
function measures({ sanctions, warnings }, { t, times }) {
  const all = [
    ...sanctions.map(({ action, reason, by, at, until, liftedAt }) => ({
      at,
      what: t(`sanction.${action}`),
      reason,
      by,
      note: noteAbout(until, liftedAt),
    })),
    ...warnings.map(({ reason, by, at, acknowledgedAt }) => ({
      at,
      what: t('warn.send'),
      reason,
      by,
      note:
        acknowledgedAt === null
          ? t('card.unread')
          : t('card.read', { time: times.short(new Date(acknowledgedAt)) }),
    })),
  ].toSorted((a, b) => b.at.localeCompare(a.at));
  const rows = all.map(({ at, what, reason, by, note }) =>
    el(
      'li',
      {},
      el('p', {}, el('b', {}, what), reason ? ` · ${reason}` : ''),
      el(
        'p',
        { class: 'soft small-text' },
        el('bdi', {}, by.nickname),
        ` · ${times.short(new Date(at))}${note ? ` · ${note}` : ''}`,
      ),
    ),
  );
  return el('ul', { class: 'card-list' }, ...(rows.length > 0 ? rows : [none(t('card.measures-none'))]));

  /** @param {string | null} until @param {string | null} liftedAt */
  function noteAbout(until, liftedAt) {
    if (liftedAt !== null) {
      return t('card.lifted', { time: times.short(new Date(liftedAt)) });
    }
    return until === null ? '' : t('staff.until', { time: times.short(new Date(until)) });
  }
}

/** What staff removed of them last, and a way back. @param {CardView} card @param {RoomView} view @param {() => void} changed */
function bringingBack({ removed, person }, view, changed) {
  if (!removed) {
    return [];
  }
  const { t, times, slug } = view;
  const { seq, by, at, messages: count } = removed;
  const name = by?.nickname ?? t('message.no-author');
  const button = el('button', { type: 'button', class: 'button quiet small' }, t('card.restore', { count }));
  button.addEventListener('click', () => void restore());
  return [
    el(
      'div',
      { class: 'card-restore' },
      el('p', { class: 'soft small-text' }, t('card.removed', { name, time: times.short(new Date(at)) })),
      button,
    ),
  ];

  async function restore() {
    if (button.getAttribute('aria-busy') === 'true') {
      return;
    }
    button.setAttribute('aria-busy', 'true');
    const refusal = await request('POST', `${pathOf(slug, person.id)}/restore`, { removal: seq }, t);
    toast(refusal ? refusal.message : t('command.done-restored'));
    changed();
  }
}

/** @param {CardView} card @param {RoomView} view @param {() => void} close */
function said({ messages }, view, close) {
  const { t, times } = view;
  const rows = messages.map(({ seq, text, at }) => {
    const go = el(
      'button',
      { type: 'button', class: 'link-button' },
      text === null ? t('message.removed') : text,
    );
    go.addEventListener('click', () => {
      close();
      view.goTo(seq);
    });
    return el('li', {}, go, el('p', { class: 'soft small-text' }, times.short(new Date(at))));
  });
  return el('ul', { class: 'card-list' }, ...(rows.length > 0 ? rows : [none(t('card.said-none'))]));
}

/** @param {string} text */
function none(text) {
  return el('li', { class: 'soft' }, text);
}

/** @param {string} name @param {string} title @param {...HTMLElement} content */
function section(name, title, ...content) {
  const id = `card-${name}`;
  return el('section', { 'aria-labelledby': id }, el('h3', { id }, title), ...content);
}

/** @param {string} slug @param {string} id */
function pathOf(slug, id) {
  return `/api/rooms/${encodeURIComponent(slug)}/people/${id}`;
}
