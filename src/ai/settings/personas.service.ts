import { Injectable } from '@nestjs/common';

import type { Viewer } from '../../common/viewer.js';
import { RoomsService } from '../../chat/rooms/rooms.service.js';
import { ActionLog } from '../../moderation/actions/action.log.js';
import { AiSettings } from './ai.settings.js';
import { AiSettingsRepository } from './settings.repository.js';

/** Who the AI is to be: the server's persona, and a room's beside it. */
@Injectable()
export class PersonasService {
  constructor(
    private readonly settings: AiSettings,
    private readonly repository: AiSettingsRepository,
    private readonly rooms: RoomsService,
    private readonly actions: ActionLog,
  ) {}

  /** What the model is told in this room, or at home; none: the AI is itself. */
  async of(roomId: number | null): Promise<string[]> {
    const own = roomId === null ? '' : await this.repository.persona(roomId);
    return [this.settings.now.persona, own].filter((persona) => persona !== '');
  }

  /** The rooms' own, by the id of the room; those without one are left out. */
  ofRooms(roomIds: readonly number[]): Promise<Map<number, string>> {
    return this.repository.personasOf(roomIds);
  }

  /** A room's own. Throws `not-found`. */
  async ofRoom(viewer: Viewer, slug: string): Promise<string> {
    const room = await this.rooms.findSpeakable(viewer, slug);
    return this.repository.persona(room.id);
  }

  /** Throws `not-found`. */
  async setOfRoom(viewer: Viewer, slug: string, persona: string): Promise<string> {
    const room = await this.rooms.findSpeakable(viewer, slug);
    await this.repository.savePersona(room.id, persona);
    await this.actions.record(viewer, { action: 'ai.persona', roomId: room.id });
    return persona;
  }
}
