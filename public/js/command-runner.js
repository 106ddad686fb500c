/**
 * Runs what a command asks for. A refusal goes to the caller alone, and the command back into the box.
 *
 * @import { TermView } from '../../src/protocol/views.js'
 * @import { Somebody } from './command-args.js'
 * @import { Deed } from './command-deeds.js'
 * @import { Refusal } from './request.js'
 * @import { RoomView } from './room-view.js'
 */

import { el } from './dom.js';
import { commandsFor, describeCommand } from './commands.js';
import { folded } from './folding.js';
import { newNonce } from './nonce.js';
import { get, post } from './api.js';
import { request } from './request.js';
import { clearRoom } from './room-tools.js';
import { toast } from './toast.js';

/**
 * @param {Deed} deed
 * @param {RoomView} view
 * @param {number | undefined} replyTo
 * @returns {Promise<Refusal | null>} null: done, or on its way
 */
export async function runCommand(deed, view, replyTo) {
  const { t, slug } = view;
  switch (deed.do) {
    case 'help':
      showHelp(view);
      return null;
    case 'card': {
      const message = await view.openCard(deed.who);
      return message === null ? null : { message };
    }
    case 'rules': {
      const { readRules } = await import('./rules-dialog.js');
      await readRules(view);
      return null;
    }
    case 'timers': {
      const { openTimersDialog } = await import('./timers-dialog.js');
      openTimersDialog(view);
      return null;
    }
    case 'settle': {
      const { settle } = await import('./command-waiting.js');
      const refusal = await settle(deed, slug, t);
      if (!refusal) {
        toast(t(deed.done, { name: deed.who.name }));
      }
      return refusal;
    }
    case 'ignore':
      view.reader.ignore({ id: deed.who.user, nickname: deed.who.name });
      toast(t('message.ignored', { name: deed.who.name }));
      return null;
    case 'unignore':
      return readAgain(deed.who, view);
    case 'unblock':
      return unblock(deed.text, view);
    case 'clear':
      await clearRoom(slug, t, deed.reason);
      return null;
    case 'say':
      return say(deed, view, replyTo);
    case 'request': {
      const refusal = await request(deed.method, deed.path, deed.body, t);
      if (!refusal) {
        toast(t(deed.done, deed.params));
      }
      return refusal;
    }
  }
}

/**
 * @param {Extract<Deed, { do: 'say' }>} deed
 * @param {RoomView} view
 * @param {number | undefined} replyTo
 * @returns {Promise<Refusal | null>}
 */
async function say({ text, kind, style, pin }, { room, slug, t }, replyTo) {
  const more = { ...(kind && { kind, style }), ...(replyTo !== undefined && { replyTo }) };
  if (!pin) {
    room.say(text, more);
    return null;
  }
  const path = `/api/rooms/${encodeURIComponent(slug)}`;
  /** @type {Awaited<ReturnType<typeof post<{ seq: number }>>>} */
  const { answer, error } = await post(`${path}/messages`, { text, nonce: newNonce(), ...more }, t);
  if (error !== null) {
    return { message: error };
  }
  const refusal = await request('PUT', `${path}/pin`, { target: answer.seq, ...pin }, t);
  if (refusal) {
    // It has been said: only the pin is missing, and saying it again would double it.
    toast(refusal.message);
  }
  return null;
}

/**
 * Shows again what somebody says whom this reader ignores, wherever they are now.
 * @param {Somebody} who
 * @param {RoomView} view
 * @returns {Refusal | null}
 */
function readAgain({ user, name }, { reader, t }) {
  const ignored = reader.choices.ignored.find(
    ({ id, nickname }) => id === user || folded(nickname) === folded(name),
  );
  if (!ignored) {
    return { message: t('command.not-ignored', { name }) };
  }
  reader.readAgain(ignored.id);
  toast(t('command.done-unignored', { name: ignored.nickname }));
  return null;
}

/**
 * Allows what was blocked in this room, however it is written.
 * @param {string} text
 * @param {RoomView} view
 * @returns {Promise<Refusal | null>}
 */
async function unblock(text, { slug, t }) {
  const path = `/api/rooms/${encodeURIComponent(slug)}/terms`;
  /** @type {Awaited<ReturnType<typeof get<{ terms: TermView[] }>>>} */
  const { answer, error } = await get(path, t);
  if (error !== null) {
    return { message: error };
  }
  const term = answer.terms.find((blocked) => folded(blocked.text) === folded(text));
  if (!term) {
    return { message: t('command.not-blocked', { text }) };
  }
  const refusal = await request('DELETE', `${path}/${term.id}`, {}, t);
  if (!refusal) {
    toast(t('command.done-unblocked', { text }));
  }
  return refusal;
}

/** The commands that this person has, with their arguments. @param {RoomView} view */
function showHelp({ t, member }) {
  const rows = commandsFor(member?.role ?? 'user').flatMap((command) => {
    const { args, about } = describeCommand(command, t);
    return [el('dt', {}, el('code', {}, `/${command.name} ${args}`)), el('dd', {}, about)];
  });
  const dialog = el(
    'dialog',
    { class: 'dialog', 'aria-labelledby': 'commands-title' },
    el('h2', { id: 'commands-title' }, t('command.title')),
    el('dl', { class: 'commands', tabindex: 0, 'aria-labelledby': 'commands-title' }, ...rows),
    el('p', { class: 'hint' }, t('command.escape')),
    el(
      'form',
      { method: 'dialog', class: 'form-actions' },
      el('button', { class: 'button', autofocus: true }, t('command.close')),
    ),
  );
  document.body.append(dialog);
  dialog.addEventListener('close', () => dialog.remove());
  dialog.showModal();
}
