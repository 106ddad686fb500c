import { CloseCode } from '../../protocol/close-codes.js';
import type { ServerFrame } from '../../protocol/frames.js';
import { Channel, type ChannelOptions, type ReadLog, type Rewrite } from '../../realtime/channel.js';
import type { RoomSocket } from '../../realtime/room-socket.js';
import { textFrame } from '../../realtime/text-frame.js';
import { Presence, type Visitor } from '../../realtime/presence.js';
import type { RoomSettings } from '../../protocol/views.js';
import type { Metrics } from '../../common/metrics.js';
import { isStaff, speakerOf, type Account, type Viewer } from '../../common/viewer.js';
import type { Entry } from '../messages/entry.entity.js';
import { logFrame } from '../messages/entry.presenter.js';
import type { RoleDraft, RoomChanges } from '../log/draft.js';
import type { SanctionData } from '../log/entry.draft.js';
import { afterHiding, hidingOf, type Hiding } from '../log/hiding.js';
import type { RoomEmotes } from '../emotes/room-emotes.js';
import { sessionAt, type ShownSession } from '../sessions/room-sessions.js';
import type { OpenPoll } from '../polls/open-poll.js';
import { LateSide, type LateStart } from './late-side.js';
import type { Pin } from './pin.js';
import type { Room } from './room.entity.js';
import type { RoomMessage } from './room.message.js';
import { RoomSockets } from './room.sockets.js';
import { RoomState, type KnownOfRoom } from './room.state.js';
import { RoomStreams } from './room.streams.js';
import type { Silences } from './silences.js';
import type { RoomStanding } from './rooms.repository.js';

/** A room that somebody on this node has open: its channel, who is there, and its row as the log has changed it. */
export class LiveRoom {
  /** In real time: for its staff, and for everybody while there is no delay. */
  readonly channel: Channel<Entry>;
  /** For everybody else while there is one. */
  private late: LateSide | null = null;
  readonly presence: Presence;
  readonly sockets = new RoomSockets();
  readonly streams: RoomStreams;
  /** When the last socket left, by `performance.now()`; null while there is one. */
  emptySince: number | null = performance.now();
  private readonly state: RoomState;
  private readonly onFanout: NonNullable<ChannelOptions<Entry>['onFanout']>;

  constructor(
    row: Room,
    known: KnownOfRoom,
    private readonly read: ReadLog<Entry>,
    metrics: Metrics,
    private readonly others: {
      /** Tells the other nodes that have this room open. */
      tell(message: RoomMessage): void;
      /** Told of each entry, once it has been taken. */
      follow(entry: Entry): void;
      /** The time of day. */
      now(): number;
    },
  ) {
    this.state = new RoomState(row, known);
    this.onFanout = (deliveries, seconds) => {
      metrics.deliveries.inc(deliveries);
      metrics.fanoutSeconds.observe(seconds);
    };
    this.channel = new Channel(row.head, {
      read,
      onEntry: (entry) => this.follow(entry),
      onFanout: this.onFanout,
      onRepaired: (entries) => metrics.repairs.inc(entries),
      onCaughtUp: (subscriber) => {
        for (const snapshot of this.streams.snapshots()) {
          subscriber.write(textFrame(JSON.stringify(snapshot)));
        }
      },
    });
    this.streams = new RoomStreams(
      (message) => this.others.tell(message),
      (frame, lasting) => this.show(frame, { lasting }),
    );
    this.presence = new Presence(
      {
        changed: (data) => this.showPassing({ event: 'presence', data }),
        notice: (data) => this.pass({ event: 'notice', data }),
      },
      (people) => people <= this.settings.noticesUpTo,
    );
  }

  /** The row as of the channel's head. */
  get room(): Room {
    return this.state.room;
  }

  /** What is on top of the room for this viewer, whether or not it is to be seen now. */
  pinFor(viewer: Pick<Viewer, 'account'>): Pin | null {
    const late = this.lateFor(viewer);
    return late ? late.pin : this.state.pin;
  }

  /** The event that this viewer, as they rank here, is at or was at last; null where there has been none. */
  sessionFor(viewer: Pick<Viewer, 'account'>): ShownSession | null {
    return sessionAt(this.state.sessions, this.channelFor(viewer).head);
  }

  /** The channel that this viewer, as they rank here, is sent: with it, its head and its pages are theirs. */
  channelFor(viewer: Pick<Viewer, 'account'>): Channel<Entry> {
    return this.lateFor(viewer)?.channel ?? this.channel;
  }

  /** Whether this viewer, as they rank here, is shown everything late. */
  isLate(viewer: Pick<Viewer, 'account'>): boolean {
    return this.lateFor(viewer) !== null;
  }

