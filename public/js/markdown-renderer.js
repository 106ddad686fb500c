/**
 * Answers in Markdown. What a model writes is a stranger's text: HTML in it is shown as it was written, nothing is loaded
 * for it, and only http and https can be followed. The libraries are fetched when the first answer needs them.
 *
 * @import { Config } from 'dompurify'
 * @import { Token, Tokens } from 'marked'
 * @import { Translate } from './strings.js'
 */

import { el } from './dom.js';
import { safeHref } from './linkify.js';

const MARKED = '../vendor/marked.js';
const PURIFY = '../vendor/purify.js';

/** @type {Config & { RETURN_DOM_FRAGMENT: true }} */
const ALLOWED = {
  ALLOWED_TAGS:
    'p br hr blockquote pre code strong em del a ul ol li h3 h4 h5 h6 table thead tbody tr th td'.split(' '),
  ALLOWED_ATTR: ['href', 'class', 'start'],
  ADD_URI_SAFE_ATTR: ['start'],
  ALLOWED_URI_REGEXP: /^https?:\/\//i,
  ALLOW_ARIA_ATTR: false,
  ALLOW_DATA_ATTR: false,
  RETURN_DOM_FRAGMENT: true,
};

/** @type {Promise<[import('marked').Marked, import('dompurify').DOMPurify]> | null} */
let libraries = null;

/**
 * Parsed and sanitised, once, with what belongs to its code blocks.
 * @param {string} text
 * @param {Translate} t
 * @returns {Promise<DocumentFragment>} Rejects if the libraries cannot be loaded; the next call tries again
 */
export async function renderMarkdown(text, t) {
  libraries ??= load().catch((error) => {
    libraries = null;
    throw error;
  });
  const [marked, purify] = await libraries;
  const tokens = marked.lexer(text);
  const toLevel = headingLevels();
  void marked.walkTokens(tokens, (token) => tame(token, toLevel));
  const fragment = purify.sanitize(marked.parser(tokens), ALLOWED);
  for (const link of fragment.querySelectorAll('a')) {
    guard(link);
  }
  for (const table of fragment.querySelectorAll('table')) {
    const wrap = el('div', { class: 'markdown-table', tabindex: 0 });
    table.replaceWith(wrap);
    wrap.append(table);
  }
  if (fragment.querySelector('pre')) {
    const { codeBlocks } = await import('./code-blocks.js');
    codeBlocks(fragment, t);
  }
  return fragment;
}

/** @returns {Promise<[import('marked').Marked, import('dompurify').DOMPurify]>} */
async function load() {
  /** @type {[typeof import('marked'), typeof import('dompurify')]} */
  const [{ Marked }, { default: purify }] = await Promise.all([import(MARKED), import(PURIFY)]);
  const marked = new Marked({ gfm: true, breaks: true });
  marked.use({
    // Without these HTML is text like any other.
    tokenizer: { html: () => undefined, tag: () => undefined },
    renderer: { checkbox: ({ checked }) => (checked ? '☑ ' : '☐ ') },
  });
  return [marked, purify];
}

/** Pictures become links to them: showing one would tell its host who reads. @param {Token} token @param {(depth: number) => number} toLevel */
function tame(token, toLevel) {
  if (token.type === 'heading') {
    token['depth'] = toLevel(token['depth']);
  } else if (token.type === 'image') {
    const text = token['text'] || token['href'];
    Object.assign(token, { type: 'link', tokens: [{ type: 'text', raw: text, text }] });
  }
}

/** Headings go below those of the page, and skip none. */
function headingLevels() {
  /** @type {number[]} */
  const open = [];
  return (/** @type {number} */ depth) => {
    while (open.length > 0 && (open.at(-1) ?? 0) >= depth) {
      open.pop();
    }
    open.push(depth);
    return Math.min(6, 2 + open.length);
  };
}

/** @param {HTMLAnchorElement} link */
function guard(link) {
  const href = safeHref(link.getAttribute('href') ?? '');
  if (href === null) {
    link.replaceWith(...link.childNodes);
  } else {
    link.href = href;
    link.target = '_blank';
    link.rel = 'noopener noreferrer nofollow ugc';
  }
}
