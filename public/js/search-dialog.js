/**
 * Looks for what was said in a room. What is near is gone to in the list; what is far is shown with what was said around it,
 * so that the reader's place in the room stays.
 *
 * @import { FoundMessageView } from '../../src/protocol/views.js'
 * @import { RoomView } from './room-view.js'
 */

import { get } from './api.js';
import { el, tell } from './dom.js';
import { MessageList } from './message-list.js';
import { emptyLog, reduce } from './reducer.js';
import { showLine } from './show-words.js';

/** This far above what is loaded is near: a few pages. */
const NEAR = 200;
/** Entries before and after a message that is shown where it was said. */
const AROUND = 15;

/** @param {RoomView} view */
export function openSearchDialog(view) {
  const { t, times, slug } = view;
  const address = `/api/rooms/${encodeURIComponent(slug)}`;
  const field = el('input', {
    class: 'input',
    type: 'search',
    'aria-label': t('search.words'),
    placeholder: t('search.words'),
    required: true,
  });
  const state = el('p', { class: 'field-hint', role: 'status', hidden: true });
  const results = el('ol', { class: 'search-results' });
  const more = el('button', { class: 'button quiet small', type: 'button', hidden: true }, t('search.more'));
  const form = el(
    'form',
    { class: 'search-form', role: 'search' },
    field,
    el('button', { class: 'button' }, t('search.go')),
  );
  const close = el('button', { class: 'button quiet', type: 'button' }, t('dialog.close'));
  const dialog = el(
    'dialog',
    { class: 'dialog wide', 'aria-labelledby': 'search-title' },
    el('h2', { id: 'search-title' }, t('search.title')),
    form,
    state,
    results,
    more,
    el('div', { class: 'form-actions' }, close),
  );
  /** @type {number | null} */
  let next = null;
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    results.replaceChildren();
    next = null;
    void search();
  });
  more.addEventListener('click', () => void search());
  close.addEventListener('click', () => dialog.close());
  results.addEventListener('click', ({ target }) => {
    const button = target instanceof Element ? target.closest('button') : null;
    if (button) {
      void show(Number(button.dataset['seq']));
    }
  });
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();

  async function search() {
    const query = new URLSearchParams({ q: field.value, ...(next !== null && { before: String(next) }) });
    tell(state, t('search.searching'));
    /** @type {{ answer: { messages: FoundMessageView[], next: number | null } | null, error: string | null }} */
    const { answer, error } = await get(`${address}/search?${query}`, t);
    const shown = new Set(
      [...results.querySelectorAll('button')].map(({ dataset }) => Number(dataset['seq'])),
    );
    const found = answer?.messages.filter(({ seq }) => !shown.has(seq)) ?? [];
    results.append(...found.map(rowOf));
    next = answer?.next ?? null;
    more.hidden = next === null;
    tell(state, error ?? (results.childElementCount === 0 && next === null ? t('search.none') : ''));
  }

  /** @param {FoundMessageView} message */
  function rowOf({ seq, author, text, at }) {
    const date = new Date(at);
    const words = el('span', { class: 'search-text' });
    showLine(words, text, view.room.log.emotes);
    return el(
      'li',
      {},
      el(
        'button',
        { class: 'search-result', type: 'button', 'data-seq': seq },
        el(
          'span',
          { class: 'search-who' },
          el('bdi', {}, author?.nickname ?? t('message.no-author')),
          ' ',
          el('time', { datetime: at, title: times.exact(date) }, times.short(date)),
        ),
        words,
      ),
    );
  }

  /** @param {number} seq */
  async function show(seq) {
    const { oldest } = view.room.log;
    if (oldest !== null && seq >= oldest - NEAR) {
      dialog.close();
      view.goTo(seq);
      return;
    }
    const query = new URLSearchParams({
      after: String(Math.max(0, seq - AROUND - 1)),
      limit: String(2 * AROUND + 1),
    });
    const { answer, error } = await get(`${address}/messages?${query}`, t);
    if (answer) {
      openContext(view, seq, answer);
    }
    tell(state, error ?? '');
  }
}

/** A message with what was said around it, to be read. @param {RoomView} view @param {number} seq @param {any} page */
function openContext(view, seq, page) {
  const { t } = view;
  const list = el('ol', { class: 'messages' });
  const close = el('button', { class: 'button quiet' }, t('search.back'));
  const scroller = el(
    'div',
    { class: 'search-context', tabindex: 0, role: 'region', 'aria-label': t('search.around') },
    list,
  );
  const dialog = el(
    'dialog',
    { class: 'dialog wide', 'aria-labelledby': 'context-title' },
    el('h2', { id: 'context-title' }, t('search.around')),
    scroller,
    el('form', { method: 'dialog', class: 'form-actions' }, close),
  );
  const { state } = reduce(emptyLog(), {
    event: 'history',
    data: { after: 0, more: false, entries: page.entries },
  });
  // Nothing is done with these rows: they are not the room's own.
  new MessageList(list).render(state.items, [], { ...view.context, viewer: null, writable: false });
  for (const row of list.querySelectorAll('[id]')) {
    row.id = `around-${row.id}`;
  }
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  const row = list.querySelector(`[data-seq="${seq}"]`);
  row?.classList.add('found');
  row?.scrollIntoView({ block: 'center' });
}
