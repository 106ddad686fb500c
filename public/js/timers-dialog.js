/**
 * What the room says by itself: staff see it, switch it on and off, change it, add to it and take away from it.
 *
 * @import { TimerView } from '../../src/protocol/views.js'
 * @import { RoomView } from './room-view.js'
 */

import { get } from './api.js';
import { el, tell } from './dom.js';
import { field } from './form-dialog.js';
import { request } from './request.js';

const DEFAULTS = { text: '', minutes: 15, messages: 5 };

/** @param {Pick<RoomView, 'slug' | 't'>} place */
export function openTimersDialog({ slug, t }) {
  const path = `/api/rooms/${encodeURIComponent(slug)}/timers`;
  /** The one that is being changed. @type {number | null} */
  let changing = null;
  const list = el('ul', { class: 'timers', 'aria-label': t('timer.title') });
  const text = el('textarea', { rows: 2, required: true, maxlength: 2000 });
  const minutes = el('input', { type: 'number', min: 5, max: 120, required: true });
  const messages = el('input', { type: 'number', min: 0, max: 500, required: true });
  const error = el('p', { class: 'field-error', role: 'alert', hidden: true });
  const save = el('button', { class: 'button' }, t('timer.add'));
  const close = el('button', { class: 'button quiet', type: 'button' }, t('dialog.close'));
  const form = el(
    'form',
    { class: 'form' },
    field(t('timer.text'), text),
    el(
      'div',
      { class: 'form-row' },
      field(t('timer.minutes'), minutes),
      field(t('timer.messages'), messages),
    ),
    el('div', { class: 'form-actions' }, error, close, save),
  );
  const dialog = el(
    'dialog',
    { class: 'dialog wide', 'aria-labelledby': 'timers-title' },
    el('h2', { id: 'timers-title' }, t('timer.title')),
    list,
    form,
  );
  fill(DEFAULTS);
  close.addEventListener('click', () => dialog.close());
  dialog.addEventListener('close', () => dialog.remove());
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const body = { text: text.value, minutes: Number(minutes.value), messages: Number(messages.value) };
    void act(
      changing === null ? 'POST' : 'PATCH',
      changing === null ? path : `${path}/${changing}`,
      body,
    ).then((done) => done && leave());
  });
  document.body.append(dialog);
  dialog.showModal();
  void load();

  /** @param {{ text: string, minutes: number, messages: number }} timer */
  function fill(timer) {
    text.value = timer.text;
    minutes.value = String(timer.minutes);
    messages.value = String(timer.messages);
  }

  /** Back to adding one. */
  function leave() {
    changing = null;
    save.textContent = t('timer.add');
    fill(DEFAULTS);
  }

  /** @param {string} method @param {string} where @param {Record<string, unknown>} body */
  async function act(method, where, body) {
    const refusal = await request(method, where, body, t);
    tell(error, refusal ? [refusal.message, ...Object.values(refusal.fields ?? {})].join(' ') : '');
    await load();
    return refusal === null;
  }

  async function load() {
    /** @type {Awaited<ReturnType<typeof get<{ timers: TimerView[] }>>>} */
    const { answer, error: why } = await get(path, t);
    if (answer) {
      draw(answer.timers);
    } else {
      tell(error, why);
    }
  }

  /** Who is at the switch of one is there again. @param {TimerView[]} timers */
  function draw(timers) {
    const at = list.contains(document.activeElement) ? document.activeElement?.closest('li') : null;
    list.replaceChildren(...timers.map(rowOf));
    list.hidden = timers.length === 0;
    const number = at?.dataset['number'];
    if (number !== undefined) {
      list.querySelector(`[data-number="${number}"]`)?.querySelector('input')?.focus();
    }
  }

  /** @param {TimerView} timer */
  function rowOf(timer) {
    const { number, enabled } = timer;
    const where = `${path}/${number}`;
    const on = el('input', { type: 'checkbox', checked: enabled, 'aria-label': t('timer.on', { number }) });
    const change = el(
      'button',
      { class: 'button quiet small', type: 'button', 'aria-label': t('timer.change-of', { number }) },
      t('timer.change'),
    );
    const remove = el(
      'button',
      { class: 'button quiet small danger', type: 'button', 'aria-label': t('timer.remove-of', { number }) },
      t('timer.remove'),
    );
    on.addEventListener('change', () => void act('PATCH', where, { enabled: on.checked }));
    change.addEventListener('click', () => {
      changing = number;
      save.textContent = t('timer.save', { number });
      fill(timer);
      text.focus();
    });
    remove.addEventListener('click', () => {
      if (changing === number) {
        leave();
      }
      void act('DELETE', where, {}).then(() => text.focus());
    });
    return el(
      'li',
      { 'data-number': number },
      el('label', { class: 'check' }, on, el('span', { 'aria-hidden': 'true' }, `${number}.`)),
      el(
        'div',
        { class: 'timer-words' },
        el('p', { dir: 'auto' }, timer.text),
        el('p', { class: 'hint' }, t('timer.when', { minutes: timer.minutes, count: timer.messages })),
      ),
      change,
      remove,
    );
  }
}
