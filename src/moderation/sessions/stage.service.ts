import { randomUUID } from 'node:crypto';

import { Injectable } from '@nestjs/common';

import { SERVER } from '../../chat/log/draft.js';
import { LogWriter } from '../../chat/log/log.writer.js';
import { EntriesRepository } from '../../chat/messages/entries.repository.js';
import { PollsRepository } from '../../chat/polls/polls.repository.js';
import type { EventSession } from '../../chat/sessions/event-session.entity.js';
import { sessionNonce } from '../../chat/sessions/room-sessions.js';
import { ActionLog } from '../actions/action.log.js';
import { PollCourse } from '../polls/poll.course.js';
import type { AtWork } from '../staff.service.js';

/**
 * What stands over a room's chat goes before an event begins with an empty one: a poll ends, with its result where it was
 * asked, and the pin is taken off. Nothing is done for an event that the log says has begun, so that what was put up in it stays.
 */
@Injectable()
export class StageService {
  constructor(
    private readonly entries: EntriesRepository,
    private readonly polls: PollsRepository,
    private readonly course: PollCourse,
    private readonly log: LogWriter,
    private readonly actions: ActionLog,
  ) {}

  async strike(work: AtWork, { id, roomId }: EventSession): Promise<void> {
    const start = sessionNonce(id, 'start');
    if (await this.entries.findByNonce(roomId, SERVER.id, start)) {
      return;
    }
    await this.endPoll(work, roomId);
    // Refused when nothing is pinned; by whoever asks, it is said once.
    await this.log.append({
      type: 'unpin',
      roomId,
      id: randomUUID(),
      actor: SERVER,
      nonce: `${start}-unpin`,
    });
  }

  private async endPoll({ account, address }: AtWork, roomId: number): Promise<void> {
    const poll = await this.polls.unfinishedIn(roomId);
    if (poll && (await this.course.close(poll))) {
      const { question, choices } = poll;
      const details = { question, choices };
      await this.actions.record({ account, address }, { action: 'poll.end', roomId, details });
    }
  }
}
