import { randomUUID } from 'node:crypto';

import { Injectable } from '@nestjs/common';

import { CloseCode } from '../../protocol/close-codes.js';
import type { SanctionAction, SanctionView } from '../../protocol/views.js';
import { Clock } from '../../common/clock.js';
import { DomainError } from '../../common/errors.js';
import type { Viewer } from '../../common/viewer.js';
import type { LiftDraft, SanctionDraft } from '../../chat/log/draft.js';
import { LogWriter } from '../../chat/log/log.writer.js';
import { SanctionsRepository } from '../../chat/log/sanctions.repository.js';
import type { LiveRoom } from '../../chat/rooms/live-room.js';
import { RoomsRepository } from '../../chat/rooms/rooms.repository.js';
import { AddressBans } from '../../auth/address-bans/address-bans.service.js';
import { signedIn, type Signed } from '../../auth/sessions.service.js';
import { Hub } from '../../realtime/hub.js';
import { ActionLog } from '../actions/action.log.js';
import { StaffService, type AtWork } from '../staff.service.js';
import { DEFAULT_TIMEOUT_S } from './sanction.dto.js';
import { maySanction } from './sanction.policy.js';
import { presentSanction } from './sanction.presenter.js';

/** What is to be imposed on whom. */
export interface Imposition {
  /** By their id or nickname. */
  readonly user: string;
  readonly action: SanctionAction;
  readonly seconds?: number | undefined;
  readonly reason?: string | undefined;
  readonly removeMessages?: boolean | undefined;
  readonly nonce?: string | undefined;
}

/** Against whom a sanction holds, by their id or nickname, and of which kind it is to be: hiding only when it says so. */
export interface Whose {
  readonly user: string;
  readonly action?: SanctionAction | undefined;
}

export interface SanctionsPage {
  readonly q?: string | undefined;
  readonly past?: boolean;
  /** Of a room: also those of the whole server. */
  readonly everywhere?: boolean;
  readonly after?: string | undefined;
}

const PAGE = 50;

/** Who does it, as they rank in that place. */
type By = Pick<Signed, 'account' | 'address'>;
type Stored = Awaited<ReturnType<LogWriter['write']>>;
/** What a draft has wherever it goes. */
type Everywhere<D extends SanctionDraft | LiftDraft> = Omit<D, 'roomId' | 'id' | 'echo'>;

/**
 * Time-outs, bans and silent hiding, in a room or on the whole server. They are entries of the log: once a call resolves, nobody on
 * any node accepts what they forbid. One on the server is told in every room.
 */
@Injectable()
export class SanctionsService {
  constructor(
    private readonly staff: StaffService,
    private readonly sanctions: SanctionsRepository,
    private readonly rooms: RoomsRepository,
    private readonly log: LogWriter,
    private readonly addresses: AddressBans,
    private readonly actions: ActionLog,
    private readonly hub: Hub,
    private readonly clock: Clock,
  ) {}

  /** Imposes a sanction in a room, by its slug; one that is in force there ends with it. */
  async imposeAt(viewer: Viewer, slug: string, imposition: Imposition): Promise<SanctionView> {
    const work = await this.staff.at(viewer, slug);
    const { id } = await this.impose(work, imposition);
    return this.show(id, slug);
  }

  /** The same for who is already at work there; answers its entry. */
  async impose(work: AtWork, imposition: Imposition): Promise<Stored> {
    const { live } = work;
    const draft = await this.draftOf(work, live, imposition);
    return this.log.write({ ...draft, roomId: live.room.id, id: draft.sanctionId, echo: false });
  }

  /**
   * Imposes a sanction on the whole server; an administrator's ban also on the addresses they come from, if `address` says
   * so. Answers how many addresses that were.
   */
  async imposeEverywhere(
    viewer: Viewer,
    { address = false, ...imposition }: Imposition & { readonly address?: boolean | undefined },
  ): Promise<{ sanction: SanctionView; addresses: number }> {
    const by = signedIn(viewer);
    const draft = await this.draftOf(by, null, imposition);
    if (address && draft.action !== 'ban') {
      throw new DomainError('frame.invalid', { fields: { address: 'field.invalid' } });
    }
    if (address && by.account.role !== 'admin') {
      throw new DomainError('auth.forbidden');
    }
    const known = address ? await this.addresses.of(draft.user.id) : [];
    const { id } = await this.appendEverywhere(draft);
    const actor = { ...by.account, address: by.address };
    const addresses = await this.addresses.impose(known, draft.user, actor, draft.reason);
    if (addresses > 0) {
      const { user, reason } = draft;
      await this.actions.record(by, { action: 'address.ban', user, reason, details: { addresses } });
    }
    if (draft.action === 'ban') {
      this.hub.closeUser(draft.user.id, CloseCode.Banned);
    }
    return { sanction: await this.show(id, null), addresses };
  }

  /** Ends a sanction of a room before its time. Throws `not-found` when it is not in force there. */
  async liftAt(viewer: Viewer, slug: string, id: string): Promise<void> {
    await this.lift(await this.staff.at(viewer, slug), id, randomUUID());
  }

  /** The same by whom it holds against, named by their id or nickname, and of which kind it is. */
  async liftFromAt(viewer: Viewer, slug: string, whose: Whose): Promise<void> {
    const work = await this.staff.at(viewer, slug);
    await this.lift(work, await this.inForce(whose, work.live), randomUUID());
  }

  async liftFromEverywhere(viewer: Viewer, whose: Whose): Promise<void> {
    await this.liftEverywhere(viewer, await this.inForce(whose, null));
  }

