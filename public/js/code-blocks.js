/**
 * Code in answers: a button that copies it, and colours where its language is known.
 *
 * @import { Translate } from './strings.js'
 */

import { copyText } from './clipboard.js';
import { el } from './dom.js';
import { toast } from './toast.js';

const HIGHLIGHT = '../vendor/highlight.js';
const PURIFY = '../vendor/purify.js';
/** @type {import('dompurify').Config & { RETURN_DOM_FRAGMENT: true }} */
const COLOURS = { ALLOWED_TAGS: ['span'], ALLOWED_ATTR: ['class'], RETURN_DOM_FRAGMENT: true };
/** Above this many characters colours would hold up the page. */
const MOST = 20_000;

/**
 * What is used of the highlighter, whose package comes without types.
 * @typedef {object} Highlighter
 * @property {(name: string) => object | undefined} getLanguage
 * @property {(code: string, options: { language: string, ignoreIllegals: true }) => { value: string }} highlight
 */

/** Completes the code blocks of an answer that is about to be shown. @param {ParentNode} root @param {Translate} t */
export function codeBlocks(root, t) {
  for (const pre of root.querySelectorAll('pre')) {
    const code = pre.querySelector('code');
    const text = (code ?? pre).textContent ?? '';
    const language = /(?:^|\s)language-(\S+)/.exec(code?.className ?? '')?.[1] ?? '';
    const copy = el(
      'button',
      { type: 'button', class: 'link-button', 'data-slot': 'copy-code' },
      t('code.copy'),
    );
    copy.addEventListener('click', () => {
      void copyText(text).then((done) => toast(t(done ? 'message.copied' : 'message.copy-failed')));
    });
    const block = el('div', { class: 'code-block' });
    pre.replaceWith(block);
    // A long line is scrolled to, also with the keyboard.
    pre.tabIndex = 0;
    block.append(el('div', { class: 'code-head' }, el('span', {}, language), copy), pre);
    if (code && language !== '' && text.length <= MOST) {
      void colour(code, text, language).catch(() => {
        // Without colours it reads as well.
      });
    }
  }
}

/** @param {HTMLElement} code @param {string} text @param {string} language */
async function colour(code, text, language) {
  /** @type {[{ default: Highlighter }, typeof import('dompurify')]} */
  const [{ default: highlighter }, { default: purify }] = await Promise.all([
    import(HIGHLIGHT),
    import(PURIFY),
  ]);
  if (highlighter.getLanguage(language)) {
    const { value } = highlighter.highlight(text, { language, ignoreIllegals: true });
    code.replaceChildren(purify.sanitize(value, COLOURS));
  }
}
