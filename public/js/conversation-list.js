/**
 * The list of one's conversations, made anew when one begins or is answered.
 *
 * @import { ConversationView } from '../../src/protocol/views.js'
 */

import { cloneTemplate, findSlot, slot, tell } from './dom.js';
import { timesFor } from './times.js';

export class ConversationList {
  /** @param {HTMLElement} nav @param {(open: ConversationView) => void} onOpen what the list says of the open one */
  constructor(nav, onOpen) {
    this.nav = nav;
    this.onOpen = onOpen;
    this.list = slot(nav, 'conversations');
    this.times = timesFor(document.documentElement.lang);
    nav.addEventListener('keydown', ({ key }) => {
      if (key === 'Escape' && location.hash === '#conversations') {
        location.hash = '#talk';
      }
    });
  }

  /** @param {string} open the id of the conversation that is shown */
  async refresh(open) {
    const query = this.list.dataset['query'] ?? '';
    try {
      const answer = await fetch(`/api/conversations?${new URLSearchParams({ q: query }).toString()}`);
      if (answer.ok) {
        /** @type {{ conversations: ConversationView[] }} */
        const { conversations } = await answer.json();
        this.#show(conversations, open);
      }
    } catch {
      // It stays as it was; the next turn tries again.
    }
  }

  /** @param {ConversationView[]} conversations @param {string} open */
  #show(conversations, open) {
    this.list.replaceChildren(...conversations.map((conversation) => this.#row(conversation, open)));
    findSlot(this.nav, 'none', HTMLElement)?.toggleAttribute('hidden', conversations.length > 0);
    const shown = conversations.find(({ id }) => id === open);
    if (shown) {
      this.onOpen(shown);
    }
  }

  /** @param {ConversationView} conversation @param {string} open */
  #row({ id, title, updatedAt, match }, open) {
    const row = cloneTemplate('conversation-template');
    const link = row.querySelector('a');
    link?.setAttribute('href', `/?c=${id}`);
    if (id === open) {
      link?.setAttribute('aria-current', 'page');
    }
    slot(row, 'title').textContent = title;
    slot(row, 'time').setAttribute('datetime', updatedAt);
    slot(row, 'time').textContent = this.times.short(new Date(updatedAt));
    tell(slot(row, 'match'), match?.text ?? '');
    return row;
  }
}
