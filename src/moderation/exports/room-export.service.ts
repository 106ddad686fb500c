import { Injectable } from '@nestjs/common';

import { CSV_MARK } from '../../common/csv.js';
import { jsonLines, type DownloadFormat } from '../../common/download.js';
import { DomainError } from '../../common/errors.js';
import { translate } from '../../common/i18n/translate.js';
import { periodOf, type Period } from '../../common/period.dto.js';
import type { Viewer } from '../../common/viewer.js';
import { EntriesRepository } from '../../chat/messages/entries.repository.js';
import { EventSessionsRepository } from '../../chat/sessions/event-sessions.repository.js';
import { ActionLog } from '../actions/action.log.js';
import { StaffService, type AtWork } from '../staff.service.js';
import type { ExportQueryDto } from './export.dto.js';
import {
  exported,
  EXPORT_HEAD,
  exportedLine,
  exportedText,
  type ExportedMessage,
} from '../../chat/messages/exported.presenter.js';

/** Entries read at a time: what an export holds in memory, however long the log is. */
const PAGE = 500;

/** From where to where the log of a room is exported. */
interface Stretch {
  /** The room's. */
  readonly id: number;
  readonly first: number;
  readonly head: number;
}

/** What was said in a room, as a file for its staff. */
@Injectable()
export class RoomExport {
  constructor(
    private readonly staff: StaffService,
    private readonly entries: EntriesRepository,
    private readonly sessions: EventSessionsRepository,
    private readonly actions: ActionLog,
  ) {}

  /** The file, made as it is read; refuses before that. That somebody took it is kept in the action log. */
  async file(viewer: Viewer, slug: string, query: ExportQueryDto): Promise<AsyncIterable<string>> {
    const { from, to, format = 'json', session } = query;
    const period = periodOf({ from, to });
    const work = await this.staff.at(viewer, slug);
    const stretch = await this.stretchOf(work, session);
    await this.actions.record(work, {
      action: 'room.export',
      roomId: work.live.room.id,
      details: { format, from, to, session },
    });
    return written(this.messages(stretch, period), format, viewer);
  }

  /** The whole log up to where it has come, or the part of it that an event is. Throws `not-found`. */
  private async stretchOf({ live }: AtWork, sessionId: string | undefined): Promise<Stretch> {
    const { room, channel } = live;
    const { id, first } = room;
    if (sessionId === undefined) {
      return { id, first, head: channel.head };
    }
    const session = await this.sessions.find(id, sessionId);
    if (!session || session.firstSeq === null) {
      throw new DomainError('not-found');
    }
    return { id, first: Math.max(first, session.firstSeq), head: session.lastSeq ?? channel.head };
  }

  /** Ascending, up to where the log had come when it was asked for. */
  private async *messages(
    { id, first, head }: Stretch,
    { since, before }: Period,
  ): AsyncGenerator<ExportedMessage> {
    const end = before === null ? null : await this.entries.firstSince(id, before);
    const last = end === null ? head : Math.min(head, end - 1);
    const began = since === null ? first : ((await this.entries.firstSince(id, since)) ?? Infinity);
    let next = Math.max(first, began);
    while (next <= last) {
      const page = await this.entries.from(id, next, Math.min(PAGE, last - next + 1));
      const said = page.filter(({ event }) => event === 'message.posted');
      const edits = await this.entries.lastEdits(
        id,
        said.map(({ seq }) => seq),
      );
      yield* said.map((entry) => ({
        ...exported(entry, edits.get(entry.seq)),
        ...(entry.audience === 'author' && { hidden: true as const }),
      }));
      next = (page.at(-1)?.seq ?? Infinity) + 1;
    }
  }
}

function written(
  messages: AsyncIterable<ExportedMessage>,
  format: DownloadFormat,
  { locale }: Viewer,
): AsyncIterable<string> {
  switch (format) {
    case 'json':
      return jsonLines(messages);
    case 'csv':
      return lines(messages, CSV_MARK + EXPORT_HEAD, exportedLine);
    case 'txt': {
      const words = {
        deleted: translate(locale, 'client.message.no-author'),
        removed: translate(locale, 'client.message.removed'),
      };
      return lines(messages, '', (message) => exportedText(message, words));
    }
  }
}

async function* lines(
  messages: AsyncIterable<ExportedMessage>,
  head: string,
  line: (message: ExportedMessage) => string,
): AsyncGenerator<string> {
  yield head;
  for await (const message of messages) {
    yield line(message);
  }
}
