/**
 * Sends the forms that a plain form cannot: PATCH, DELETE and JSON. What the attributes mean is told in
 * `views/partials/field.hbs`. A refusal leaves everything as it was typed.
 *
 * @import { ErrorData } from '../../src/protocol/frames.js'
 * @import { Translate } from './strings.js'
 */

import { confirmDialog } from './confirm-dialog.js';
import { findSlot, tell } from './dom.js';
import { pageStrings } from './page-strings.js';

/** Takes over every form of the page that says where its JSON goes. */
export function enableForms() {
  const t = pageStrings();
  for (const form of document.querySelectorAll('form[data-action]')) {
    if (form instanceof HTMLFormElement) {
      form.addEventListener('submit', (event) => {
        event.preventDefault();
        void submit(form, t);
      });
      if (form.dataset['auto'] !== undefined) {
        form.addEventListener('change', () => form.requestSubmit());
      }
    }
  }
}

/** @param {HTMLFormElement} form @param {Translate} t */
async function submit(form, t) {
  const { confirm, confirmAction = '' } = form.dataset;
  const busy = form.querySelector('[type="submit"]');
  if (busy?.getAttribute('aria-busy') === 'true') {
    return;
  }
  if (confirm !== undefined) {
    const sure = await confirmDialog({ text: confirm, action: confirmAction, cancel: t('dialog.cancel') });
    if (!sure) {
      return;
    }
  }
  forgive(form);
  busy?.setAttribute('aria-busy', 'true');
  const error = await send(form, t);
  busy?.removeAttribute('aria-busy');
  if (error) {
    refuse(form, error);
  } else {
    finish(form, t);
  }
}

/** @param {HTMLFormElement} form @param {Translate} t @returns {Promise<Pick<ErrorData, 'message' | 'fields'> | null>} */
async function send(form, t) {
  const { action = '', method = 'POST' } = form.dataset;
  const values = valuesOf(form);
  const hasBody = Object.keys(values).length > 0;
  try {
    const answer = await fetch(action, {
      method,
      headers: { Accept: 'application/json', ...(hasBody && { 'Content-Type': 'application/json' }) },
      ...(hasBody && { body: JSON.stringify(values) }),
    });
    if (answer.ok) {
      return null;
    }
    /** @type {{ error?: ErrorData }} */
    const { error } = await answer.json().catch(() => ({}));
    return error ?? { message: t('form.failed') };
  } catch {
    return { message: t('form.offline') };
  }
}

/**
 * The named controls as JSON.
 * @param {HTMLFormElement} form
 * @returns {Record<string, string | boolean | null>}
 */
export function valuesOf(form) {
  /** @type {Record<string, string | boolean | null>} */
  const values = {};
  for (const control of form.elements) {
    const named =
      control instanceof HTMLInputElement ||
      control instanceof HTMLSelectElement ||
      control instanceof HTMLTextAreaElement;
    if (!named || !control.name || control.disabled) {
      continue;
    }
    const { type, empty } = control.dataset;
    if (control instanceof HTMLInputElement && control.type === 'checkbox') {
      values[control.name] = control.checked;
    } else if (type === 'boolean') {
      values[control.name] = control.value === 'true';
    } else if (control.value !== '' || empty === undefined) {
      values[control.name] = control.value;
    } else if (empty === 'null') {
      values[control.name] = null;
    }
  }
  return values;
}

/** @param {HTMLFormElement} form @param {Pick<ErrorData, 'message' | 'fields'>} error */
function refuse(form, { message, fields = {} }) {
  say(form, message, 'alert');
  let first = true;
  for (const [name, wrong] of Object.entries(fields)) {
    const place = form.querySelector(`[data-error-for="${CSS.escape(name)}"]`);
    const control = form.elements.namedItem(name);
    if (place instanceof HTMLElement) {
      tell(place, wrong);
    }
    if (control instanceof HTMLElement) {
      control.setAttribute('aria-invalid', 'true');
      if (first) {
        control.focus();
        first = false;
      }
    }
  }
}

/** @param {HTMLFormElement} form */
function forgive(form) {
  say(form, '', 'status');
  for (const place of form.querySelectorAll('[data-error-for]')) {
    if (place instanceof HTMLElement) {
      tell(place, '');
    }
  }
  for (const control of form.querySelectorAll('[aria-invalid]')) {
    control.removeAttribute('aria-invalid');
  }
}

/** @param {HTMLFormElement} form @param {Translate} t */
function finish(form, t) {
  const { done = 'saved' } = form.dataset;
  if (done === 'reload') {
    location.reload();
  } else if (done.startsWith('go:')) {
    const values = valuesOf(form);
    location.assign(
      done.slice(3).replaceAll(/\{(\w+)\}/g, (_, name) => encodeURIComponent(String(values[name] ?? ''))),
    );
  } else {
    say(form, t('form.saved'), 'status');
  }
}

/** @param {HTMLFormElement} form @param {string} text @param {'alert' | 'status'} role */
function say(form, text, role) {
  const message = findSlot(form, 'form-message', HTMLElement);
  if (message) {
    message.setAttribute('role', role);
    tell(message, text);
  }
}
