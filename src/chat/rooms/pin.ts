import type { PinView } from '../../protocol/views.js';
import { afterHiding, type Hiding } from '../log/hiding.js';
import type { Entry } from '../messages/entry.entity.js';
import { presentPin } from '../messages/entry.presenter.js';

/** What a room has on top: the entry that pinned it, with the message's text as it reads now. */
export type Pin = Entry;

/** The pin as a room finds it: `about` are the message and all that was said about it since. */
export function pinFrom(pinned: Entry, about: readonly Entry[]): Pin {
  return about.reduce<Pin>((pin, entry) => followPin(pin, entry) ?? pin, pinned);
}

/** The pin after another entry of its room: replaced, taken off, or its message edited. */
export function followPin(pin: Pin | null, entry: Entry): Pin | null {
  switch (entry.event) {
    case 'room.pinned':
      return entry;
    case 'room.unpinned':
      return null;
    case 'message.changed':
    case 'message.restored':
      // An edit that is hidden with its author is nobody's to see up there.
      return pin && entry.target === pin.target && entry.text !== null && entry.audience === null
        ? { ...pin, text: entry.text }
        : pin;
    default:
      return pin;
  }
}

/** The pin after texts were hidden or shown again: while its message is removed there is nothing to show. */
export function hidePin(pin: Pin | null, hiding: Hiding): Pin | null {
  return pin && (afterHiding(pin, hiding) ?? pin);
}

/** The pin as people see it; null when there is nothing to see, its message being removed or its time over. */
export function shownPin(pin: Pin | null, now: number): PinView | null {
  const view = pin && pin.removedBy === null ? presentPin(pin) : null;
  return view?.until !== undefined && Date.parse(view.until) <= now ? null : view;
}
