/**
 * Keeps a page of the server's staff as it is now: figures are set as the server counts them, and a part of the page that an
 * act of staff concerns (`data-live`, the kinds of acts) is fetched anew when one is pushed. The page itself stays.
 *
 * @import { ServerFrame } from '../../src/protocol/frames.js'
 */

import { browserSurroundings, onWaking } from './browser-surroundings.js';
import { RoomSocket } from './socket.js';
import { pageStrings } from './page-strings.js';

/** Follows what the server pushes, where the page has something that changes. */
export function followStaff() {
  if (!document.querySelector('[data-live], [data-figure]')) {
    return;
  }
  let opened = 0;
  const socket = new RoomSocket(
    {
      address: () => new URL('/ws/staff', location.href.replace(/^http/, 'ws')).href,
      accessAddress: '/api/sanctions',
      onFrame: take,
      onChange: ({ is }) => {
        document.documentElement.toggleAttribute('data-following', is === 'open');
        // What happened while there was no connection was pushed to nobody.
        if (is === 'open' && opened++ > 0) {
          void renew(() => true);
        }
      },
    },
    browserSurroundings(),
  );
  socket.connect();
  const wake = () => socket.connection.is === 'waiting' && socket.connect();
  onWaking(wake, () => undefined);
}

/** @param {ServerFrame} frame */
function take(frame) {
  if (frame.event === 'staff.figures') {
    const { people, sockets, rooms } = frame.data;
    const locale = document.documentElement.lang;
    const t = pageStrings();
    set('[data-figure="people"]', people.toLocaleString(locale));
    set('[data-figure="sockets"]', sockets.toLocaleString(locale));
    set('[data-figure="rooms"]', rooms.length.toLocaleString(locale));
    for (const { slug, count } of rooms) {
      set(`[data-count-of="${CSS.escape(slug)}"]`, t('presence', { count }));
    }
  } else if (frame.event === 'staff.action') {
    const { action } = frame.data;
    void renew((kinds) => kinds === '' || kinds.split(' ').some((kind) => action.startsWith(kind)));
  }
}

/** @param {string} selector @param {string} text */
function set(selector, text) {
  const place = document.querySelector(selector);
  if (place && place.textContent !== text) {
    place.textContent = text;
  }
}

/** Fetches the parts anew whose kinds fit. @param {(kinds: string) => boolean} fits */
async function renew(fits) {
  const parts = [...document.querySelectorAll('[data-live]')].filter(
    (part) => part instanceof HTMLElement && fits(part.dataset['live'] ?? ''),
  );
  if (parts.length === 0) {
    return;
  }
  const page = await pageAgain();
  for (const part of parts) {
    const fresh = page?.getElementById(part.id);
    if (fresh && fresh.innerHTML !== part.innerHTML) {
      const focused = part.contains(document.activeElement) ? document.activeElement : null;
      const name = focused?.getAttribute('aria-label') ?? '';
      part.replaceChildren(...fresh.childNodes);
      if (focused) {
        const again = name === '' ? null : part.querySelector(`[aria-label="${CSS.escape(name)}"]`);
        const target = again ?? part;
        if (target instanceof HTMLElement) {
          target.focus();
        }
      }
    }
  }
}

/**
 * This page as the server makes it now. By an old way of asking: it gives a document without any text being turned into
 * markup by a script, which the policy of the page forbids.
 * @returns {Promise<Document | null>} null: refused, or out of reach
 */
function pageAgain() {
  return new Promise((resolve) => {
    const asking = new XMLHttpRequest();
    asking.responseType = 'document';
    asking.addEventListener('loadend', () => resolve(asking.status === 200 ? asking.responseXML : null));
    asking.open('GET', location.href);
    asking.setRequestHeader('Accept', 'text/html');
    asking.send();
  });
}
