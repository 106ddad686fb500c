/**
 * Somebody's card: who they are for everybody, and for staff also what they said, what was done about it, and what is noted.
 *
 * @import { CardView, ProfileView } from '../../src/protocol/views.js'
 * @import { RoomView } from './room-view.js'
 */

import { get } from './api.js';
import { cardSections } from './card-sections.js';
import { el } from './dom.js';
import { initial } from './graphemes.js';
import { request } from './request.js';
import { toast } from './toast.js';
import { openWarnDialog } from './warn-dialog.js';

/** @param {RoomView} view @param {string} who an id or a nickname @returns {Promise<string | null>} why not */
export async function openPersonCard(view, who) {
  const { t, slug, panel } = view;
  const path = `/api/rooms/${encodeURIComponent(slug)}/people/${encodeURIComponent(who)}`;
  /** @type {Awaited<ReturnType<typeof get<{ person: ProfileView }>>>} */
  const { answer, error } = await get(path, t);
  if (error !== null) {
    return error;
  }
  const { person } = answer;
  const role = await roleToGive(view, person);
  const knows = mayRead(view.member, person);
  const more = el('div', { class: 'card-more' });
  const dialog = el(
    'dialog',
    { class: 'dialog card', 'aria-labelledby': 'card-name' },
    head(person, view),
    el('div', { class: 'card-actions' }, ...actions(person, role, view, () => dialog.close())),
    more,
    el(
      'form',
      { method: 'dialog', class: 'form-actions' },
      el('button', { class: 'button quiet' }, t('dialog.close')),
    ),
  );
  const end = new AbortController();
  dialog.addEventListener('close', () => {
    end.abort();
    dialog.remove();
  });
  document.body.append(dialog);
  dialog.showModal();
  if (knows) {
    // What staff do to this person while the card is open stands in it.
    panel.addEventListener(
      'madang:staff',
      (event) => {
        if (event instanceof CustomEvent && event.detail.user?.id === person.id) {
          void load();
        }
      },
      { signal: end.signal },
    );
    await load();
  }
  return null;

  async function load() {
    /** @type {Awaited<ReturnType<typeof get<{ card: CardView }>>>} */
    const { answer: found, error: fault } = await get(`${path.replace(/[^/]+$/, person.id)}/card`, t);
    if (found) {
      cardSections(more, found.card, view, { close: () => dialog.close(), changed: () => void load() });
    } else {
      more.replaceChildren(el('p', { class: 'field-error', role: 'alert' }, fault));
    }
  }
}

/** @param {ProfileView} person @param {RoomView} view */
function head({ nickname, role, color, joinedAt, guest }, { t, times }) {
  const joined = new Date(joinedAt);
  const badge = guest ? 'guest' : role;
  // A guest is here for a day at most: the hour tells more.
  const since = guest ? times.short(joined) : times.day(joined);
  return el(
    'div',
    { class: `card-head hue-${Math.floor(color / 10)}` },
    el('span', { class: 'avatar', 'aria-hidden': 'true' }, initial(nickname)),
    el(
      'div',
      {},
      el(
        'h2',
        { id: 'card-name' },
        el('bdi', { class: 'message-name' }, nickname),
        ...(badge === 'user' ? [] : [' ', el('span', { class: 'badge' }, t(`badge.${badge}`))]),
      ),
      el(
        'p',
        { class: 'hint' },
        el(
          'time',
          { datetime: joinedAt, title: times.exact(joined) },
          t(guest ? 'card.guest-since' : 'card.joined', { date: since }),
        ),
      ),
    ),
  );
}

/**
 * What an administrator can make of somebody in this room; null: nothing, or they are moderators of the whole server.
 * @param {RoomView} view
 * @param {ProfileView} person
 * @returns {Promise<'moderator' | 'user' | null>}
 */
async function roleToGive({ member, slug, t }, { id, role, guest }) {
  if (member?.role !== 'admin' || guest || role === 'admin') {
    return null;
  }
  if (role === 'user') {
    return 'moderator';
  }
  /** @type {Awaited<ReturnType<typeof get<{ users: { id: string }[] }>>>} */
  const { answer } = await get(`/api/rooms/${encodeURIComponent(slug)}/moderators`, t);
  return answer?.users.some((user) => user.id === id) ? 'user' : null;
}

/** @param {ProfileView} person @param {'moderator' | 'user'} role @param {RoomView} view */
async function appoint({ id, nickname: name }, role, { slug, t }) {
  const gives = role === 'moderator';
  const path = `/api/rooms/${encodeURIComponent(slug)}/moderators/${id}`;
  const refusal = await request(gives ? 'PUT' : 'DELETE', path, {}, t);
  toast(refusal?.message ?? t(gives ? 'command.done-appointed' : 'command.done-dismissed', { name }));
}

/** @param {ProfileView} person @param {'moderator' | 'user' | null} role to be given @param {RoomView} view @param {() => void} close */
function actions(person, role, view, close) {
  const { t, composer, reader, viewer, member } = view;
  const { id, nickname: name } = person;
  /** @param {string} label @param {() => void} run */
  const button = (label, run, style = 'button quiet small') => {
    const made = el('button', { type: 'button', class: style }, label);
    made.addEventListener('click', () => {
      close();
      run();
    });
    return made;
  };
  if (id === viewer?.id) {
    return [];
  }
  const isIgnored = reader.choices.ignored.some((ignored) => ignored.id === id);
  const ignoring = isIgnored
    ? button(t('reading.unignore'), () => reader.readAgain(id))
    : button(t('message.ignore'), () => {
        reader.ignore(person);
        toast(t('message.ignored', { name }));
      });
  const acts =
    mayRead(member, person) && !(member?.role === 'moderator' && person.role !== 'user')
      ? [
          button(t('message.warn'), () => void openWarnDialog(view.slug, person, t)),
          button(t('message.timeout'), () => void view.sanction(person, 'timeout')),
          ...(person.role === 'user'
            ? [button(t('message.hide'), () => void view.sanction(person, 'hide'))]
            : []),
          button(t('message.ban'), () => void view.sanction(person, 'ban')),
        ]
      : [];
  return [
    ...(composer ? [button(t('card.mention'), () => composer.insert(`@${name} `))] : []),
    ignoring,
    ...acts,
    ...(role === null
      ? []
      : [
          button(
            t(role === 'moderator' ? 'card.appoint' : 'card.dismiss'),
            () => void appoint(person, role, view),
          ),
        ]),
  ];
}

/** As far as the page can know; the server knows for certain. @param {RoomView['member']} member @param {ProfileView} person */
function mayRead(member, { id, role }) {
  return (
    member !== null &&
    member.id !== id &&
    (member.role === 'admin' || (member.role === 'moderator' && role === 'user'))
  );
}
