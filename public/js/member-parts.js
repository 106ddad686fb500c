/**
 * What a panel has for those who may take part, and those who only read do without: the box, what was missed, translations,
 * warnings, whom they ignore, being called back, and for staff what they are to decide. A page that is made for them asks for this at once with the rest.
 *
 * @import { RoomView } from './room-view.js'
 */

import { Attention } from './attention.js';
import { findSlot } from './dom.js';
import { IgnoredPeople } from './ignored-people.js';
import { QueuesSlot } from './queues-slot.js';
import { RoomComposer } from './room-composer.js';
import { toast } from './toast.js';
import { ignores } from './view-filter.js';
import { Warnings } from './warnings.js';

/** @typedef {ReturnType<Awaited<ReturnType<typeof fetchMemberParts>>>} MemberParts */

/**
 * Answers what makes the parts for a panel that is about to start; what reads with the AI's help comes only where it is turned on.
 * @param {HTMLElement} panel
 */
export async function fetchMemberParts(panel) {
  const [translating, summing] = await Promise.all([
    panel.hasAttribute('data-translations') ? import('./translations.js') : null,
    findSlot(panel, 'summary', HTMLElement) ? import('./summary.js') : null,
  ]);
  return (/** @type {RoomView} */ view) => memberParts(view, translating, summing);
}

/**
 * @param {RoomView} view
 * @param {typeof import('./translations.js') | null} translating
 * @param {typeof import('./summary.js') | null} summing
 */
function memberParts(view, translating, summing) {
  const { panel, slug, t, times, viewer, reader } = view;
  const form = findSlot(panel, 'composer', HTMLFormElement);
  const writing = form && new RoomComposer(view, form);
  return {
    writing,
    warnings: writing && new Warnings({ slug, t, times, done: () => writing.forgiven() }),
    translations: translating
      ? new translating.Translations({
          slug,
          t,
          onChange: () => view.schedule(),
          onDone: (text) => view.news.announcer.add([], [text]),
          onError: toast,
        })
      : null,
    summary:
      summing?.Summary.on(panel, {
        slug,
        viewer: viewer?.id ?? '',
        storage: localStorage,
        t,
        onGoTo: (seq) => view.goTo(seq),
      }) ?? null,
    attention: new Attention(viewer, {
      sounds: () => reader.choices.sound,
      hears: (message) => !ignores(reader.choices.ignored, message),
    }),
    queues: new QueuesSlot(view, () => view.schedule()),
    account: viewer && !viewer.guest && reader.chooses ? accountOf(view) : null,
  };
}

/** Whom a member ignores is with their account; what this browser kept before goes there. @param {RoomView} view */
function accountOf({ panel, reader, t }) {
  const people = JSON.parse(panel.dataset['ignored'] ?? '[]');
  const account = new IgnoredPeople(people, t, (ignored) => reader.reading.choose({ ignored: [...ignored] }));
  for (const person of reader.reading.leaveIgnoredTo(people)) {
    void account.add(person);
  }
  return account;
}
