import type { RoomSettings } from '../../protocol/views.js';
import type { Account } from '../../common/viewer.js';
import type { Entry } from '../messages/entry.entity.js';
import { changedEmotes, type RoomEmotes } from '../emotes/room-emotes.js';
import type { RoleDraft, RoomChanges } from '../log/draft.js';
import type { LeaveData, SanctionData } from '../log/entry.draft.js';
import { hidingOf } from '../log/hiding.js';
import { followPoll, type OpenPoll } from '../polls/open-poll.js';
import { followSession, type RoomSessions } from '../sessions/room-sessions.js';
import { followPin, hidePin, type Pin } from './pin.js';
import type { Room } from './room.entity.js';
import { settingsOf } from './room-settings.js';
import { Silences } from './silences.js';

/** What is read of a room beside its row when it is opened; then the log says how it goes on. */
export interface KnownOfRoom {
  /** The ids of those who are moderators here. */
  readonly moderators: readonly string[];
  readonly pin: Pin | null;
  readonly poll: OpenPoll | null;
  readonly emotes: RoomEmotes;
  readonly sessions: RoomSessions;
}

/**
 * A room as of the last entry it was given: a fold of its log, to be given each entry once and in order. It knows
 * neither sockets nor other nodes.
 */
export class RoomState {
  /** Who may not take part here. */
  readonly silences = new Silences();
  private readonly moderators: Set<string>;
  private readonly banned = new Set<string>();
  private row: Room;
  private filledIn: RoomSettings;
  private pinned: Pin | null;
  private asked: OpenPoll | null;
  private pictures: RoomEmotes;
  private held: RoomSessions;

  constructor(row: Room, known: KnownOfRoom) {
    this.row = row;
    this.moderators = new Set(known.moderators);
    this.pinned = known.pin;
    this.asked = known.poll;
    this.pictures = known.emotes;
    this.held = known.sessions;
    this.filledIn = settingsOf(row.settings);
  }

  get room(): Room {
    return this.row;
  }

  get settings(): RoomSettings {
    return this.filledIn;
  }

  /** What is on top of the room, whether or not it is to be seen now. */
  get pin(): Pin | null {
    return this.pinned;
  }

  get poll(): OpenPoll | null {
    return this.asked;
  }

  get emotes(): RoomEmotes {
    return this.pictures;
  }

  get sessions(): RoomSessions {
    return this.held;
  }

  /** The account as this room knows it: its own moderators are moderators here. */
  accountHere(account: Account): Account {
    return account.role === 'user' && this.moderators.has(account.id)
      ? { ...account, role: 'moderator' }
      : account;
  }

  /** Whether a person was banned since the room was opened here. */
  isBanned(userId: string): boolean {
    return this.banned.has(userId);
  }

  /** Takes a title that was not said in the log. */
  keepTitle(title: string): void {
    this.row = { ...this.row, title };
  }

  /** Raises the oldest kept seq. */
  keepFrom(first: number): void {
    this.row = { ...this.row, first };
  }

  follow(entry: Entry): void {
    switch (entry.event) {
      case 'room.changed':
        this.change(JSON.parse(entry.data!), entry.seq);
        break;
      case 'user.sanctioned':
        this.sanction(JSON.parse(entry.data!));
        break;
      case 'user.role-changed':
        this.rank(JSON.parse(entry.data!));
        break;
      case 'user.deleted': {
        const { user }: LeaveData = JSON.parse(entry.data!);
        this.moderators.delete(user.id);
        break;
      }
      default:
        break;
    }
    const hiding = hidingOf(entry);
    this.pinned = followPin(hiding ? hidePin(this.pinned, hiding) : this.pinned, entry);
    this.asked = followPoll(this.asked, entry);
    this.silences.follow(entry);
  }

  private sanction({ user, action }: SanctionData): void {
    if (action === 'ban') {
      this.banned.add(user.id);
    } else if (action !== 'hide' && action !== 'unhide') {
      this.banned.delete(user.id);
    }
  }

  private rank({ user, role }: Pick<RoleDraft, 'user' | 'role'>): void {
    if (role === 'moderator') {
      this.moderators.add(user.id);
    } else {
      this.moderators.delete(user.id);
    }
  }

  private change({ title, embed, archived, settings, emotes, session }: RoomChanges, seq: number): void {
    this.held = session ? followSession(this.held, session, seq) : this.held;
    this.pictures = emotes ? changedEmotes(this.pictures, emotes) : this.pictures;
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
