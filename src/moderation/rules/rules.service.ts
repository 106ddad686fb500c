import { Injectable } from '@nestjs/common';

import type { RulesView } from '../../protocol/views.js';
import { Clock } from '../../common/clock.js';
import { DomainError } from '../../common/errors.js';
import { speakerOf, type Viewer } from '../../common/viewer.js';
import { RuleConsentsRepository } from '../../chat/log/rule-consents.repository.js';
import { LiveRooms } from '../../chat/rooms/live-rooms.js';
import { RoomsService } from '../../chat/rooms/rooms.service.js';
import { rulesId } from '../../chat/rooms/rules.js';

/**
 * The welcome and the rules of a room, which people have read before they write there. That they have is kept for their
 * account, or the guest that they are; the log's writer looks it up, so that it holds at once on every node.
 */
@Injectable()
export class RulesService {
  constructor(
    private readonly rooms: RoomsService,
    private readonly live: LiveRooms,
    private readonly consents: RuleConsentsRepository,
    private readonly clock: Clock,
  ) {}

  /** For everybody who may look into the room. Throws `not-found`. */
  async show(viewer: Viewer, slug: string): Promise<RulesView> {
    const { id: roomId } = await this.rooms.findSpeakable(viewer, slug);
    const live = await this.live.open(roomId);
    const { welcome, rules } = live.settings;
    const id = rulesId(live.settings);
    const speaker = speakerOf(live.viewerHere(viewer));
    const isFree = id === null || (speaker !== null && speaker.role !== 'user');
    const accepted = isFree || (speaker !== null && (await this.consents.of(roomId, speaker.id)) === id);
    return { welcome, rules, id, accepted };
  }

  /**
   * The viewer has read the rules that this names; the same again is nothing new. Throws `auth.required` for whoever has
   * no name to write under, and `rules.unread` when they are other ones by now.
   */
  async accept(viewer: Viewer, slug: string, id: string): Promise<void> {
    const { id: roomId } = await this.rooms.findSpeakable(viewer, slug);
    const speaker = speakerOf(viewer);
    if (!speaker) {
      throw new DomainError('auth.required');
    }
    if (id !== rulesId((await this.live.open(roomId)).settings)) {
      throw new DomainError('rules.unread');
    }
    await this.consents.keep({ roomId, userId: speaker.id, rules: id, at: this.clock.now() });
  }
}
