/**
 * Who is here: staff first, with their badges. A name that is taken begins a message to that person; to staff it shows their
 * card, with all that can be done about them, and they are shown which guests wrote.
 *
 * @import { UserView } from '../../src/protocol/views.js'
 * @import { RoomView } from './room-view.js'
 */

import { get } from './api.js';
import { el, tell } from './dom.js';
import { initial } from './graphemes.js';
import { isStaff } from './roles.js';

/** Typing is followed after a moment, so that not each letter asks the server. */
const PAUSE_MS = 200;

/** @param {RoomView} view */
export function openPeopleDialog(view) {
  const { t } = view;
  const find = el('input', {
    class: 'input',
    type: 'search',
    'aria-label': t('people.find'),
    placeholder: t('people.find'),
  });
  const state = el('p', { class: 'field-hint', role: 'status' }, t('history.loading'));
  const list = el('ul', { class: 'people-list', 'aria-label': t('people.title') });
  const wrote = el('ul', { class: 'people-list', 'aria-labelledby': 'people-wrote' });
  const guests = el('section', { hidden: true }, el('h3', { id: 'people-wrote' }, t('people.wrote')), wrote);
  const more = el('button', { class: 'button quiet small', type: 'button', hidden: true }, t('people.more'));
  const dialog = el(
    'dialog',
    { class: 'dialog', 'aria-labelledby': 'people-title' },
    el('h2', { id: 'people-title' }, t('people.title')),
    el(
      'form',
      { class: 'form', method: 'dialog' },
      find,
      state,
      list,
      more,
      guests,
      el('div', { class: 'form-actions' }, el('button', { class: 'button quiet' }, t('dialog.close'))),
    ),
  );
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let pause;
  find.addEventListener('input', () => {
    clearTimeout(pause);
    pause = setTimeout(() => void load(), PAUSE_MS);
  });
  // Enter in the field is no reason to close.
  find.addEventListener('keydown', (event) => event.key === 'Enter' && event.preventDefault());
  more.addEventListener(
    'click',
    () => void load(list.lastElementChild?.getAttribute('data-id') ?? undefined),
  );
  for (const names of [list, wrote]) {
    names.addEventListener('click', ({ target }) => {
      const button = target instanceof Element ? target.closest('button') : null;
      const id = button?.closest('li')?.dataset['id'];
      if (button && id) {
        dialog.close();
        if (isStaff(view.member)) {
          void view.showPerson(id);
        } else {
          view.composer?.insert(`@${button.dataset['nickname']} `);
        }
      }
    });
  }
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  void load();

  /** @param {string} [after] */
  async function load(after) {
    const asked = find.value;
    const query = new URLSearchParams({ ...(asked && { q: asked }), ...(after && { after }) });
    /** @type {{ answer: { people: UserView[], guests: number, more: boolean, wrote?: UserView[] } | null, error: string | null }} */
    const { answer, error } = await get(`/api/rooms/${encodeURIComponent(view.slug)}/people?${query}`, t);
    if (asked !== find.value) {
      return;
    }
    if (answer) {
      const people = answer.people.map((person) => rowOf(person, view));
      if (after) {
        list.append(...people);
      } else {
        list.replaceChildren(...people);
        wrote.replaceChildren(...(answer.wrote ?? []).map((person) => rowOf(person, view)));
        guests.hidden = wrote.childElementCount === 0;
      }
      more.hidden = !answer.more;
    }
    tell(state, error ?? (answer && answer.guests > 0 ? t('people.guests', { count: answer.guests }) : ''));
  }
}

/** @param {UserView} person @param {RoomView} view */
function rowOf({ id, nickname, role, color, guest }, { t, composer, viewer }) {
  const name = el('bdi', { class: 'message-name' }, nickname);
  return el(
    'li',
    { class: `person hue-${Math.floor(color / 10)}`, 'data-id': id },
    el('span', { class: 'avatar', 'aria-hidden': 'true' }, initial(nickname)),
    composer && id !== viewer?.id
      ? el('button', { class: 'link-button', type: 'button', 'data-nickname': nickname }, name)
      : name,
    ...(role === 'user' && !guest
      ? []
      : [el('span', { class: 'badge' }, t(`badge.${guest ? 'guest' : role}`))]),
  );
}