  async lift(work: AtWork, id: string, nonce: string): Promise<Stored> {
    const { live } = work;
    const draft = await this.liftDraftOf(work, live, id, nonce);
    return this.log.write({ ...draft, roomId: live.room.id, id: randomUUID(), echo: false });
  }

  /** With a ban its addresses are free again, too. */
  async liftEverywhere(viewer: Viewer, id: string): Promise<void> {
    const draft = await this.liftDraftOf(signedIn(viewer), null, id, randomUUID());
    await this.appendEverywhere(draft);
    await this.addresses.lift({ userId: draft.user.id });
  }

  /** Those of a room in force, the newest first. */
  async pageAt(viewer: Viewer, slug: string, query: SanctionsPage) {
    const { live } = await this.staff.at(viewer, slug);
    return this.page(live.room.id, slug, query);
  }

  /** Those of the whole server; the route is for staff. */
  async pageEverywhere(query: SanctionsPage) {
    return this.page(null, null, query);
  }

  private async page(
    roomId: number | null,
    slug: string | null,
    { q, past = false, everywhere = false, after }: SanctionsPage,
  ) {
    const last = after === undefined ? null : await this.sanctions.findById(after);
    const isOfHere = last?.roomId === roomId || (everywhere && last?.roomId === null);
    if (after !== undefined && !isOfHere) {
      throw new DomainError('frame.invalid', { fields: { after: 'field.invalid' } });
    }
    const now = this.clock.now();
    const found = await this.sanctions.page({
      roomId,
      everywhere,
      q,
      past,
      after: last,
      limit: PAGE + 1,
      now,
    });
    const shown = found
      .slice(0, PAGE)
      .map((sanction) => presentSanction(sanction, sanction.roomId === null ? null : slug));
    return { sanctions: shown, more: found.length > PAGE };
  }

  private async draftOf(
    { account: { id, nickname, role }, address }: By,
    live: LiveRoom | null,
    { user, action, seconds, reason = '', removeMessages = false, nonce = randomUUID() }: Imposition,
  ): Promise<Everywhere<SanctionDraft>> {
    if (action !== 'timeout' && seconds !== undefined) {
      throw new DomainError('frame.invalid', { fields: { seconds: 'field.timeout' } });
    }
    if (action === 'hide' && removeMessages) {
      // Everybody would be told, the person included.
      throw new DomainError('frame.invalid', { fields: { removeMessages: 'field.invalid' } });
    }
    const target = await this.staff.rankOf(user, live);
    if (!maySanction({ id, role }, target) || (action === 'hide' && target.role !== 'user')) {
      throw new DomainError('auth.forbidden');
    }
    return {
      type: 'sanction',
      sanctionId: randomUUID(),
      actor: { id, nickname, role },
      from: address,
      nonce,
      user: { id: target.id, nickname: target.nickname },
      action,
      scope: live ? 'room' : 'server',
      until: action !== 'timeout' ? null : this.clock.now() + (seconds ?? DEFAULT_TIMEOUT_S) * 1000,
      reason: reason.trim() || null,
      removesMessages: removeMessages,
    };
  }

  /** What is in force there against somebody. Throws `not-found` when nothing is, or it is of another kind. */
  private async inForce({ user, action }: Whose, live: LiveRoom | null): Promise<string> {
    const { id } = await this.staff.rankOf(user, live);
    const found = await this.sanctions.inForce(id, live?.room.id ?? null, this.clock.now());
    const own = found
      .filter(({ roomId }) => roomId === (live?.room.id ?? null))
      .find((one) => (action === undefined ? one.action !== 'hide' : one.action === action));
    if (!own) {
      throw new DomainError('not-found');
    }
    return own.id;
  }

  /** Whoever may impose a sanction on somebody may lift one. */
  private async liftDraftOf(
    { account: { id, nickname, role }, address }: By,
    live: LiveRoom | null,
    sanctionId: string,
    nonce: string,
  ): Promise<Everywhere<LiftDraft>> {
    const sanction = await this.sanctions.findById(sanctionId);
    if (!sanction || sanction.roomId !== (live?.room.id ?? null)) {
      throw new DomainError('not-found');
    }
    const target = await this.staff.rankOf(sanction.userId, live);
    if (!maySanction({ id, role }, target)) {
      throw new DomainError('auth.forbidden');
    }
    return {
      type: 'lift',
      sanctionId,
      action: sanction.action,
      actor: { id, nickname, role },
      from: address,
      nonce,
      user: { id: sanction.userId, nickname: sanction.userName },
      scope: live ? 'room' : 'server',
    };
  }

  /** In force with its entry in the first room; then the others are told, so that all have it in their place. */
  private async appendEverywhere(draft: Everywhere<SanctionDraft> | Everywhere<LiftDraft>): Promise<Stored> {
    const [first, ...others] = await this.rooms.listShared({ archived: true });
    const stored = await this.log.write({
      ...draft,
      roomId: first!.id,
      id: draft.type === 'sanction' ? draft.sanctionId : randomUUID(),
      echo: false,
    });
    await Promise.all(
      others.map(({ id: roomId }) => this.log.write({ ...draft, roomId, id: randomUUID(), echo: true })),
    );
    return stored;
  }

  private async show(id: string, slug: string | null): Promise<SanctionView> {
    const sanction = await this.sanctions.findById(id);
    if (!sanction) {
      throw new DomainError('not-found');
    }
    return presentSanction(sanction, slug);
  }
}
