/** @import { Translate } from './strings.js' */

import { need, findSlot, slot, tell } from './dom.js';
import { mentions } from './mentions.js';

/**
 * Says, while somebody writes to an AI that is not set up, that there will be no answer.
 * @param {HTMLFormElement} form the composer
 * @param {string} name the AI's
 * @param {Translate} t
 */
export function hintWithoutAi(form, name, t) {
  const input = need(findSlot(form, 'input', HTMLTextAreaElement), 'input');
  const hint = slot(form, 'hint');
  const look = () => {
    const text = mentions(input.value, name) ? t('ai.off', { name }) : '';
    if (text !== hint.textContent) {
      tell(hint, text);
    }
  };
  input.addEventListener('input', look);
  form.addEventListener('submit', () => tell(hint, ''));
  look();
}
