import { randomUUID } from 'node:crypto';

import { Injectable } from '@nestjs/common';

import type { RoomKind, RoomView } from '../../protocol/views.js';
import { Clock } from '../../common/clock.js';
import { parseEmbed } from '../../common/embed-address.js';
import { DomainError } from '../../common/errors.js';
import { hasRole, type Viewer } from '../../common/viewer.js';
import { LiveRooms } from './live-rooms.js';
import { refusalOf, type RoomChanges } from '../log/draft.js';
import { LogWriter } from '../log/log.writer.js';
import type { Room } from './room.entity.js';
import { mayChangeRoom } from './room.policy.js';
import { presentRoom } from './room.presenter.js';
import { SETTINGS_OF, settingsOf } from './room-settings.js';
import { RoomsRepository } from './rooms.repository.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Rooms: which there are, who may enter, and what administrators change about them. */
@Injectable()
export class RoomsService {
  constructor(
    private readonly rooms: RoomsRepository,
    private readonly live: LiveRooms,
    private readonly log: LogWriter,
    private readonly clock: Clock,
  ) {}

  /** Everybody's rooms; archived ones are shown to administrators. */
  async list(viewer: Viewer): Promise<Room[]> {
    return this.rooms.listShared({ archived: hasRole(viewer, 'admin') });
  }

  /**
   * The one door to a room: `not-found` alike for what does not exist, is of another kind, or is somebody else's.
   * Throws `auth.required` for a guest at a conversation.
   */
  async find(viewer: Viewer, slug: string, kind?: RoomKind): Promise<Room> {
    const room = await this.rooms.findBySlug(slug);
    if (kind === 'assistant' && viewer.account === null) {
      throw new DomainError('auth.required');
    }
    if (
      !room ||
      (kind && room.kind !== kind) ||
      (room.ownerId !== null && room.ownerId !== viewer.account?.id)
    ) {
      throw new DomainError('not-found');
    }
    return room;
  }

  /** A room where people talk; a conversation with the AI is not one. */
  async findSpeakable(viewer: Viewer, slug: string): Promise<Room> {
    const room = await this.find(viewer, slug);
    if (room.kind === 'assistant') {
      throw new DomainError('not-found');
    }
    return room;
  }

  /** A person's conversation with the AI by the id their client made; an unused one is created. */
  async conversation(viewer: Viewer, clientId: string): Promise<Room> {
    const slug = clientId.toLowerCase();
    if (!UUID.test(slug)) {
      throw new DomainError('not-found');
    }
    const { account } = viewer;
    if (!account) {
      throw new DomainError('auth.required');
    }
    if (!(await this.rooms.findBySlug(slug))) {
      await this.insert({ slug, title: '', kind: 'assistant', ownerId: account.id }).catch(ignoreTaken);
    }
    return this.find(viewer, slug, 'assistant');
  }

  async create(room: { slug: string; title: string; kind: 'chat' | 'stream' }): Promise<Room> {
    return this.insert({ ...room, ownerId: null });
  }

  /**
   * Changes a room through its log, so that everybody in it sees the change in its place. Throws `auth.forbidden` for what
   * is not theirs to change.
   */
  async change(viewer: Viewer, slug: string, changes: RoomChanges): Promise<Room> {
    const room = await this.findSpeakable(viewer, slug);
    const { account } = (await this.live.open(room.id)).viewerHere(viewer);
    if (!account) {
      throw new DomainError('auth.required');
    }
    if (!mayChangeRoom(account.role, changes)) {
      throw new DomainError('auth.forbidden');
    }
    const embed = changes.embed?.trim() || null;
    if (embed !== null && (room.kind !== 'stream' || parseEmbed(embed) === null)) {
      throw new DomainError('frame.invalid', { fields: { embed: 'field.embed' } });
    }
    const changed = differences(room, { ...changes, ...(changes.embed !== undefined && { embed }) });
    if (Object.keys(changed).length === 0) {
      return room;
    }
    const { id, nickname, role } = account;
    const outcome = await this.log.append({
      type: 'room',
      roomId: room.id,
      id: randomUUID(),
      actor: { id, nickname, role },
      from: viewer.address,
      nonce: null,
      changes: changed,
    });
    if (outcome.status === 'refused') {
      throw refusalOf(outcome);
    }
    return this.find(viewer, slug);
  }

  /** The room with who is there now. */
  present(room: Room): RoomView {
    return presentRoom(room, this.live.presenceOf(room.id));
  }

  private insert(room: Pick<Room, 'slug' | 'title' | 'kind' | 'ownerId'>): Promise<Room> {
    return this.rooms.insert({
      ...room,
      settings: JSON.stringify(SETTINGS_OF[room.kind]),
      embed: null,
      archived: false,
      epoch: randomUUID(),
      head: 0,
      first: 1,
      pinned: null,
      cleared: 0,
      createdAt: this.clock.now(),
    });
  }
}

/** Two sockets may open the same new conversation at once; the second finds the first one's. */
function ignoreTaken(error: unknown): void {
  if (!(error instanceof DomainError && error.code === 'name.taken')) {
    throw error;
  }
}

/** What of the changes is not so already: the log says what changed, not what somebody sent. */
function differences(room: Room, { title, embed, archived, settings = {} }: RoomChanges): RoomChanges {
  const present = new Map<string, unknown>(Object.entries(settingsOf(room.settings)));
  const set = Object.entries(settings).filter(
    ([name, value]) => value !== undefined && value !== present.get(name),
  );
  return {
    ...(title !== undefined && title !== room.title && { title }),
    ...(embed !== undefined && embed !== room.embed && { embed }),
    ...(archived !== undefined && archived !== room.archived && { archived }),
    ...(set.length > 0 && { settings: Object.fromEntries(set) }),
  };
}
