import { Injectable } from '@nestjs/common';

import type { ActionKind, CardView, NoteView, ProfileView } from '../../protocol/views.js';
import { Clock } from '../../common/clock.js';
import { DomainError } from '../../common/errors.js';
import { idOf } from '../../common/nonce-id.js';
import type { Account, Viewer } from '../../common/viewer.js';
import { SanctionsRepository } from '../../chat/log/sanctions.repository.js';
import { WarningsRepository } from '../../chat/log/warnings.repository.js';
import { EntriesRepository } from '../../chat/messages/entries.repository.js';
import { LiveRooms } from '../../chat/rooms/live-rooms.js';
import { RoomsService } from '../../chat/rooms/rooms.service.js';
import { NamesService } from '../../users/names.service.js';
import { UsersService } from '../../users/users.service.js';
import { ActionLog } from '../actions/action.log.js';
import { PersonRestoreService } from '../removals/person-restore.service.js';
import { presentSanction } from '../sanctions/sanction.presenter.js';
import { StaffService, type AtWork } from '../staff.service.js';
import { presentGivenWarning } from '../warnings/warning.presenter.js';
import { mayRead } from './card.policy.js';
import { presentCardMessage, presentNote, presentProfile } from './card.presenter.js';
import { NotesRepository } from './notes.repository.js';

/** So much of each kind is on a card, the newest first. */
const SHOWN = 20;
/** Messages are looked for among so many entries of the room. */
const RECENT = 5000;
/** More notes of somebody than anybody reads. */
export const MOST_NOTES = 50;

/** What there is to know about somebody in a room: a little for everybody, and more for its staff. */
@Injectable()
export class CardsService {
  constructor(
    private readonly staff: StaffService,
    private readonly rooms: RoomsService,
    private readonly live: LiveRooms,
    private readonly users: UsersService,
    private readonly names: NamesService,
    private readonly entries: EntriesRepository,
    private readonly sanctions: SanctionsRepository,
    private readonly warnings: WarningsRepository,
    private readonly notes: NotesRepository,
    private readonly removals: PersonRestoreService,
    private readonly actions: ActionLog,
    private readonly clock: Clock,
  ) {}

  /** Somebody, by their id or nickname, as everybody in the room may see them. Throws `not-found`. */
  async profile(viewer: Viewer, slug: string, person: string): Promise<ProfileView> {
    const { id } = await this.rooms.findSpeakable(viewer, slug);
    const account = await this.accountOf(person);
    return presentProfile((await this.live.open(id)).accountHere(account));
  }

  /** The same for staff: also what they said, what was done about it, and what is noted. Throws `auth.forbidden`. */
  async card(viewer: Viewer, slug: string, person: string): Promise<CardView> {
    const { live, account } = await this.about(viewer, slug, person);
    const { id } = account;
    const roomId = live.room.id;
    const [said, sanctions, warnings, notes, formerNames, removed] = await Promise.all([
      this.entries.newestBy(roomId, id, live.channel.head - RECENT, SHOWN),
      this.sanctions.against(id, roomId, SHOWN),
      this.warnings.of(id, roomId, SHOWN),
      this.notes.about(id, roomId),
      this.names.formerOf(id, SHOWN),
      this.removals.newest(roomId, id),
    ]);
    const edits = await this.entries.lastEdits(
      roomId,
      said.map(({ seq }) => seq),
    );
    return {
      person: presentProfile(live.accountHere(account)),
      formerNames,
      messages: said.map((entry) => presentCardMessage(entry, edits.get(entry.seq))),
      sanctions: sanctions.map((sanction) =>
        presentSanction(sanction, sanction.roomId === null ? null : slug),
      ),
      warnings: warnings.map(presentGivenWarning),
      notes: notes.map(presentNote),
      removed,
    };
  }

  /** Notes something about somebody for the staff of the room. */
  async note(
    viewer: Viewer,
    slug: string,
    person: string,
    { text, nonce }: { text: string; nonce?: string | undefined },
  ): Promise<NoteView> {
    const work = await this.about(viewer, slug, person);
    const { by, account, live } = work;
    const words = text.trim();
    if (words === '') {
      throw new DomainError('frame.invalid', { fields: { text: 'field.required' } });
    }
    const roomId = live.room.id;
    const note = {
      id: idOf(by.id, nonce),
      roomId,
      userId: account.id,
      text: words,
      byId: by.id,
      byName: by.nickname,
      at: this.clock.now(),
    };
    const before = await this.notes.findById(note.id);
    if (before) {
      return presentNote(before);
    }
    if ((await this.notes.about(account.id, roomId)).length >= MOST_NOTES) {
      throw new DomainError('frame.invalid', { fields: { text: 'field.notes' } });
    }
    if (await this.notes.insert(note)) {
      await this.keep(work, 'note.add');
    }
    return presentNote(note);
  }

  /** Takes a note of one's own away; an administrator anybody's. Throws `not-found` and `auth.forbidden`. */
  async removeNote(viewer: Viewer, slug: string, person: string, id: string): Promise<void> {
    const work = await this.about(viewer, slug, person);
    const { by, account, live } = work;
    const note = await this.notes.findById(id);
    if (note?.userId !== account.id || note.roomId !== live.room.id) {
      throw new DomainError('not-found');
    }
    if (note.byId !== by.id && by.role !== 'admin') {
      throw new DomainError('auth.forbidden');
    }
    if (await this.notes.delete(id)) {
      await this.keep(work, 'note.remove');
    }
  }

  /** That something was noted is logged; what, is told by the note alone. */
  private async keep(
    { by, address, live, account: { id, nickname } }: About,
    action: Extract<ActionKind, `note.${string}`>,
  ): Promise<void> {
    const user = { id, nickname };
    await this.actions.record({ account: by, address }, { action, roomId: live.room.id, user });
  }

  private async about(viewer: Viewer, slug: string, person: string): Promise<About> {
    const { live, account: by, address } = await this.staff.at(viewer, slug);
    const account = await this.accountOf(person);
    if (!mayRead(by, live.accountHere(account))) {
      throw new DomainError('auth.forbidden');
    }
    return { live, by, address, account };
  }

  private async accountOf(person: string): Promise<Account> {
    const account = await this.users.findPerson(person);
    if (!account) {
      throw new DomainError('not-found');
    }
    return account;
  }
}

/** Who of the staff is at work in a room, and about whom. */
interface About extends Omit<AtWork, 'account'> {
  readonly by: Account;
  readonly account: Account;
}
