/**
 * One's conversations with the AI on the front page.
 *
 * @import { ConversationView as Conversation } from '../../src/protocol/views.js'
 */

import { ConversationList } from './conversation-list.js';
import { ConversationView } from './conversation-view.js';
import { findSlot, slot } from './dom.js';
import { enableForms } from './forms.js';
import { pageStrings } from './page-strings.js';

/** Brings them to life; does nothing on a page without them. */
export function startTalk() {
  const panel = document.getElementById('talk');
  const nav = document.getElementById('conversations');
  if (!panel || !nav) {
    return;
  }
  enableForms();
  const begun = begunStore(panel);
  if (begun.goOn()) {
    return;
  }
  const isResumed = begun.resume();
  const list = new ConversationList(nav, (open) => {
    begun.done();
    if (isAnswered) {
      // Its own page knows more: why a question has no answer, and what came before what is still kept here.
      location.replace(`/?c=${open.id}`);
    } else {
      entitle(panel, open);
    }
  });
  const refresh = () => void list.refresh(panel.dataset['id'] ?? '');
  const view = new ConversationView(panel, pageStrings(), { onTurn: refresh, onBegin: () => begun.asked() });
  // Nothing of it waits to be sent any more: the server has had all of it.
  const isAnswered = isResumed && view.room.outbox.parcels.length === 0;
  if (isResumed) {
    refresh();
  }
  if (isResumed || panel.dataset['new'] === undefined) {
    view.start();
  }
}

/**
 * The id of a conversation whose first question has been asked: until the list knows it the address does not name it, and
 * a reload must lose neither the question nor what came of it.
 * @param {HTMLElement} panel
 */
function begunStore(panel) {
  const key = `madang:talk:begun:${viewerOf(panel)}`;
  const isNew = panel.dataset['new'] !== undefined;
  return {
    /** Takes up again what was asked before a reload; tells whether there was something. */
    resume() {
      const id = isNew ? read(key) : null;
      if (id !== null) {
        setId(panel, id);
      }
      return id !== null;
    },
    /** Goes to the conversation whose address came while this page was being reloaded without it; tells whether it does. */
    goOn() {
      const known = read(`${key}:known`);
      forget(`${key}:known`);
      const isReloaded = performance
        .getEntriesByType('navigation')
        .some((entry) => entry instanceof PerformanceNavigationTiming && entry.type === 'reload');
      if (!isNew || !isReloaded || known === null) {
        return false;
      }
      location.replace(`/?c=${known}`);
      return true;
    },
    /** The first question is being asked. */
    asked() {
      write(key, panel.dataset['id'] ?? '');
    },
    /** The conversation is there, and the address may name it. */
    done() {
      const id = panel.dataset['id'] ?? '';
      forget(key);
      if (location.pathname === '/' && !new URLSearchParams(location.search).has('c')) {
        write(`${key}:known`, id);
        history.replaceState(null, '', `/?c=${id}`);
      }
    },
  };
}

/** @param {HTMLElement} panel */
function viewerOf(panel) {
  /** @type {{ id: string } | null} */
  const viewer = JSON.parse(panel.dataset['viewer'] ?? 'null');
  return viewer?.id ?? '';
}

/** @param {HTMLElement} panel @param {string} id */
function setId(panel, id) {
  const old = panel.dataset['id'] ?? '';
  panel.dataset['id'] = id;
  for (const form of panel.querySelectorAll('form[data-action]')) {
    form.setAttribute('data-action', (form.getAttribute('data-action') ?? '').replace(old, id));
  }
  for (const name of ['export-md', 'export-json']) {
    const link = slot(panel, name);
    link.setAttribute('href', (link.getAttribute('href') ?? '').replace(old, id));
  }
}

/** Wherever the page says what the conversation is called. @param {HTMLElement} panel @param {Conversation} conversation */
function entitle(panel, { title }) {
  const heading = slot(panel, 'title');
  if (heading.textContent === title) {
    return;
  }
  document.title = [title, document.title.split(' · ').at(-1) ?? ''].join(' · ');
  heading.textContent = title;
  slot(panel, 'tools').hidden = false;
  document.querySelector('main')?.classList.add('talking');
  const rename = findSlot(panel, 'rename', HTMLFormElement)?.elements.namedItem('title');
  if (rename instanceof HTMLInputElement) {
    rename.value = title;
  }
}

/** @param {string} key */
function read(key) {
  try {
    return sessionStorage.getItem(key);
  } catch {
    return null;
  }
}

/** @param {string} key @param {string} value */
function write(key, value) {
  try {
    sessionStorage.setItem(key, value);
  } catch {
    // Without storage a reload begins anew.
  }
}

/** @param {string} key */
function forget(key) {
  try {
    sessionStorage.removeItem(key);
  } catch {
    // Nothing was kept.
  }
}
