/**
 * The welcome and the rules of a room: shown before one's first words there, or when one asks for them; and the form in
 * which staff write them.
 *
 * @import { RulesView } from '../../src/protocol/views.js'
 * @import { RoomView } from './room-view.js'
 * @import { Translate } from './strings.js'
 */

import { get } from './api.js';
import { el } from './dom.js';
import { field, formDialog } from './form-dialog.js';
import { request } from './request.js';
import { toast } from './toast.js';

/** @typedef {Pick<RoomView, 'slug' | 't'>} Place */

/**
 * Shows what there is to read.
 * @param {Place} place
 * @returns {Promise<boolean>} whether the reader may write by now, as far as the rules go
 */
export async function readRules({ slug, t }) {
  const path = `/api/rooms/${encodeURIComponent(slug)}/rules`;
  /** @type {Awaited<ReturnType<typeof get<{ rules: RulesView }>>>} */
  const { answer, error } = await get(path, t);
  if (error !== null) {
    toast(error);
    return false;
  }
  const { id, welcome, rules, accepted } = answer.rules;
  if (id === null) {
    toast(t('rules.none'));
    return true;
  }
  const texts = [
    ...(welcome === '' ? [] : [el('p', { class: 'rules-text', dir: 'auto' }, welcome)]),
    ...(rules === ''
      ? []
      : [el('h3', {}, t('rules.rules')), el('p', { class: 'rules-text', dir: 'auto' }, rules)]),
  ];
  const done = await formDialog({
    title: t(rules === '' ? 'rules.welcome-title' : 'rules.title'),
    fields: [
      el('div', { class: 'rules', tabindex: 0, role: 'group', 'aria-label': t('rules.title') }, ...texts),
      ...(accepted ? [] : [el('p', { class: 'hint' }, t('rules.hint'))]),
    ],
    action: t(accepted ? 'rules.close' : 'rules.accept'),
    cancel: t('rules.later'),
    submit: () => (accepted ? Promise.resolve(null) : request('POST', `${path}/accept`, { id }, t)),
  });
  return done || accepted;
}

/**
 * Lets staff write both.
 * @param {Place} place
 * @param {{ welcome: string, rules: string }} settings
 */
export async function openRulesEditor({ slug, t }, settings) {
  const welcome = el('textarea', { maxlength: 500, rows: 3 }, settings.welcome);
  const rules = el('textarea', { maxlength: 2000, rows: 8 }, settings.rules);
  await formDialog({
    title: t('rules.edit-title'),
    fields: [
      field(t('rules.welcome-label'), welcome),
      field(t('rules.rules-label'), rules),
      el('p', { class: 'hint' }, t('rules.edit-hint')),
    ],
    action: t('mode.save'),
    cancel: t('dialog.cancel'),
    submit: () => {
      const body = { settings: { welcome: welcome.value, rules: rules.value } };
      return request('PATCH', `/api/rooms/${encodeURIComponent(slug)}`, body, t);
    },
  });
}
