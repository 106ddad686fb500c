import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { Injectable } from '@nestjs/common';

import type { EmoteChanges } from '../../protocol/frames.js';
import type { EmoteView } from '../../protocol/views.js';
import { Clock } from '../../common/clock.js';
import { DomainError } from '../../common/errors.js';
import type { Viewer } from '../../common/viewer.js';
import type { Emote } from '../../chat/emotes/emote.entity.js';
import { EmotesRepository } from '../../chat/emotes/emotes.repository.js';
import { readPicture, stillOf, type PictureType } from '../../chat/emotes/picture.js';
import { EMOTE_NAME, MOST_EMOTES, presentEmote } from '../../chat/emotes/room-emotes.js';
import { LogWriter } from '../../chat/log/log.writer.js';
import { LiveRooms } from '../../chat/rooms/live-rooms.js';
import type { Room } from '../../chat/rooms/room.entity.js';
import { RoomsService } from '../../chat/rooms/rooms.service.js';
import { StaffService, type AtWork } from '../staff.service.js';

export const LARGEST_EMOTE = 30 * 1024;
const MOST_PIXELS_A_SIDE = 256;
/** Of two who meet at the last place again and again, both are refused in the end. */
const MOST_TRIES = 5;
const LONGEST_PAUSE_MS = 100;
/** Of the digest of a picture: enough that nobody finds another with the same. */
const IMAGE_ID_LENGTH = 22;

export interface StoredImage {
  readonly type: PictureType;
  readonly content: Buffer;
}

/**
 * The pictures that people in a room write as `:name:`. Its staff choose them; who is there is told through the log, so
 * that everybody, on whatever node, has the same at the same place.
 */
@Injectable()
export class EmotesService {
  constructor(
    private readonly staff: StaffService,
    private readonly rooms: RoomsService,
    private readonly live: LiveRooms,
    private readonly emotes: EmotesRepository,
    private readonly log: LogWriter,
    private readonly clock: Clock,
  ) {}

  /** Those of a room, by name. */
  async of({ id }: Pick<Room, 'id'>): Promise<EmoteView[]> {
    return (await this.emotes.ofRoom(id)).map(presentEmote);
  }

  async list(viewer: Viewer, slug: string): Promise<EmoteView[]> {
    return this.of(await this.rooms.findSpeakable(viewer, slug));
  }

  /** Throws `auth.forbidden` for whoever is not staff there. */
  async listForStaff(viewer: Viewer, slug: string): Promise<EmoteView[]> {
    return this.of((await this.staff.at(viewer, slug)).live.room);
  }

  /**
   * Throws `frame.invalid` for a name that is none, what is no picture or a too large one, and when there would be too
   * many; `body.too-large`; `name.taken`.
   */
  async add(viewer: Viewer, slug: string, name: string, content: Buffer): Promise<EmoteView> {
    const work = await this.staff.at(viewer, slug);
    const roomId = work.live.room.id;
    if (!EMOTE_NAME.test(name)) {
      throw new DomainError('frame.invalid', { fields: { name: 'field.emote-name' } });
    }
    const { type, animated } = checkedPicture(content);
    const emote = {
      roomId,
      name,
      imageId: createHash('sha256').update(content).digest('base64url').slice(0, IMAGE_ID_LENGTH),
      type,
      animated,
      content: content.toString('base64'),
      byId: work.account.id,
      at: this.clock.now(),
    };
    await this.insert(emote);
    try {
      await this.tell(work, { added: [presentEmote(emote)] });
    } catch (refusal) {
      await this.emotes.delete(roomId, name);
      throw refusal;
    }
    return presentEmote(emote);
  }

  /** Messages with it show its name from then on. Throws `not-found`. */
  async remove(viewer: Viewer, slug: string, name: string): Promise<void> {
    const work = await this.staff.at(viewer, slug);
    const roomId = work.live.room.id;
    if (!(await this.emotes.has(roomId, name))) {
      throw new DomainError('not-found');
    }
    // Should the row outlive this, it is asked for once more; the other way round nobody would be told.
    await this.tell(work, { removed: [name] });
    await this.emotes.delete(roomId, name);
  }

  /** The picture with this id; `still`: without its movement. Throws `not-found` once no room has it. */
  async image(id: string, still = false): Promise<StoredImage> {
    const image = id.length === IMAGE_ID_LENGTH ? await this.emotes.findImage(id) : null;
    if (!image) {
      throw new DomainError('not-found');
    }
    const content = Buffer.from(image.content, 'base64');
    return { type: image.type, content: still ? stillOf(content, image) : content };
  }

  /**
   * Counted with the new one, so that two who add the last one at the same time do not both; and again without it after a pause
   * that is not the other's, so that one of them does.
   */
  private async insert(emote: Emote): Promise<void> {
    const { roomId, name } = emote;
    for (let tries = 1; ; tries++) {
      await this.emotes.insert(emote);
      if ((await this.emotes.countIn(roomId)) <= MOST_EMOTES) {
        return;
      }
      await this.emotes.delete(roomId, name);
      await sleep(Math.random() * LONGEST_PAUSE_MS);
      if (tries === MOST_TRIES || (await this.emotes.countIn(roomId)) >= MOST_EMOTES) {
        throw new DomainError('frame.invalid', {
          fields: { name: 'field.emotes' },
          params: { limit: MOST_EMOTES },
        });
      }
    }
  }

  private async tell({ live, account, address }: AtWork, emotes: EmoteChanges): Promise<void> {
    const { id, nickname, role } = account;
    await this.log.write({
      type: 'room',
      roomId: live.room.id,
      id: randomUUID(),
      actor: { id, nickname, role },
      from: address,
      nonce: null,
      changes: { emotes },
    });
  }
}

function checkedPicture(content: Buffer) {
  if (content.length > LARGEST_EMOTE) {
    throw new DomainError('body.too-large');
  }
  const picture = readPicture(content);
  if (!picture) {
    throw new DomainError('frame.invalid', { fields: { picture: 'field.picture' } });
  }
  const { width, height } = picture;
  if (Math.min(width, height) < 1 || Math.max(width, height) > MOST_PIXELS_A_SIDE) {
    throw new DomainError('frame.invalid', {
      fields: { picture: 'field.picture-size' },
      params: { limit: MOST_PIXELS_A_SIDE },
    });
  }
  return picture;
}
