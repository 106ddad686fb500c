/**
 * The chat panel: draws the room at most once per frame of the screen, and turns what people do into calls of the room.
 * After each draw the panel fires `madang:room`, for what else is on the page; `data-live` tells that it is up to date.
 *
 * @import { ServerFrame } from '../../src/protocol/frames.js'
 * @import { AuthorView, SanctionAction, UserView } from '../../src/protocol/views.js'
 * @import { Message } from './entries.js'
 * @import { MemberParts } from './member-parts.js'
 * @import { RowContext } from './message-row.js'
 */

import { browserSurroundings, onWaking } from './browser-surroundings.js';
import { ConnectionBar } from './connection-bar.js';
import { slot } from './dom.js';
import { MessageList } from './message-list.js';
import { News } from './news.js';
import { noticeLine } from './notices.js';
import { listenToClicks } from './panel-clicks.js';
import { pageStrings } from './page-strings.js';
import { PinBar } from './pin-bar.js';
import { PollSlot } from './poll-slot.js';
import { RaidSlot } from './raid-slot.js';
import { ReactionsSlot } from './reactions-slot.js';
import { Reader } from './reader.js';
import { messageAt } from './reducer.js';
import { request } from './request.js';
import { isStaff } from './roles.js';
import { RoomHead } from './room-head.js';
import { RoomNews } from './room-news.js';
import { Room } from './room.js';
import { ScrollFollower } from './scroll-follower.js';
import { timesFor } from './times.js';
import { toast } from './toast.js';

/** So many rows stay in the page while the reader is at the bottom. */
const ROWS = 200;
/** The screen draws nothing for a page that is not looked at; its title and its sounds go on. */
const HIDDEN_DRAW_MS = 250;
const TIMES_EVERY_MS = 30_000;

export class RoomView {
  #scheduled = false;
  /** The oldest entry when the rows were last drawn. @type {number | null} */
  #oldest = null;
  /** The message that is to be shown once it is loaded. @type {number | null} */
  #goingTo = null;
  #newsOfNames = '';

  /**
   * @param {HTMLElement} panel
   * @param {((view: RoomView) => MemberParts) | null} parts makes what only those need who may take part
   */
  constructor(panel, parts) {
    const { slug = '', socket = '', viewer = 'null', locale = 'en', ai = '' } = panel.dataset;
    this.panel = panel;
    this.slug = slug;
    this.locale = locale;
    this.t = pageStrings();
    this.times = timesFor(locale);
    this.ai = ai;
    /** Whom the page was made for. @type {UserView | null} */
    this.viewer = JSON.parse(viewer);
    this.room = new Room(
      {
        socketAddress: new URL(socket, location.href.replace(/^http/, 'ws')).href,
        slug,
        viewer: this.viewer,
        storage: sessionStorage,
        onChange: () => this.schedule(),
        onNotice: noticeLine(slot(panel, 'notice'), this.t, this.viewer?.nickname),
        onRefused: (refused, error) => {
          if (error.code === 'user.warned') {
            void this.parts?.warnings?.look();
          }
          return this.parts?.writing?.refused(refused, error) ?? 'kept';
        },
        onError: ({ message }) => toast(message),
        onWarned: (frame) => this.parts?.warnings?.receive(frame),
        onReview: (frame) => this.#review(frame),
        onRenamed: (news) => this.#renamed(news),
        onStaff: (act) => panel.dispatchEvent(new CustomEvent('madang:staff', { detail: act })),
        onIgnored: (people) => this.reader.account?.follow(people),
        onQuestion: (frame) => {
          this.happenings.question(frame);
          panel.dispatchEvent(new CustomEvent('madang:question', { detail: frame }));
        },
        onReactions: (counts) => this.reactions.receive(counts),
        onBack: () => void this.reader.account?.lookAgain(),
        onStranger: () => location.reload(),
      },
      browserSurroundings(),
    );
    this.list = new MessageList(slot(panel, 'list'));
    this.reader = new Reader(panel, {
      t: this.t,
      onChange: () => this.schedule(),
    });
    this.bar = new ConnectionBar(slot(panel, 'state'), this.t, () => this.room.check());
    this.news = new News(panel, this.viewer, this.t);
    this.happenings = new RoomNews(this);
    this.pin = new PinBar(panel, {
      t: this.t,
      slug,
      storage: localStorage,
      marks: () => this.#marks,
      emotes: () => this.room.log.emotes,
      onGoTo: (seq) => this.goTo(seq),
      onUnpin: () => void this.unpin(),
      onNew: (text) => this.news.announcer.add([], [text]),
      onOver: () => this.schedule(),
    });
    this.head = new RoomHead(this);
    this.raid = new RaidSlot(this, () => this.schedule());
    this.poll = new PollSlot(this, () => this.schedule());
    this.reactions = new ReactionsSlot(this, () => this.schedule());
    this.older = slot(panel, 'older');
    this.follower = new ScrollFollower({
      scroller: slot(panel, 'scroller'),
      list: slot(panel, 'list'),
      top: this.older,
      onFollow: () => this.schedule(),
      onTop: () => this.room.loadOlder(),
    });
    this.tools = slot(panel, 'tools');
    this.parts = parts?.(this) ?? null;
    this.reader.account = this.parts?.account ?? null;
    this.#listen();
  }

