/**
 * Sends the forms that a plain form cannot: PATCH, DELETE and JSON. What the attributes mean is told in
 * `views/partials/field.hbs`. A refusal leaves everything as it was typed.
 *
 * @import { ErrorData } from '../../src/protocol/frames.js'
 * @import { Translate } from './strings.js'
 */

import { request } from './request.js';
import { findSlot, tell } from './dom.js';
import { pageStrings } from './page-strings.js';

/** @type {WeakSet<HTMLFormElement>} */
const taken = new WeakSet();

/** Takes over every form of the page that says where its JSON goes; may be called again. */
export function enableForms() {
  const t = pageStrings();
  for (const form of document.querySelectorAll('form[data-action]')) {
    if (form instanceof HTMLFormElement && !taken.has(form)) {
      taken.add(form);
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
    const sure = await confirmed(confirm, confirmAction, t);
    if (sure === null) {
      say(form, t('form.offline'), 'alert');
    }
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

/** Null when the question cannot be asked. @param {string} text @param {string} action @param {Translate} t */
async function confirmed(text, action, t) {
  const module = await import('./confirm-dialog.js').catch(() => null);
  return module && module.confirmDialog({ text, action, cancel: t('dialog.cancel') });
}

/** @param {HTMLFormElement} form @param {Translate} t */
function send(form, t) {
  const { action = '', method = 'POST' } = form.dataset;
  const chooser = form.querySelector('input[type="file"]');
  const file = chooser instanceof HTMLInputElement ? chooser.files?.[0] : undefined;
  return request(method, withValues(action, form), file ?? valuesOf(form), t);
}

/** A path with the form's own values in the places that are named after them. @param {string} path @param {HTMLFormElement} form */
function withValues(path, form) {
  const values = flatValuesOf(form);
  return path.replaceAll(/\{(\w+)\}/g, (_, name) => encodeURIComponent(String(values[name] ?? '')));
}

/** @typedef {string | number | boolean | null} Value */

/**
 * The named controls as JSON; `settings.edits` is `edits` within `settings`.
 * @param {HTMLFormElement} form
 * @returns {Record<string, Value | Record<string, Value>>}
 */
export function valuesOf(form) {
  /** @type {Record<string, Value | Record<string, Value>>} */
  const values = {};
  for (const [name, value] of Object.entries(flatValuesOf(form))) {
    const [outer = '', inner] = name.split('.');
    const within = values[outer];
    if (inner === undefined) {
      values[outer] = value;
    } else {
      values[outer] = { ...(typeof within === 'object' && within), [inner]: value };
    }
  }
  return values;
}

/** @param {HTMLFormElement} form @returns {Record<string, Value>} */
function flatValuesOf(form) {
  /** @type {Record<string, Value>} */
  const values = {};
  for (const control of form.elements) {
    const named =
      control instanceof HTMLInputElement ||
      control instanceof HTMLSelectElement ||
      control instanceof HTMLTextAreaElement;
    if (!named || !control.name || control.disabled || control.dataset['plain'] !== undefined) {
      continue;
    }
    const { type, empty } = control.dataset;
    if (control instanceof HTMLInputElement && control.type === 'checkbox') {
      values[control.name] = control.checked;
    } else if (type === 'boolean') {
      values[control.name] = control.value === 'true';
    } else if (type === 'number' && control.value !== '') {
      values[control.name] = Number(control.value);
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
    location.assign(withValues(done.slice(3), form));
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
