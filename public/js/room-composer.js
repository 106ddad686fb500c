/**
 * The box of a room: what is written there is said, changes what was said, or is a command that is run. What is refused goes
 * back into the box, unless its author is writing something else there already.
 *
 * @import { ErrorData } from '../../src/protocol/frames.js'
 * @import { Deed } from './command-deeds.js'
 * @import { Context } from './composer.js'
 * @import { Writing } from './outbox.js'
 * @import { Refusal } from './request.js'
 * @import { RoomView } from './room-view.js'
 */

import { hintWithoutAi } from './ai-hint.js';
import { Composer } from './composer.js';
import { draftStore } from './drafts.js';
import { actionsFor } from './message-row.js';
import { messagesIn } from './reducer.js';
import { toast } from './toast.js';
import { assistWriting } from './writing-help.js';

/** What begins like a command, or with a slash that is meant. */
const SLASH = /^\s*\//;
/** So long Up in an empty box leads to the last message; later its menu does. */
const EDIT_LAST_MS = 60_000;

export class RoomComposer {
  /** What was refused since there are rules to read, by nonce. @type {Set<string>} */
  #unread = new Set();
  #readingRules = false;
  /** Fetched with the first slash. @type {typeof import('./commands.js') | null} */
  #commands = null;

  /** @param {RoomView} view @param {HTMLFormElement} form */
  constructor(view, form) {
    this.view = view;
    const { t, slug, viewer, panel, ai } = view;
    if (panel.hasAttribute('data-ai-off')) {
      hintWithoutAi(form, ai, t);
    }
    this.box = new Composer(form, {
      t,
      ready: false,
      last: () => this.#lastOwn(),
      draft: draftStore(sessionStorage, `madang:draft:${slug}:${viewer?.id ?? ''}`),
      fault: (text, context) => this.#commandFault(text, context),
      prepare: (text) => (this.#commands || !SLASH.test(text) ? null : this.#fetchCommands()),
      onSend: (text, style, context) => {
        const deed = this.#read(text, context);
        if (context?.is === 'edit') {
          view.room.edit(context.seq, text);
        } else if (deed && 'do' in deed) {
          void this.#run(deed, text, context);
        } else {
          const announcement = style && { kind: /** @type {const} */ ('admin'), style };
          view.room.say(text, { ...announcement, ...(context && { replyTo: context.seq }) });
          view.toNewest();
        }
      },
    });
    assistWriting(this.box, view, () => this.#fetchCommands());
  }

  /**
   * Takes back what the server refused.
   * @param {Writing} refused
   * @param {ErrorData} refusal
   */
  refused({ event, data }, refusal) {
    // What is wrong with the text says more than that something is.
    const error = { ...refusal, message: refusal.fields?.['text'] ?? refusal.message };
    if (error.code === 'rules.unread') {
      this.#unread.add(data.nonce);
      void this.#readRules();
    }
    if (event === 'remove' || event === 'ask') {
      toast(error.message);
      return 'taken';
    }
    const { box, view } = this;
    if (!box.empty) {
      return 'kept';
    }
    if (event === 'edit') {
      box.giveBack({ text: data.text, edits: data.target }, error);
    } else {
      const answers = data.replyTo === undefined ? undefined : view.find(data.replyTo);
      const style = data.kind && (data.style ?? 'info');
      box.giveBack({ text: data.text, style, answers }, error);
    }
    return 'taken';
  }

  /** Nothing is left to acknowledge: what was refused for it can be sent. */
  forgiven() {
    this.box.refusal.forgive();
    this.box.input.focus();
  }

  /** What was refused until the rules are read is sent once they are: that in the box, then what came behind it. */
  async #readRules() {
    if (this.#readingRules) {
      return;
    }
    this.#readingRules = true;
    const { t, room } = this.view;
    const dialog = await import('./rules-dialog.js').catch(() => toast(t('form.offline')));
    const done = await dialog?.readRules(this.view);
    this.#readingRules = false;
    if (done) {
      this.box.form.requestSubmit();
      this.#unread.forEach((nonce) => room.outbox.retry(nonce));
    }
    this.#unread.clear();
  }

  /** What the viewer said last, within a minute, if it can be changed. */
  #lastOwn() {
    const { room, viewer, context } = this.view;
    const last = room.log.items.findLast(
      (item) => item.type === 'message' && item.author?.id === viewer?.id && item.kind === 'chat',
    );
    const canEdit =
      last?.type === 'message' &&
      Date.now() - Date.parse(last.at) < EDIT_LAST_MS &&
      actionsFor(last, context).includes('edit');
    return canEdit ? { seq: last.seq, text: last.text ?? '' } : null;
  }

  async #fetchCommands() {
    this.#commands ??= await import('./commands.js');
    return this.#commands;
  }

  /** The command that somebody wrote, if it is one. @param {string} text @param {Context} context */
  #read(text, context) {
    const isCommand = context?.is !== 'edit' && SLASH.test(text);
    return isCommand && this.#commands ? this.#commands.readCommand(text, this.#placeOf(context)) : null;
  }

  /** What is wrong with a command, for whoever writes it. @param {string} text @param {Context} context */
  #commandFault(text, context) {
    const read = this.#read(text, context);
    if (!read || !('fault' in read)) {
      return null;
    }
    const { t } = this.view;
    const { fault, params = {} } = read;
    const args = t(`command.${params['name']}-args`);
    return t(fault, { args, ...params });
  }

  /** @param {Context} context */
  #placeOf(context) {
    const { room, slug, member } = this.view;
    const messages = messagesIn(room.log);
    const people = new Map(messages.flatMap(({ author }) => (author ? [[author.id, author]] : [])));
    return {
      slug,
      role: member?.role ?? 'user',
      people: [...people.values()],
      messages,
      poll: this.view.room.log.poll?.id ?? null,
      replyTo: context?.is === 'reply' ? context.seq : null,
    };
  }

  /** @param {Deed} deed @param {number | undefined} replyTo @returns {Promise<Refusal | null>} */
  async #outcome(deed, replyTo) {
    const runner = await import('./command-runner.js').catch(() => null);
    return runner ? runner.runCommand(deed, this.view, replyTo) : { message: this.view.t('form.offline') };
  }

  /** @param {Deed} deed @param {string} text @param {Context} context */
  async #run(deed, text, context) {
    const replyTo = context?.seq;
    const refusal = await this.#outcome(deed, replyTo);
    if (!refusal) {
      return;
    }
    const message = [refusal.message, ...Object.values(refusal.fields ?? {})].join(' ');
    if (this.box.empty) {
      const answers = replyTo === undefined ? undefined : this.view.find(replyTo);
      this.box.giveBack({ text, answers }, { message });
    } else {
      toast(message);
    }
  }
}
