import type { ServerFrame } from '../protocol/frames.js';
import { Channel, type ReadLog } from '../realtime/channel.js';
import type { RoomSocket } from '../realtime/room-socket.js';
import { textFrame } from '../realtime/text-frame.js';
import { Presence, type Visitor } from '../realtime/presence.js';
import type { RoomSettings } from '../protocol/views.js';
import type { Metrics } from '../common/metrics.js';
import type { Viewer } from '../common/viewer.js';
import type { Entry } from './entry.entity.js';
import { logFrame } from './entry.presenter.js';
import type { RoomChanges } from './log/draft.js';
import type { Room } from './room.entity.js';
import { settingsOf } from './room-settings.js';

/** Something that is being written before everybody's eyes, and becomes an entry when it is done. */
export interface Stream {
  /** The id of the message it becomes. */
  readonly id: string;
  /** All there is so far, for whoever comes late or fell behind. */
  snapshot(): ServerFrame;
  /** Ends it with what there is. Throws `auth.forbidden` unless the viewer asked for it or is staff. */
  stopBy(viewer: Viewer): void;
}

/** A room that somebody on this node has open: its channel, who is there, and its row as the log has changed it. */
export class LiveRoom {
  readonly channel: Channel<Entry>;
  readonly presence: Presence;
  readonly sockets = new Set<RoomSocket<Entry>>();
  /** What is being written now; while there is any, the room stays open. */
  readonly streams = new Set<Stream>();
  /** When the last socket left, by `performance.now()`; null while there is one. */
  emptySince: number | null = performance.now();
  private row: Room;
  private filledIn: RoomSettings;

  constructor(row: Room, read: ReadLog<Entry>, metrics: Metrics) {
    this.row = row;
    this.filledIn = settingsOf(row.settings);
    this.channel = new Channel(row.head, {
      read,
      onFanout: (deliveries, seconds) => {
        metrics.deliveries.inc(deliveries);
        metrics.fanoutSeconds.observe(seconds);
      },
      onCaughtUp: (subscriber) => {
        for (const stream of this.streams) {
          subscriber.write(textFrame(JSON.stringify(stream.snapshot())));
        }
      },
    });
    this.presence = new Presence(
      {
        changed: (data) => this.channel.broadcast(JSON.stringify({ event: 'presence', data })),
        notice: (data) => this.channel.broadcast(JSON.stringify({ event: 'notice', data })),
      },
      (people) => people <= this.settings.noticesUpTo,
    );
  }

  /** The row as of the channel's head. */
  get room(): Room {
    return this.row;
  }

  get settings(): RoomSettings {
    return this.filledIn;
  }

  /** Takes committed entries: to the sockets, and into what this node knows of the room. */
  apply(entries: Entry[]): void {
    this.channel.append(entries.map(logFrame));
    for (const entry of entries) {
      if (entry.event === 'message.removed') {
        this.forgetText(entry.target!, entry.seq);
      } else if (entry.event === 'room.changed') {
        this.change(JSON.parse(entry.data!));
      }
    }
  }

  /** Counts a viewer in; the socket joins the channel once it has been welcomed. */
  enter(socket: RoomSocket<Entry>, viewer: Viewer): void {
    this.sockets.add(socket);
    this.emptySince = null;
    this.presence.enter(visitorOf(viewer));
  }

  leave(socket: RoomSocket<Entry>, viewer: Viewer): void {
    this.sockets.delete(socket);
    this.channel.leave(socket);
    this.presence.leave(visitorOf(viewer));
    if (this.presence.view.sockets === 0) {
      this.emptySince = performance.now();
    }
  }

  /** Takes a title that was not said in the log. */
  keepTitle(title: string): void {
    this.row = { ...this.row, title };
  }

  /** Raises the oldest kept seq. */
  keepFrom(first: number): void {
    this.row = { ...this.row, first };
  }

  close(): void {
    this.channel.close();
    this.presence.close();
  }

  /** The removed message and its edits are also in memory: from there, too, their text is never sent again. */
  private forgetText(target: number, removedBy: number): void {
    this.channel.rewrite(({ entry }) =>
      entry.seq === target || (entry.target === target && entry.event === 'message.changed')
        ? logFrame({ ...entry, removedBy })
        : undefined,
    );
  }

  private change(changes: RoomChanges): void {
    const { title, embed, archived, settings } = changes;
    this.filledIn = { ...this.filledIn, ...settings };
    this.row = {
      ...this.row,
      title: title ?? this.row.title,
      embed: embed === undefined ? this.row.embed : embed,
      archived: archived ?? this.row.archived,
      settings: JSON.stringify(this.filledIn),
    };
  }
}

function visitorOf({ account }: Viewer): Visitor {
  return account && { id: account.id, nickname: account.nickname };
}
