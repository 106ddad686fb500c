/**
 * What people ask those who host a room: a list with what most want answered first, kept up to date, and a box to ask in.
 *
 * @import { ServerFrame } from '../../src/protocol/frames.js'
 * @import { QuestionView } from '../../src/protocol/views.js'
 * @import { RoomView } from './room-view.js'
 */

import { get, post } from './api.js';
import { el, tell } from './dom.js';
import { newNonce } from './nonce.js';
import { request } from './request.js';
import { QuestionRows } from './question-rows.js';
import { changedQuestions } from './questions.js';
import { isStaff } from './roles.js';

/** @param {RoomView} view */
export function openQuestionsDialog(view) {
  const { t, panel, slug, member } = view;
  const path = `/api/rooms/${encodeURIComponent(slug)}/questions`;
  /** @type {QuestionView[]} */
  let questions = [];
  /** What frames told while the list was on its way: the answer may be older. @type {ServerFrame[]} */
  let meanwhile = [];
  let loading = 0;
  let nonce = newNonce();

  const state = el('p', { class: 'field-hint', role: 'status' }, t('history.loading'));
  const list = el('ul', { class: 'questions', 'aria-label': t('questions.title'), tabindex: 0 });
  const rows = new QuestionRows(list, { t, isStaff: isStaff(member), writes: view.composer !== null });
  const input = el('textarea', {
    class: 'input',
    id: 'question-input',
    rows: 2,
    maxlength: 400,
    required: true,
  });
  const error = el('p', { class: 'field-error', role: 'alert', hidden: true });
  const form = el(
    'form',
    { class: 'form' },
    el('label', { for: 'question-input' }, t('questions.ask')),
    input,
    error,
    el(
      'div',
      { class: 'form-actions' },
      el('button', { class: 'button small', type: 'submit' }, t('questions.send')),
    ),
  );
  const dialog = el(
    'dialog',
    { class: 'dialog', 'aria-labelledby': 'questions-title' },
    el('h2', { id: 'questions-title' }, t('questions.title')),
    state,
    list,
    ...(view.composer ? [form] : []),
    el(
      'form',
      { method: 'dialog', class: 'form-actions' },
      el('button', { class: 'button quiet' }, t('dialog.close')),
    ),
  );

  /** @param {Event} event */
  const follow = (event) => {
    if (event instanceof CustomEvent) {
      /** @type {ServerFrame} */
      const frame = event.detail;
      if (loading > 0) {
        meanwhile.push(frame);
      }
      questions = changedQuestions(questions, frame);
      draw();
    }
  };
  let wasLive = view.room.live;
  const lookAgain = () => {
    // What came while there was no connection was told to nobody.
    if (view.room.live && !wasLive) {
      void load();
    }
    wasLive = view.room.live;
  };
  panel.addEventListener('madang:question', follow);
  panel.addEventListener('madang:room', lookAgain);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void ask();
  });
  list.addEventListener('click', ({ target }) => {
    const button = target instanceof Element ? target.closest('button') : null;
    const id = button?.closest('li')?.dataset['id'];
    if (button?.dataset['verb'] === 'who') {
      void view.showPerson(button.dataset['who'] ?? '');
    } else if (button && id) {
      void act(button.dataset['verb'] ?? '', id);
    }
  });
  dialog.addEventListener('close', () => {
    panel.removeEventListener('madang:question', follow);
    panel.removeEventListener('madang:room', lookAgain);
    dialog.remove();
  });
  document.body.append(dialog);
  dialog.showModal();
  void load();

  async function load() {
    loading += 1;
    /** @type {Awaited<ReturnType<typeof get<{ questions: QuestionView[] }>>>} */
    const { answer, error: why } = await get(path, t);
    loading -= 1;
    if (answer) {
      questions = meanwhile.reduce(changedQuestions, answer.questions);
      draw();
    } else {
      tell(state, why ?? '');
    }
    if (loading === 0) {
      meanwhile = [];
    }
  }

  async function ask() {
    tell(error, '');
    /** @type {Awaited<ReturnType<typeof post<{ question: QuestionView }>>>} */
    const { answer, error: why } = await post(path, { text: input.value, nonce }, t);
    if (answer) {
      input.value = '';
      nonce = newNonce();
      take(answer.question);
    } else {
      tell(error, why ?? '');
    }
  }

  /** @param {string} verb @param {string} id */
  async function act(verb, id) {
    tell(error, '');
    const [method, below] = /** @type {Record<string, [string, string]>} */ ({
      vote: ['PUT', '/vote'],
      unvote: ['DELETE', '/vote'],
      answer: ['POST', '/answer'],
      approve: ['POST', '/approve'],
      remove: ['DELETE', ''],
    })[verb] ?? ['', ''];
    const refusal = await request(method, `${path}/${id}${below}`, {}, t);
    if (refusal && refusal.code !== 'not-found') {
      tell(state, refusal.message);
      return;
    }
    await load();
  }

  /** @param {QuestionView} question */
  function take(question) {
    questions = [...questions.filter(({ id }) => id !== question.id), question];
    draw();
  }

  function draw() {
    rows.draw(questions);
    tell(state, questions.length === 0 ? t('questions.none') : '');
  }
}
