import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';

import type { ActionKind, ActionView } from '../../protocol/views.js';
import { Clock } from '../../common/clock.js';
import { DomainError } from '../../common/errors.js';
import { idOf } from '../../common/nonce-id.js';
import { periodOf } from '../../common/period.dto.js';
import type { Account, Viewer } from '../../common/viewer.js';
import type { Action } from '../../chat/log/action.entity.js';
import type { Person } from '../../chat/log/draft.js';
import { LogWriter } from '../../chat/log/log.writer.js';
import { LiveRooms } from '../../chat/rooms/live-rooms.js';
import { RoomsRepository } from '../../chat/rooms/rooms.repository.js';
import { UsersService } from '../../users/users.service.js';
import { StaffNews } from '../live/staff.news.js';
import { StaffService } from '../staff.service.js';
import type { ActionsQueryDto } from './action.dto.js';
import { presentAction } from './action.presenter.js';
import { ActionsRepository, type ActionsFilter } from './actions.repository.js';

/** Who acts, and where they come from. */
export interface By {
  readonly account: Account | null;
  readonly address: string;
}

/** An act that is not of a room's log. */
export interface Act {
  readonly action: ActionKind;
  /** Absent: the whole server. */
  readonly roomId?: number | null;
  readonly user?: Person;
  readonly target?: number;
  readonly reason?: string | null;
  readonly details?: object;
  /** The same again, by the same person, is the same act. */
  readonly nonce?: string;
}

const PAGE = 50;
const EXPORT_PAGE = 500;

/**
 * Who did what to whom, when, why and from where. What goes through a room's log is kept by the log itself, in its
 * transaction: a draft with `from` is enough. All other acts call `record` once they are done. Either way the staff who
 * are there are shown it at once.
 */
@Injectable()
export class ActionLog implements OnModuleInit {
  private readonly log = new Logger(ActionLog.name);

  constructor(
    private readonly actions: ActionsRepository,
    private readonly staff: StaffService,
    private readonly rooms: RoomsRepository,
    private readonly live: LiveRooms,
    private readonly writer: LogWriter,
    private readonly users: UsersService,
    private readonly news: StaffNews,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.writer.observeActions((action) => this.tell(action));
    this.users.observeRoles((by, user) =>
      this.record(by, { action: 'user.role', user, details: { role: user.role } }),
    );
  }

  /** Keeps an act that has succeeded; called in the same breath. A guest does nothing that is kept. */
  async record(
    { account, address }: By,
    { action, roomId = null, user, target, reason, details, nonce }: Act,
  ): Promise<void> {
    if (!account) {
      return;
    }
    const row: Action = {
      id: idOf(account.id, nonce),
      at: this.clock.now(),
      roomId,
      action,
      byId: account.id,
      byName: account.nickname,
      byRole: account.role,
      address,
      userId: user?.id ?? null,
      userName: user?.nickname ?? null,
      target: target ?? null,
      reason: reason?.trim() || null,
      details: details ? JSON.stringify(details) : null,
    };
    if (await this.actions.insert(row)) {
      this.tell(row);
    }
  }

  /** A page, the newest first: of a room for its staff, or with null of everything, for administrators. */
  async page(
    viewer: Viewer,
    slug: string | null,
    query: ActionsQueryDto,
  ): Promise<{ actions: ActionView[]; more: boolean }> {
    const filter = await this.filterOf(viewer, slug, query);
    const last = query.after === undefined ? null : await this.actions.findById(query.after);
    if (query.after !== undefined && (!last || (filter.roomId ?? last.roomId) !== last.roomId)) {
      throw new DomainError('frame.invalid', { fields: { after: 'field.invalid' } });
    }
    const found = await this.actions.page(filter, last, PAGE + 1);
    return { actions: await this.present(viewer, found.slice(0, PAGE)), more: found.length > PAGE };
  }

  /** All that a query finds, read as it is taken. Refuses before it answers. */
  async all(
    viewer: Viewer,
    slug: string | null,
    query: ActionsQueryDto,
  ): Promise<AsyncGenerator<ActionView>> {
    return this.walk(viewer, await this.filterOf(viewer, slug, query));
  }

  private async *walk(viewer: Viewer, filter: ActionsFilter): AsyncGenerator<ActionView> {
    let last: Action | null = null;
    do {
      const page: Action[] = await this.actions.page(filter, last, EXPORT_PAGE);
      yield* await this.present(viewer, page);
      last = page.length === EXPORT_PAGE ? page.at(-1)! : null;
    } while (last);
  }

  private async filterOf(
    viewer: Viewer,
    slug: string | null,
    query: ActionsQueryDto,
  ): Promise<ActionsFilter> {
    const { action, by, user } = query;
    const filter = { action, by, user, ...periodOf(query) };
    if (slug === null) {
      this.staff.everywhere(viewer);
      return filter;
    }
    const { live } = await this.staff.at(viewer, slug);
    return { ...filter, roomId: live.room.id };
  }

  private async present({ account }: Viewer, actions: readonly Action[]): Promise<ActionView[]> {
    const slugs = await this.rooms.slugsOf(actions.flatMap(({ roomId }) => roomId ?? []));
    const isAdmin = account?.role === 'admin';
    return actions.map((action) => presentAction(action, slugs.get(action.roomId ?? 0) ?? null, isAdmin));
  }

  /** Shows it to the staff who are there. It is kept already: what goes wrong here loses nothing. */
  private tell(action: Action): void {
    this.show(action).catch((error: unknown) =>
      this.log.warn({ msg: 'an act was not shown', why: String(error) }),
    );
  }

  private async show(action: Action): Promise<void> {
    const { roomId } = action;
    const slug = roomId === null ? null : ((await this.rooms.slugsOf([roomId])).get(roomId) ?? null);
    const frame = { event: 'staff.action', data: presentAction(action, slug, false) } as const;
    this.news.tell(frame, roomId === null);
    if (roomId !== null) {
      this.live.tellStaff(roomId, frame);
    }
  }
}