  /** Sockets that do not keep up. */
  get lagging(): number {
    return this.channel.lagging + (this.late?.channel.lagging ?? 0);
  }

  /** What the room is being asked. */
  get poll(): OpenPoll | null {
    return this.state.poll;
  }

  /** The same as this viewer knows: to whom everything is shown late, it is not there before its entry is. */
  pollFor(viewer: Pick<Viewer, 'account'>): OpenPoll | null {
    const late = this.lateFor(viewer);
    return late && (this.poll?.seq ?? 0) > late.channel.head ? null : this.poll;
  }

  get emotes(): RoomEmotes {
    return this.state.emotes;
  }

  get settings(): RoomSettings {
    return this.state.settings;
  }

  /** Who may not take part here. */
  get silences(): Silences {
    return this.state.silences;
  }

  /** Takes committed entries, in whatever order they come. */
  apply(entries: readonly Entry[]): void {
    this.channel.append(entries.map(logFrame));
  }

  /** Begins to show everything late to all but staff; for a room that is opened with a delay, before anybody enters. */
  startLate(start: Omit<LateStart, 'delay'>): void {
    const { channel: real, read, onFanout } = this;
    const { delay } = this.settings;
    this.late = new LateSide({ ...start, delay }, real, { read, onFanout }, () => this.others.now());
  }

  /**
   * Shows everybody in the room, on whatever node, a frame without a seq in its place; `Channel.relay` says where that is
   * and who does without.
   */
  relay(
    frame: ServerFrame,
    { after = 0, lasting = false }: { after?: number; lasting?: boolean } = {},
  ): void {
    this.show(frame, { after, lasting });
    if (frame.event === 'ai.started') {
      this.streams.tellOwn(frame.data.id);
    } else if (frame.event === 'ai.ended') {
      // It may be of another node, which cannot say so itself.
      this.streams.hear(frame);
    }
    this.others.tell({ type: 'aside', frame, after, lasting });
  }

  /** Shows everybody who keeps up, on this node, a frame that nobody comes back for. */
  showPassing(frame: ServerFrame): void {
    const json = JSON.stringify(frame);
    this.channel.broadcast(json);
    this.late?.channel.broadcast(json);
  }

  /** Shows one person, on whatever node, something that is for them alone. Nobody comes back for it. */
  tellPerson(userId: string, frame: ServerFrame): void {
    this.showPerson(userId, frame);
    this.others.tell({ type: 'person', userId, frame });
  }

  /** Tells somebody, on whatever node, that what they said with this nonce will not be posted. */
  tellDenied(userId: string, nonce: string): void {
    this.sockets.deny(userId, nonce);
    this.others.tell({ type: 'denied', userId, nonce });
  }

  /** Takes what another node says of the room. */
  hear(message: Exclude<RoomMessage, { type: 'entries' }>): void {
    switch (message.type) {
      case 'aside':
        if (this.streams.hear(message.frame)) {
          this.show(message.frame, message);
        }
        break;
      case 'passing':
        this.showPassing(message.frame);
        break;
      case 'staff':
        this.sockets.sendStaff(message.frame, message.except);
        break;
      case 'person':
        this.showPerson(message.userId, message.frame);
        break;
      case 'denied':
        this.sockets.deny(message.userId, message.nonce);
        break;
      case 'streams':
        this.streams.learn(message.streams);
        break;
      case 'streams?':
        this.streams.tellOwn();
        break;
      case 'stop':
        this.streams.stopOwn(message.id);
    }
  }

  /** Takes how far the log goes, and what of the row is not said in it. */
  keepUp({ head, first, title }: RoomStanding): void {
    this.channel.expect(head);
    this.keepFrom(Math.max(first, this.room.first));
    if (this.room.kind === 'assistant') {
      this.keepTitle(title);
    }
  }

  /** The viewer as this room knows them: its own moderators are moderators here. */
  viewerHere<V extends Pick<Viewer, 'account'>>(viewer: V): V {
    return viewer.account ? { ...viewer, account: this.accountHere(viewer.account) } : viewer;
  }

  accountHere(account: Account): Account {
    return this.state.accountHere(account);
  }

  /** Whether the person was banned since the room was opened here: their upgrade may have been on its way. */
  shuts(viewer: Viewer): boolean {
    const speaker = speakerOf(viewer);
    return speaker !== null && this.state.isBanned(speaker.id);
  }

  /** Counts a viewer in; the socket joins the channel once it has been welcomed. */
  enter(socket: RoomSocket<Entry>, viewer: Viewer): void {
    this.sockets.add(socket);
    socket.onRenewed = () => this.place(socket);
    this.emptySince = null;
    this.presence.enter(visitorOf(viewer));
  }

