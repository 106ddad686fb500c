/**
 * @import { Refusal } from './request.js'
 */

import { el, tell } from './dom.js';

/**
 * Asks for something in a dialog that stays open, with the reason, until it is done or given up.
 * @param {object} options
 * @param {string} options.title
 * @param {HTMLElement[]} options.fields
 * @param {string} options.action
 * @param {string} options.cancel
 * @param {boolean} [options.danger]
 * @param {() => Promise<Refusal | null>} options.submit
 * @returns {Promise<boolean>} whether it was done
 */
export function formDialog({ title, fields, action, cancel, danger = false, submit }) {
  const error = el('p', { class: 'field-error', role: 'alert', hidden: true });
  const giveUp = el('button', { class: 'button quiet', type: 'button' }, cancel);
  const go = el('button', { class: danger ? 'button danger' : 'button' }, action);
  const form = el(
    'form',
    { class: 'form' },
    ...fields,
    el('div', { class: 'form-actions' }, error, giveUp, go),
  );
  const dialog = el(
    'dialog',
    { class: 'dialog', 'aria-labelledby': 'form-dialog-title' },
    el('h2', { id: 'form-dialog-title' }, title),
    form,
  );
  giveUp.addEventListener('click', () => dialog.close());
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (go.getAttribute('aria-busy') !== 'true') {
      void run();
    }
  });
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'done');
    });
  });

  async function run() {
    go.setAttribute('aria-busy', 'true');
    tell(error, '');
    const refusal = await submit();
    go.removeAttribute('aria-busy');
    if (refusal) {
      tell(error, [refusal.message, ...Object.values(refusal.fields ?? {})].join(' '));
    } else {
      dialog.close('done');
    }
  }
}

/**
 * A labelled control.
 * @template {HTMLElement} Control
 * @param {string} label
 * @param {Control} control
 */
export function field(label, control) {
  control.classList.add('input');
  return el('label', { class: 'field' }, el('span', { class: 'label' }, label), control);
}

/** @param {string} label @param {boolean} checked */
export function checkbox(label, checked) {
  const box = el('input', { type: 'checkbox', checked });
  return { box, check: el('label', { class: 'check' }, box, label) };
}

/** @param {{ value: string | number, label: string }[]} options @param {string | number} chosen */
export function select(options, chosen) {
  return el(
    'select',
    {},
    ...options.map(({ value, label }) => el('option', { value, selected: value === chosen }, label)),
  );
}
