import { randomUUID } from 'node:crypto';

import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';

import { DomainError } from '../../common/errors.js';
import { Paced } from '../../common/paced.js';
import { speakerOf, type Viewer } from '../../common/viewer.js';
import { RaidsRepository } from './raids.repository.js';
import { RoomRaids } from './room.raids.js';

/** All go at nearly the same time: they are written down in bundles. */
const NOTE_EVERY_MS = 1000;

/** Who goes along with a raid, each once: an account or a named guest on however many sockets, anybody else by their socket. */
@Injectable()
export class RaidGoers implements OnModuleDestroy {
  private readonly logger = new Logger('Raids');
  private readonly toNote = new Map<string, Set<string>>();
  private readonly noting = new Paced<string>(NOTE_EVERY_MS, (raidId) => void this.note(raidId));
  private readonly guests = new WeakMap<object, string>();

  constructor(
    private readonly raids: RaidsRepository,
    private readonly known: RoomRaids,
  ) {}

  onModuleDestroy(): void {
    this.noting.close();
  }

  /** Throws `not-found` for what is no raid of this room, or was one some seconds ago. */
  go(socket: { readonly viewer: Viewer }, roomId: number, raidId: string): void {
    if (!this.known.untold.some((raid) => raid.id === raidId && raid.roomId === roomId)) {
      throw new DomainError('not-found');
    }
    const waiting = this.toNote.get(raidId) ?? new Set();
    waiting.add(speakerOf(socket.viewer)?.id ?? this.guest(socket));
    this.toNote.set(raidId, waiting);
    this.noting.ask(raidId);
  }

  private guest(socket: object): string {
    const id = this.guests.get(socket) ?? randomUUID();
    this.guests.set(socket, id);
    return id;
  }

  private async note(raidId: string): Promise<void> {
    const people = [...(this.toNote.get(raidId) ?? [])];
    this.toNote.delete(raidId);
    try {
      await this.raids.addGoers(raidId, people);
    } catch (error) {
      // They are not counted; nobody is kept from going.
      this.logger.warn({ msg: 'who goes along was not noted', why: String(error) });
    }
  }
}
