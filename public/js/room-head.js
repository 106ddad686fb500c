/**
 * What stands above the messages and changes with the room: who is there, its modes, its title.
 *
 * @import { RoomView } from './room-view.js'
 */

import { findSlot, slot } from './dom.js';
import { drawModes, keepInReach, modesOn } from './modes.js';

export class RoomHead {
  /** @type {string | null} */
  #title = null;

  /** @param {RoomView} view */
  constructor(view) {
    this.view = view;
    keepInReach(slot(view.panel, 'modes'));
  }

  draw() {
    const { panel, t, locale } = this.view;
    const { presence, room, session } = this.view.room.log;
    if (presence) {
      slot(panel, 'presence').textContent = t('presence', { count: presence.count });
    }
    if (!room) {
      return;
    }
    const { settings, title } = room;
    this.#show('guest-form', settings.guests);
    this.#show('questions', settings.questions);
    const event = session ? [t(session.endedAt ? 'session.ended' : 'session.live')] : [];
    drawModes(slot(panel, 'modes'), [...event, ...modesOn(settings, t, locale)]);
    retitle(panel, this.#title, title);
    this.#title = title;
  }

  /** @param {string} name @param {boolean} isShown */
  #show(name, isShown) {
    const part = findSlot(this.view.panel, name, HTMLElement);
    if (part) {
      part.hidden = !isShown;
    }
  }
}

/** Wherever the page says the old title. @param {HTMLElement} panel @param {string | null} old @param {string} title */
function retitle(panel, old, title) {
  if (old === null || old === title) {
    return;
  }
  document.title = document.title.replace(old, () => title);
  for (const place of [document.querySelector('h1'), panel.querySelector('#chat-title')]) {
    if (place?.textContent) {
      place.textContent = place.textContent.replace(old, () => title);
    }
  }
}