  start() {
    this.room.start();
  }

  /** Takes the pinned message off. */
  async unpin() {
    const refusal = await request('DELETE', `/api/rooms/${encodeURIComponent(this.slug)}/pin`, {}, this.t);
    if (refusal) {
      toast(refusal.message);
    }
  }

  /**
   * Opens somebody's card.
   * @param {string} who an id or a nickname
   * @returns {Promise<string | null>} why not
   */
  async openCard(who) {
    try {
      const { openPersonCard } = await import('./person-card.js');
      return await openPersonCard(this, who);
    } catch {
      return this.t('form.offline');
    }
  }

  /** The same for who pointed at somebody, and has nothing in the box that it could be said at. @param {string} who */
  async showPerson(who) {
    const error = await this.openCard(who);
    if (error !== null) {
      toast(error);
    }
  }

  /** Lets staff time somebody out, or ban them. @param {Pick<AuthorView, 'id' | 'nickname'>} user @param {SanctionAction} action */
  async sanction(user, action) {
    const { openSanctionDialog } = await import('./sanction-dialog.js');
    const { slug, t, locale, member } = this;
    await openSanctionDialog(slug, user, action, t, locale, member?.role === 'admin');
  }

  /** Shows a message, and loads what is before it if need be. @param {number} seq */
  goTo(seq) {
    const { session } = this.room.log;
    if (session && seq < session.firstSeq) {
      // It is of an event that is over, which has a page of its own.
      location.assign(`/rooms/${encodeURIComponent(this.slug)}/sessions`);
      return;
    }
    this.follower.stay();
    this.#goingTo = seq;
    this.#go();
  }

