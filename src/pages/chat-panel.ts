import { Inject, Injectable } from '@nestjs/common';

import { emoteWords } from '../../public/js/emote-words.js';
import { inlineMarks, unmarked, type Piece } from '../../public/js/inline-marks.js';
import type { Locale, PinView, RoomSettings } from '../protocol/views.js';
import { IgnoredPeople } from '../account/ignored/ignored-people.service.js';
import { ModelsService } from '../ai/model/models.service.js';
import { AiSettings } from '../ai/settings/ai.settings.js';
import type { RoomEmotes } from '../chat/emotes/room-emotes.js';
import { HistoryService } from '../chat/messages/history.service.js';
import { LiveRooms } from '../chat/rooms/live-rooms.js';
import type { Room } from '../chat/rooms/room.entity.js';
import { RoomsService } from '../chat/rooms/rooms.service.js';
import type { ShownSession } from '../chat/sessions/room-sessions.js';
import { translate } from '../common/i18n/translate.js';
import { hasRole, isStaff, speakerOf, type Viewer } from '../common/viewer.js';
import { PinsService } from '../moderation/pins/pins.service.js';
import { APP_CONFIG, type AppConfig } from '../config/app-config.js';
import { presentUser } from '../users/user.presenter.js';
import { foldEntries } from './fold-entries.js';
import { rowsOf, type MessageRow } from './message-row.js';
import { modesOn } from './modes-on.js';
import { pathOf } from './room-lists.js';

/** Where a panel stands: on a page, in a window of its own, in OBS, or in a frame on another site. */
export type PanelMode = 'page' | 'popout' | 'overlay' | 'embed';

const NEWEST = 50;

/** What the browser's code fetches for those who take part, so that the page can ask for it with the rest. */
const MEMBER_PARTS = '/js/member-parts.js';
const TRANSLATIONS = '/js/translations.js';
const SUMMARY = '/js/summary.js';

/** Whether somebody may write here as far as a page knows; of a moderator of this room alone, the connection will tell. */
function isOpenTo(viewer: Viewer, { hostsOnly, guests }: RoomSettings): boolean {
  return viewer.account === null ? guests && !hostsOnly : !hostsOnly || isStaff(viewer);
}

/** The pinned message as it is shown. */
function pinnedFor(
  { by, message }: PinView,
  locale: Locale,
  emotes: RoomEmotes,
  read: (text: string) => Piece[],
) {
  return {
    by: translate(locale, 'client.pin.by', { name: by.nickname }),
    name: message.author?.nickname ?? translate(locale, 'client.message.no-author'),
    pieces: read(message.text ?? ''),
    line: emoteWords(message.text ?? '', emotes),
  };
}

/** The event that is on, or that it has ended; nothing in a room that has none. */
function sessionIn(shown: ShownSession | null, locale: Locale): string[] {
  const key = shown?.session.endedAt === undefined ? 'client.session.live' : 'client.session.ended';
  return shown ? [translate(locale, key)] : [];
}

/** What the template that the browser's code clones is made of: every slot there, and empty. */
const BLANK: Omit<MessageRow, 'seq'> = {
  id: '',
  kind: 'chat',
  style: '',
  state: '',
  hidden: false,
  authorId: '',
  hueClass: '',
  own: false,
  mention: false,
  continued: false,
  initial: '',
  name: '',
  badge: '',
  pieces: [],
  edited: false,
  note: '',
  at: '',
  time: '',
  quote: null,
};

/** The chat of one room as `views/partials/chat-panel.hbs` shows it, with the newest messages in the HTML. */
@Injectable()
export class ChatPanel {
  constructor(
    @Inject(APP_CONFIG) private readonly config: AppConfig,
    private readonly models: ModelsService,
    private readonly settings: AiSettings,
    private readonly rooms: RoomsService,
    private readonly live: LiveRooms,
    private readonly history: HistoryService,
    private readonly pins: PinsService,
    private readonly ignored: IgnoredPeople,
  ) {}

  /** `beside`: the event's title already stands on the page. */
  async of(room: Room, viewer: Viewer, mode: PanelMode = 'page', beside = false) {
    const { entries, head, first, epoch, session } = await this.history.newest(viewer, room, NEWEST);
    const pin = await this.pins.find(viewer, room);
    const { emotes } = await this.live.open(room.id);
    const view = this.rooms.present(room);
    const path = pathOf(view);
    const speaker = speakerOf(viewer);
    const isForWriting = mode === 'page' || mode === 'popout';
    const writes = speaker !== null && isForWriting;
    const ai = this.ai(writes && viewer.account !== null);
    return {
      slug: view.slug,
      kind: view.kind,
      socket: `${view.kind === 'stream' ? '/ws/streaming' : '/ws'}?room=${encodeURIComponent(view.slug)}`,
      heading: beside ? translate(viewer.locale, 'page.chat.title') : view.title,
      presence: view.presence,
      viewer: JSON.stringify(speaker && presentUser(speaker, { self: true })),
      ignored: JSON.stringify(await this.ignoredBy(viewer)),
      limit: view.settings.textLimit,
      ended: session !== null && session.session.endedAt !== undefined,
      modes: [...sessionIn(session, viewer.locale), ...modesOn(view.settings, viewer.locale)],
      pin:
        pin &&
        pinnedFor(pin, viewer.locale, emotes, (text) =>
          (view.settings.markdown ? inlineMarks : unmarked)(text, emotes),
        ),
      epoch,
      head,
      first,
      mode,
      parts: writes
        ? [MEMBER_PARTS, ...(ai.translation ? [TRANSLATIONS] : []), ...(ai.summary ? [SUMMARY] : [])]
        : [],
      ai,
      messages: rowsOf(foldEntries(entries), viewer, view.settings, emotes),
      blank: BLANK,
      popout: view.kind === 'stream' && mode === 'page' ? `${path}/popout` : '',
      reading: mode !== 'overlay',
      people: viewer.account !== null && mode !== 'overlay',
      composer: writes && !view.archived,
      open: isOpenTo(viewer, view.settings),
      announce: writes && hasRole(viewer, 'admin'),
      closed: view.archived && mode !== 'overlay',
      invite: !writes && !view.archived && isForWriting,
      guest: viewer.guest?.nickname,
      guests: view.settings.guests,
      questions: view.settings.questions,
      nextPath: mode === 'popout' ? `${path}/popout` : path,
      write: !view.archived && mode === 'embed' ? `${path}/popout` : '',
      next: encodeURIComponent(mode === 'popout' ? `${path}/popout` : path),
    };
  }

  /** Whom this member ignores; a guest's browser knows by itself. */
  private async ignoredBy({ account }: Viewer) {
    const people = account ? await this.ignored.list(account.id) : [];
    return people.map(({ id, nickname }) => ({ id, nickname }));
  }

  /** What the AI does here; with reading it helps members, where an administrator has turned that on. */
  private ai(isMember: boolean) {
    const isOn = this.models.isSetUp;
    const { translation, summary } = this.settings.now;
    const helps = isOn && isMember;
    return {
      name: this.config.aiName,
      isOn,
      translation: helps && translation,
      summary: helps && summary,
    };
  }
}
