import { randomUUID } from 'node:crypto';

import { Injectable } from '@nestjs/common';

import type { KeptSessionView } from '../../protocol/views.js';
import { Clock } from '../../common/clock.js';
import { DomainError } from '../../common/errors.js';
import { idOf } from '../../common/nonce-id.js';
import type { Viewer } from '../../common/viewer.js';
import { SERVER } from '../../chat/log/draft.js';
import { LogWriter } from '../../chat/log/log.writer.js';
import { LiveRooms } from '../../chat/rooms/live-rooms.js';
import { RoomsService } from '../../chat/rooms/rooms.service.js';
import type { EventSession } from '../../chat/sessions/event-session.entity.js';
import { EventSessionsRepository } from '../../chat/sessions/event-sessions.repository.js';
import { presentSession, sessionNonce } from '../../chat/sessions/room-sessions.js';
import { ActionLog } from '../actions/action.log.js';
import { StaffService, type AtWork } from '../staff.service.js';
import { StageService } from './stage.service.js';

const MOST_LISTED = 200;

/**
 * Events of a room. Starting one begins an empty chat for everybody, with no pin and no poll over it; what was said before is kept. The row is written first,
 * and says that no other may begin; the log tells everybody; a node that ends in between leaves a row that whoever asks next
 * finishes, with the same nonce.
 */
@Injectable()
export class EventSessionsService {
  constructor(
    private readonly staff: StaffService,
    private readonly rooms: RoomsService,
    private readonly live: LiveRooms,
    private readonly sessions: EventSessionsRepository,
    private readonly stage: StageService,
    private readonly log: LogWriter,
    private readonly actions: ActionLog,
    private readonly clock: Clock,
  ) {}

  /** Those that this viewer has seen begin, the newest first. */
  async list(viewer: Viewer, slug: string): Promise<KeptSessionView[]> {
    const { id } = await this.rooms.findSpeakable(viewer, slug);
    const live = await this.live.open(id);
    const { head } = live.channelFor(live.viewerHere(viewer));
    const all = await this.sessions.ofRoom(id, MOST_LISTED);
    return all.filter(({ firstSeq }) => firstSeq! <= head).map((session) => presentKept(session, head));
  }

  /** One of them. Throws `not-found`. */
  async find(viewer: Viewer, slug: string, id: string): Promise<KeptSessionView> {
    const found = (await this.list(viewer, slug)).find((session) => session.id === id);
    if (!found) {
      throw new DomainError('not-found');
    }
    return found;
  }

  /** Throws `session.live` while another one goes on. */
  async start(
    viewer: Viewer,
    slug: string,
    { title, nonce }: { title?: string | undefined; nonce?: string | undefined },
  ): Promise<KeptSessionView> {
    const work = await this.staff.at(viewer, slug);
    const { room } = work.live;
    if (room.archived) {
      throw new DomainError('room.read-only');
    }
    const session: EventSession = {
      id: idOf(work.account.id, nonce && `${room.id} ${nonce}`),
      roomId: room.id,
      title: title ?? room.title,
      startedAt: this.clock.now(),
      endedAt: null,
      firstSeq: null,
      lastSeq: null,
    };
    if (!(await this.sessions.insert(session))) {
      return this.startAgain(work, session);
    }
    return this.begin(work, session);
  }

  /** Throws `not-found` when none goes on. */
  async end(viewer: Viewer, slug: string): Promise<KeptSessionView> {
    const work = await this.staff.at(viewer, slug);
    const session = await this.sessions.unfinished(work.live.room.id);
    if (!session) {
      throw new DomainError('not-found');
    }
    if (session.firstSeq === null) {
      await this.begin(work, session);
    }
    const ended = { ...session, endedAt: session.endedAt ?? this.clock.now() };
    await this.sessions.change(session, { endedAt: ended.endedAt });
    const lastSeq = await this.tell(work, ended, 'end');
    await this.sessions.change(session, { lastSeq });
    return presentKept({ ...ended, lastSeq }, lastSeq);
  }

  /** The same again is answered as the first time; what a node left half done is finished. */
  private async startAgain(work: AtWork, { id, roomId }: EventSession): Promise<KeptSessionView> {
    const same = await this.sessions.find(roomId, id);
    const open = same ?? (await this.sessions.unfinished(roomId));
    if (open?.firstSeq === null) {
      await this.begin(work, open);
    }
    if (!same) {
      throw new DomainError('session.live');
    }
    const begun = (await this.sessions.find(roomId, id)) ?? same;
    return presentKept(begun, work.live.channel.head);
  }

  private async begin(work: AtWork, session: EventSession): Promise<KeptSessionView> {
    await this.stage.strike(work, session);
    const firstSeq = await this.tell(work, session, 'start');
    await this.sessions.change(session, { firstSeq });
    return presentKept({ ...session, firstSeq }, firstSeq);
  }

  private async tell(
    { live, account, address }: AtWork,
    session: EventSession,
    what: 'start' | 'end',
  ): Promise<number> {
    // Said by the server, whoever asked: two who ask at the same time, at whatever nodes, have it said once.
    const { seq, dup } = await this.log.write({
      type: 'room',
      roomId: live.room.id,
      id: randomUUID(),
      actor: SERVER,
      nonce: sessionNonce(session.id, what),
      changes: { session: presentSession(session) },
    });
    if (!dup) {
      const { id, title } = session;
      const details = { session: id, title };
      await this.actions.record(
        { account, address },
        { action: `session.${what}`, roomId: live.room.id, details },
      );
    }
    return seq;
  }
}

/** As whoever has seen the log up to a head is to see it. */
function presentKept(session: EventSession, head: number): KeptSessionView {
  const isOver = session.lastSeq !== null && session.lastSeq <= head;
  return {
    ...presentSession(isOver ? session : { ...session, endedAt: null }),
    firstSeq: session.firstSeq ?? head,
    lastSeq: isOver ? session.lastSeq : null,
  };
}
