import { el } from './dom.js';

/**
 * Asks before something that cannot be undone. The native dialog keeps the focus inside and gives it back.
 * @param {{ title?: string, text: string, action: string, cancel: string, danger?: boolean }} words `danger`: it takes something away, as most do
 * @returns {Promise<boolean>} false when it is closed in any other way than by the action
 */
export function confirmDialog({ title, text, action, cancel, danger = true }) {
  const labelledBy = title === undefined ? 'confirm-text' : 'confirm-title';
  const dialog = el(
    'dialog',
    { class: 'dialog', 'aria-labelledby': labelledBy, 'aria-describedby': 'confirm-text' },
    ...(title === undefined ? [] : [el('h2', { id: 'confirm-title' }, title)]),
    el('p', { id: 'confirm-text' }, text),
    el(
      'form',
      { method: 'dialog', class: 'form-actions' },
      el('button', { class: 'button quiet', value: 'cancel' }, cancel),
      el('button', { class: danger ? 'button danger' : 'button', value: 'action' }, action),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'action');
    });
  });
}
