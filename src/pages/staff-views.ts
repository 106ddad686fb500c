import { Injectable } from '@nestjs/common';

import { ACTION_KINDS, type ActionView, type SanctionView } from '../protocol/views.js';
import { AddressBans } from '../auth/address-bans/address-bans.service.js';
import { translate } from '../common/i18n/translate.js';
import { hasRole, isStaff, type Viewer } from '../common/viewer.js';
import type { Room } from '../chat/rooms/room.entity.js';
import { RoomsService } from '../chat/rooms/rooms.service.js';
import type { ActionsQueryDto } from '../moderation/actions/action.dto.js';
import { ActionLog } from '../moderation/actions/action.log.js';
import { presentBan } from '../moderation/addresses/address-ban.presenter.js';
import { EmotesService } from '../moderation/emotes/emotes.service.js';
import type { SanctionsQueryDto } from '../moderation/sanctions/sanction.dto.js';
import { SanctionsService } from '../moderation/sanctions/sanctions.service.js';
import { TermsService } from '../moderation/terms/terms.service.js';
import { detailsText } from './action-details.js';
import type { PageModel } from './page-frame.js';
import { staffPage } from './staff-page.js';
import { dayTime } from './times.js';

/** What the pages of staff show: of a room by its slug, or with null of the whole server. */
@Injectable()
export class StaffViews {
  constructor(
    private readonly rooms: RoomsService,
    private readonly sanctions: SanctionsService,
    private readonly addresses: AddressBans,
    private readonly terms: TermsService,
    private readonly emotes: EmotesService,
    private readonly log: ActionLog,
  ) {}

  async bans(viewer: Viewer, slug: string | null, query: SanctionsQueryDto): Promise<PageModel> {
    const { q = '', past, after } = query;
    const asked = { q, past: past === '1', after };
    const { sanctions, more } =
      slug === null
        ? await this.sanctions.pageEverywhere(asked)
        : await this.sanctions.pageAt(viewer, slug, { ...asked, everywhere: true });
    const page = staffPage(viewer, await this.roomAt(viewer, slug), 'bans');
    return {
      ...page,
      q,
      past: past === '1',
      sanctions: sanctions.map((sanction) => sanctionRow(sanction, viewer, slug)),
      more: more ? nextPage({ q, past }, sanctions.at(-1)!.id) : '',
    };
  }

  async addressList(viewer: Viewer): Promise<PageModel> {
    const bans = (await this.addresses.list()).map(presentBan);
    return {
      ...staffPage(viewer, null, 'addresses'),
      bans: bans.map(({ user, reason, by, at, ...ban }) => ({
        ...ban,
        nickname: user?.nickname ?? '',
        reason: reason ?? '',
        by: by.nickname,
        at,
        made: dayTime(at, viewer.locale),
      })),
    };
  }

  async termList(viewer: Viewer, slug: string | null): Promise<PageModel> {
    const terms = await this.terms.list(viewer, slug);
    return {
      ...staffPage(viewer, await this.roomAt(viewer, slug), 'terms'),
      count: translate(viewer.locale, 'page.terms.count', { count: terms.length }),
      terms: terms.map(({ id, text, outcome }) => ({
        id,
        text,
        outcome: translate(viewer.locale, `page.terms.${outcome}`),
      })),
    };
  }

  async emoteList(viewer: Viewer, slug: string): Promise<PageModel> {
    const emotes = await this.emotes.listForStaff(viewer, slug);
    return {
      ...staffPage(viewer, await this.roomAt(viewer, slug), 'emotes'),
      count: translate(viewer.locale, 'page.emotes.count', { count: emotes.length }),
      emotes,
    };
  }

  async actions(viewer: Viewer, slug: string | null, query: ActionsQueryDto): Promise<PageModel> {
    const { locale } = viewer;
    const { actions, more } = await this.log.page(viewer, slug, query);
    const { by = '', user = '', action = '', from = '', to = '' } = query;
    const asked = { by, user, action, from, to };
    return {
      ...staffPage(viewer, await this.roomAt(viewer, slug), 'actions'),
      ...asked,
      everywhere: slug === null,
      addresses: hasRole(viewer, 'admin'),
      kinds: ACTION_KINDS.map((kind) => ({
        value: kind,
        label: translate(locale, `client.act.name.${kind}`),
        chosen: kind === action,
      })),
      actions: actions.map((act) => actionRow(act, viewer)),
      file: new URLSearchParams(filled(asked)).toString(),
      more: more ? nextPage(asked, actions.at(-1)!.id) : '',
    };
  }

  private async roomAt(viewer: Viewer, slug: string | null): Promise<Room | null> {
    return slug === null ? null : this.rooms.findSpeakable(viewer, slug);
  }
}

function filled(query: Record<string, string | undefined>): Record<string, string> {
  const given = Object.entries(query).filter((field): field is [string, string] => !!field[1]);
  return Object.fromEntries(given);
}

function nextPage(query: Record<string, string | undefined>, after: string): string {
  return `?${new URLSearchParams({ ...filled(query), after }).toString()}`;
}

function sanctionRow(
  { id, room, user, action, reason, by, at, until, liftedAt }: SanctionView,
  viewer: Viewer,
  here: string | null,
) {
  const { locale } = viewer;
  const isOver = liftedAt !== null || (until !== null && Date.parse(until) <= Date.now());
  return {
    id,
    nickname: user.nickname || translate(locale, 'client.message.no-author'),
    action: translate(locale, `client.sanction.${action}`),
    reason: reason ?? '',
    by: by.nickname,
    at,
    made: dayTime(at, locale),
    until: until ?? '',
    ends: until === null ? translate(locale, 'page.bans.until-lifted') : dayTime(until, locale),
    over: isOver,
    everywhere: here !== null && room === null,
    // What holds on the whole server, the staff of one room cannot lift.
    lift: isOver || (room === null && !isStaff(viewer)) ? '' : liftPath(room, id),
  };
}

function liftPath(room: string | null, id: string): string {
  const place = room === null ? '/api' : `/api/rooms/${encodeURIComponent(room)}`;
  return `${place}/sanctions/${id}/lift`;
}

function actionRow(
  { at, room, action, by, address, user, target, reason, details }: ActionView,
  { locale }: Viewer,
) {
  return {
    at,
    when: dayTime(at, locale),
    room: room ?? '',
    by: by.nickname,
    role: translate(locale, `page.role.${by.role}`),
    what: translate(locale, `client.act.name.${action}`),
    whom: user?.nickname ?? '',
    target: target === undefined ? '' : `#${target}`,
    reason: reason ?? '',
    details: details ? detailsText(details, locale) : '',
    address: address ?? '',
  };
}
