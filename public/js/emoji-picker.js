/**
 * A panel of emojis above the box. It opens with the search; arrows move among the emojis, Enter takes one and the focus goes
 * back to the box, Escape closes it.
 *
 * @import { EmojiView, EmoteView } from '../../src/protocol/views.js'
 * @import { EmojiStore } from './emoji-store.js'
 * @import { Emotes } from './inline-marks.js'
 * @import { Translate } from './strings.js'
 */

import { insertText } from './completion.js';
import { emotesCalled } from './completion-sources.js';
import { el, tell } from './dom.js';
import { select } from './form-dialog.js';
import { emotePicture } from './show-words.js';

/** A hand in each tone says it without a word. */
const TONES = ['✋', '✋🏻', '✋🏼', '✋🏽', '✋🏾', '✋🏿'];

/** Between the picker, its button and the edges of the window. */
const MARGIN_PX = 12;

/** What can be taken: an emoji, or an emote with its picture. @typedef {EmojiView & { image?: string, animated?: true }} Choice */

/**
 * @param {HTMLButtonElement} button
 * @param {HTMLTextAreaElement} input
 * @param {EmojiStore} store
 * @param {Emotes} emotes of the room
 * @param {Translate} t
 */
export function openEmojiPicker(button, input, store, emotes, t) {
  const search = el('input', {
    class: 'input',
    type: 'search',
    'aria-label': t('emoji.search'),
    placeholder: t('emoji.search'),
  });
  const tone = select(
    TONES.map((label, value) => ({ value, label })),
    store.tone,
  );
  tone.classList.add('input');
  tone.setAttribute('aria-label', t('emoji.tone'));
  const state = el('p', { class: 'emoji-state', role: 'status' }, t('emoji.loading'));
  const shelves = el('div', { class: 'emoji-shelves' });
  const picker = el(
    'div',
    { class: 'emoji-picker', popover: 'auto', role: 'dialog', 'aria-label': t('emoji.title') },
    el('div', { class: 'emoji-head' }, search, tone),
    state,
    shelves,
  );
  search.addEventListener('input', () => void draw());
  tone.addEventListener('change', () => {
    store.tone = Number(tone.value);
    void draw();
  });
  shelves.addEventListener('click', (event) => {
    const choice = event.target instanceof Element ? event.target.closest('button') : null;
    if (choice) {
      take(choice.dataset['text']);
    }
  });
  picker.addEventListener('keydown', (event) => key(event));
  picker.addEventListener('toggle', ({ newState }) => {
    if (newState === 'closed') {
      button.setAttribute('aria-expanded', 'false');
      picker.remove();
    }
  });
  button.setAttribute('aria-expanded', 'true');
  (button.form ?? document.body).append(picker);
  picker.showPopover();
  place(picker, button);
  search.focus();
  void draw();

  async function draw() {
    const query = search.value.trim();
    try {
      const found =
        query === ''
          ? await everything()
          : [shelf('', [...emotesCalled(query, emotes).map(choiceOf), ...(await store.find(query))])];
      if (query === search.value.trim()) {
        const had = shelves.contains(document.activeElement);
        shelves.replaceChildren(...found);
        if (had) {
          // What had the focus is gone; a search that was still on its way has come.
          search.focus();
        }
        tell(state, shelves.querySelector('button') ? '' : t('emoji.none'));
      }
    } catch {
      tell(state, t('emoji.failed'));
    }
  }

  async function everything() {
    const groups = await store.groups();
    const recent = store.recent.flatMap((text) => recentChoice(text, emotes));
    return [
      ...(recent.length > 0 ? [shelf(t('emoji.recent'), recent)] : []),
      ...(emotes.size > 0 ? [shelf(t('emoji.room'), [...emotes.values()].map(choiceOf))] : []),
      ...groups.map(({ name, emojis }) =>
        shelf(
          name,
          emojis.map((emoji) => store.toned(emoji)),
        ),
      ),
    ];
  }

  /** @param {string | undefined} text */
  function take(text) {
    if (text) {
      store.used(text);
      picker.hidePopover();
      input.focus();
      insertText(input, text);
    }
  }

  /** @param {KeyboardEvent} event */
  function key(event) {
    const choices = [...shelves.querySelectorAll('button')];
    const at = choices.findIndex((choice) => choice === document.activeElement);
    if (event.key === 'Escape') {
      picker.hidePopover();
      button.focus();
    } else if (event.key === 'Enter' && document.activeElement === search && !event.isComposing) {
      take(choices[0]?.dataset['text']);
    } else if (event.key === 'ArrowDown' && document.activeElement === search) {
      choices[0]?.focus();
    } else if (event.key === 'Tab') {
      tab(event.shiftKey);
    } else if (at >= 0 && moved(choices, at, event.key)) {
      // The focus is where it was led.
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  /** From one stop to the next, and round: it stays in the picker, as in every dialog. @param {boolean} isBack */
  function tab(isBack) {
    // What is not drawn yet would lose the focus again.
    shelves.toggleAttribute('data-whole', true);
    const firsts = [...shelves.querySelectorAll('button')].filter(({ tabIndex }) => tabIndex === 0);
    const stops = [search, tone, ...firsts];
    const shelf = document.activeElement?.closest('.emoji-shelf');
    const at = stops.findIndex((stop) => stop === document.activeElement || shelf?.contains(stop));
    stops.at((at + (isBack ? -1 : 1)) % stops.length)?.focus();
  }
}

/** @param {EmoteView} emote @returns {Choice} */
function choiceOf({ name, image, animated }) {
  return { text: `:${name}:`, name, words: '', image, ...(animated && { animated }) };
}

/** An emote is only of use where it is at home. @param {string} text @param {Emotes} emotes @returns {Choice[]} */
function recentChoice(text, emotes) {
  const name = /^:(\w+):$/.exec(text)?.[1];
  const emote = name === undefined ? undefined : emotes.get(name);
  if (emote) {
    return [choiceOf(emote)];
  }
  return name === undefined ? [{ text, name: text, words: '' }] : [];
}

/** Above its button, with its right edges in line where there is room. @param {HTMLElement} picker @param {HTMLElement} button */
function place(picker, button) {
  const edge = button.getBoundingClientRect();
  const most = window.innerWidth - picker.offsetWidth - MARGIN_PX;
  picker.style.right = `${Math.max(MARGIN_PX, Math.min(window.innerWidth - edge.right, most))}px`;
  picker.style.bottom = `${window.innerHeight - edge.top + MARGIN_PX}px`;
}

/**
 * One stop for Tab in each; the arrows do the rest.
 * @param {string} name
 * @param {readonly Choice[]} choices
 */
function shelf(name, choices) {
  return el(
    'section',
    { class: 'emoji-shelf', 'aria-label': name || null },
    ...(name ? [el('h3', {}, name)] : []),
    el(
      'div',
      { class: 'emoji-grid' },
      ...choices.map(({ text, name: label, image, animated }, index) =>
        el(
          'button',
          {
            type: 'button',
            title: label,
            'aria-label': label,
            'data-text': text,
            tabindex: index === 0 ? 0 : -1,
          },
          image === undefined ? text : emotePicture({ image, ...(animated && { animated }) }, ''),
        ),
      ),
    ),
  );
}

/**
 * Left and right to the next one, up and down to the one that is seen there.
 * @param {readonly HTMLElement[]} choices
 * @param {number} at
 * @param {string} key
 */
function moved(choices, at, key) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
  const to = step === undefined ? { Home: choices[0], End: choices.at(-1) }[key] : choices[at + step];
  const next = key === 'ArrowDown' || key === 'ArrowUp' ? nearest(choices, at, key === 'ArrowDown') : to;
  next?.focus();
  return next !== undefined || step !== undefined || key.startsWith('Arrow');
}

/** @param {readonly HTMLElement[]} choices @param {number} at @param {boolean} isDown */
function nearest(choices, at, isDown) {
  const from = choices[at]?.getBoundingClientRect();
  const others = isDown ? choices.slice(at + 1) : choices.slice(0, at).toReversed();
  const beyond = others.map((choice) => ({ choice, box: choice.getBoundingClientRect() }));
  const row = beyond.find(({ box }) =>
    isDown ? box.top > (from?.top ?? 0) + 1 : box.top < (from?.top ?? 0) - 1,
  )?.box.top;
  const inRow = beyond.filter(({ box }) => box.top === row);
  inRow.sort((a, b) => Math.abs(a.box.left - (from?.left ?? 0)) - Math.abs(b.box.left - (from?.left ?? 0)));
  return inRow[0]?.choice;
}