  leave(socket: RoomSocket<Entry>, viewer: Viewer): void {
    this.sockets.delete(socket);
    this.channel.leave(socket);
    this.late?.channel.leave(socket);
    this.presence.leave(visitorOf(viewer));
    if (this.presence.sockets === 0) {
      this.emptySince = performance.now();
    }
  }

  /** Takes a title that was not said in the log. */
  keepTitle(title: string): void {
    this.state.keepTitle(title);
  }

  /** Raises the oldest kept seq. */
  keepFrom(first: number): void {
    this.state.keepFrom(first);
  }

  /** Called about once a second. */
  sweep(): void {
    this.channel.forgetReplays();
    this.late?.sweep();
  }

  close(): void {
    this.channel.close();
    this.late?.close();
    this.presence.close();
    this.streams.close();
  }

  /** Takes an entry into what this node knows of the room, each once and in order, and has it act on who is here. */
  private follow(entry: Entry): void {
    this.state.follow(entry);
    const hiding = hidingOf(entry);
    if (hiding) {
      this.hide(hiding);
    }
    switch (entry.event) {
      case 'room.changed': {
        const { settings }: RoomChanges = JSON.parse(entry.data!);
        if (settings?.delay !== undefined) {
          this.followDelay(entry.seq);
        }
        break;
      }
      case 'user.sanctioned':
        this.sanction(JSON.parse(entry.data!));
        break;
      case 'user.role-changed': {
        const { user }: Pick<RoleDraft, 'user'> = JSON.parse(entry.data!);
        this.sockets.of(user.id).forEach((socket) => socket.renew());
        break;
      }
      default:
        break;
    }
    this.late?.take(entry);
    this.streams.follow(entry);
    this.others.follow(entry);
  }

  /** Shows everybody who keeps up, on whatever node, a frame that nobody comes back for. */
  private pass(frame: ServerFrame): void {
    this.showPassing(frame);
    this.others.tell({ type: 'passing', frame });
  }

  /**
   * Shows the sockets of this node a frame in its place. What passes is a text that is being written, and those who are
   * late are sent it as a whole.
   */
  private show(frame: ServerFrame, { after = 0, lasting }: { after?: number; lasting: boolean }): void {
    const json = JSON.stringify(frame);
    this.channel.relay(json, { after, lasting });
    if (lasting) {
      this.late?.relay(json, after);
    }
  }

  private lateFor(viewer: Pick<Viewer, 'account'>): LateSide | null {
    return this.late === null || isStaff(viewer) ? null : this.late;
  }

  /** Follows the delay from the entry on that has set it. Nobody is moved back: what is out stays out. */
  private followDelay(seq: number): void {
    const { delay } = this.settings;
    if (delay === 0) {
      const { late } = this;
      this.late = null;
      for (const socket of this.sockets) {
        if (late?.channel.has(socket)) {
          late.handOver(socket);
        }
      }
      late?.close();
    } else if (this.late) {
      this.late.delay = delay;
    } else {
      this.startLate({ head: seq, pin: this.state.pin });
      for (const socket of this.sockets) {
        this.place(socket);
      }
    }
  }

  /** Has a socket go on where its viewer's rank is sent what happens. */
  private place(socket: RoomSocket<Entry>): void {
    const { late } = this;
    const isLate = late?.channel.has(socket);
    if (late && isLate && isStaff(socket.viewer)) {
      late.handOver(socket);
    } else if (late && !isLate && this.channel.has(socket) && !isStaff(socket.viewer)) {
      this.channel.handOver(socket, late.channel);
    }
  }

  private showPerson(userId: string, frame: ServerFrame): void {
    if (frame.event === 'warned' || frame.event === 'warning.acknowledged') {
      this.silences.warn(userId, frame.event === 'warned');
    }
    this.sockets.sendPerson(userId, frame);
  }

  private sanction({ user, action, removed }: SanctionData): void {
    if (action === 'hide' || action === 'unhide') {
      return;
    }
    if (removed || action === 'ban') {
      this.sockets.sendStaff({ event: 'held.dropped', data: { user: user.id } });
    }
    if (action === 'ban') {
      this.sockets.of(user.id).forEach((socket) => socket.close(CloseCode.Banned));
    }
  }

  /** What is hidden is also in memory: from there, too, its text is never sent again. */
  private hide(hiding: Hiding): void {
    const rewrite: Rewrite<Entry> = ({ entry }) => {
      const hidden = afterHiding(entry, hiding);
      return hidden && logFrame(hidden);
    };
    this.channel.rewrite(rewrite);
    this.late?.rewrite(rewrite, hiding);
  }
}

function visitorOf({ account }: Viewer): Visitor {
  return account && { id: account.id, nickname: account.nickname };
}
