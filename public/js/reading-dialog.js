/**
 * Where a reader chooses how to read. Every choice takes effect at once.
 *
 * @import { Reading } from './reading.js'
 * @import { Translate } from './strings.js'
 */

import { el } from './dom.js';
import { checkbox, field, select } from './form-dialog.js';

/**
 * @param {Reading} reading
 * @param {(id: string) => void} readAgain shows somebody again who was ignored
 * @param {Translate} t
 * @param {object} member
 * @param {boolean} member.isMember whether anybody can call the reader
 * @param {() => void} member.ring lets the sound be heard
 */
export function openReadingDialog(reading, readAgain, t, { isMember, ring }) {
  const { choices } = reading;
  const close = el('button', { class: 'button' }, t('dialog.close'));
  const dialog = el(
    'dialog',
    { class: 'dialog', 'aria-labelledby': 'reading-title' },
    el('h2', { id: 'reading-title' }, t('reading.title')),
    el(
      'form',
      { class: 'form', method: 'dialog' },
      field(t('reading.size'), chooser('size', ['s', 'm', 'l', 'xl'])),
      field(t('reading.times'), chooser('times', ['clock', 'ago', 'off'])),
      field(t('reading.filter'), chooser('filter', isMember ? ['all', 'me', 'staff'] : ['all', 'staff'])),
      toggle('steady'),
      ...(isMember ? [toggle('sound', ring)] : []),
      ignoredPeople(),
      el('div', { class: 'form-actions' }, close),
    ),
  );
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();

  /** @param {'size' | 'times' | 'filter'} name @param {string[]} values */
  function chooser(name, values) {
    const options = values.map((value) => ({ value, label: t(`reading.${name}-${value}`) }));
    const control = select(options, choices[name]);
    control.addEventListener('change', () => reading.choose({ [name]: control.value }));
    return control;
  }

  /** Whom the reader ignores, to take it back. */
  function ignoredPeople() {
    const people = choices.ignored.map(({ id, nickname }) => {
      const back = el('button', { class: 'button quiet small', type: 'button' }, t('reading.unignore'));
      const person = el('li', {}, el('bdi', {}, nickname), back);
      back.addEventListener('click', () => {
        readAgain(id);
        person.remove();
        close.focus();
      });
      return person;
    });
    return el(
      'div',
      { class: 'field', hidden: people.length === 0 },
      el('span', { class: 'label', id: 'reading-ignored' }, t('reading.ignored')),
      el('ul', { class: 'ignored', 'aria-labelledby': 'reading-ignored' }, ...people),
    );
  }

  /** @param {'steady' | 'sound'} name @param {() => void} [onTurnedOn] */
  function toggle(name, onTurnedOn) {
    const { box, check } = checkbox(t(`reading.${name}`), choices[name]);
    box.addEventListener('change', () => {
      reading.choose({ [name]: box.checked });
      if (box.checked) {
        onTurnedOn?.();
      }
    });
    return el('div', { class: 'field' }, check, el('p', { class: 'field-hint' }, t(`reading.${name}-hint`)));
  }
}