  /** Told once, on however many nodes the person is. @param {{ id: string, user: { nickname: string }, from: string }} news */
  #renamed({ id, user, from }) {
    if (id !== this.#newsOfNames) {
      this.#newsOfNames = id;
      toast(this.t('staff.renamed', { from, name: user.nickname }));
    }
  }

  /** What staff are to decide has changed; told to whoever shows it. @param {ServerFrame} frame */
  #review(frame) {
    this.parts?.queues.receive(frame);
    this.panel.dispatchEvent(new CustomEvent('madang:review', { detail: frame }));
  }

  /** Leads the reader to what was said last. */
  toNewest() {
    this.reader.catchUp();
    this.follower.toBottom();
  }

  #listen() {
    this.news.pill.addEventListener('click', () => this.toNewest());
    this.older.addEventListener('click', () => this.room.loadOlder());
    listenToClicks(this.panel, this);
    setInterval(() => this.schedule(), TIMES_EVERY_MS);
    onWaking(
      () => this.room.check(),
      () => this.schedule(),
    );
    const leave = () => this.parts?.summary?.leave(this.room);
    window.addEventListener('pagehide', leave);
    document.addEventListener('visibilitychange', () => document.hidden && leave());
  }

  /** The box; null where the viewer cannot write. */
  get composer() {
    return this.parts?.writing?.box ?? null;
  }

  /** The viewer as they rank here by now; null for a guest. */
  get member() {
    return this.viewer && (this.room.log.viewer ?? this.viewer);
  }

  /** What rows are drawn with. @returns {RowContext} */
  get context() {
    const { t, times, locale, member, ai, room, parts } = this;
    const { answers } = room;
    return {
      t,
      times,
      locale,
      viewer: member,
      ai,
      answers,
      translations: parts?.translations ?? null,
      find: (seq) => this.find(seq),
      writable: this.#writable,
      pinned: room.log.pinned?.target ?? null,
      editable: room.log.room?.settings.edits !== false,
      reading: this.reader.choices,
      marks: this.#marks,
      emotes: room.log.emotes,
    };
  }

  get #marks() {
    return this.room.log.room?.settings.markdown !== false;
  }

  get #writable() {
    const { room } = this.room.log;
    const { archived, settings } = room ?? {};
    const shut = settings?.guests === false && this.viewer?.guest === true;
    const forbidden = archived === true || (settings?.hostsOnly === true && !this.#staff) || shut;
    return this.composer !== null && !forbidden;
  }

  get #staff() {
    return isStaff(this.member);
  }

  /** A message that is loaded and not gone. @param {number} seq @returns {Message | undefined} */
  find(seq) {
    const message = messageAt(this.room.log, seq);
    return message?.removed === 'cleared' ? undefined : message;
  }

  /** Draws anew, once the screen is ready for it. */
  schedule() {
    if (this.#scheduled) {
      return;
    }
    this.#scheduled = true;
    const draw = () => {
      this.#scheduled = false;
      this.#draw();
    };
    if (document.hidden) {
      setTimeout(draw, HIDDEN_DRAW_MS);
    } else {
      requestAnimationFrame(draw);
    }
  }

  #draw() {
    const { room, follower } = this;
    this.bar.show(room.socket.connection, room.live);
    this.panel.toggleAttribute('data-live', room.live);
    // Until a snapshot's first entry is there, the page keeps what it shows.
    if (room.log.next === null) {
      return;
    }
    if (follower.following) {
      room.prune(ROWS + this.reader.behind);
    }
    const pages = room.log.oldest;
    follower.keepPlace(() => this.#drawRows());
    if (pages !== this.#oldest) {
      this.#oldest = pages;
      follower.lookAgain();
    }
    this.news.draw(room, { following: follower.following, behind: this.reader.behind });
    this.happenings.draw();
    this.parts?.attention.look(room);
    this.parts?.summary?.draw(room);
    this.#go();
    this.#drawRoom();
  }

  /** The message itself, or the page before what is loaded. */
  #go() {
    const seq = this.#goingTo;
    const row = seq === null ? null : document.getElementById(`m-${seq}`);
    if (row) {
      this.#goingTo = null;
      location.hash = row.id;
      row.scrollIntoView({ block: 'center' });
    } else if (seq !== null && this.room.older && seq < (this.room.log.oldest ?? 0)) {
      this.room.loadOlder();
    } else {
      this.#goingTo = null;
    }
  }

  #drawRows() {
    const { room } = this;
    const shown = this.reader.shown(room, this.member, (seq) => this.find(seq));
    this.list.render(shown, room.outbox.parcels, this.context);
    slot(this.panel, 'empty').hidden = !this.list.empty;
    this.older.hidden = !room.older;
    this.older.setAttribute('aria-busy', String(room.loadingOlder));
    this.older.textContent = this.t(room.loadingOlder ? 'history.loading' : 'history.older');
  }

  #drawRoom() {
    const { log } = this.room;
    this.head.draw();
    this.composer?.update({
      limit: log.room?.settings.textLimit ?? log.limits?.text ?? Number(this.panel.dataset['limit']),
      enabled: this.#writable,
      silentUntil: log.timedOutUntil,
    });
    this.tools.hidden = !this.#staff;
    this.pin.draw(log.pinned, { staff: this.#staff, live: this.room.live });
    const takesPart = this.composer !== null && log.room?.archived !== true;
    this.poll.draw({ staff: this.#staff, votes: takesPart });
    this.reactions.draw({ on: log.room?.settings.reactions === true, writes: takesPart });
    this.raid.draw(this.#staff);
    this.parts?.queues.draw(this.#staff && this.room.live);
    if (log.room) {
      this.panel.dispatchEvent(new Event('madang:room'));
    }
  }
}
