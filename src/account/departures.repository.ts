import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';

import { AddressBan } from '../auth/address-bans/address-ban.entity.js';
import { ACTS_SQL, Entry } from '../chat/messages/entry.entity.js';
import { Sanction } from '../chat/log/sanction.entity.js';
import { RuleConsent } from '../chat/log/rule-consent.entity.js';
import { SaidText } from '../chat/log/said-text.entity.js';
import { SlowPost } from '../chat/log/slow-post.entity.js';
import { PollVote } from '../chat/polls/poll-vote.entity.js';
import { Poll } from '../chat/polls/poll.entity.js';
import { Warning } from '../chat/log/warning.entity.js';
import { Note } from '../moderation/cards/note.entity.js';
import { QuestionVote } from '../moderation/questions/question-vote.entity.js';
import { Question } from '../moderation/questions/question.entity.js';
import { Report } from '../moderation/reports/report.entity.js';
import { FormerName } from '../users/former-name.entity.js';
import { RoomModerator } from '../chat/rooms/room-moderator.entity.js';

/** Where somebody is still named, and the rows of them that are in no log. */
@Injectable()
export class DeparturesRepository {
  constructor(@InjectDataSource() private readonly database: DataSource) {}

  /** Whether a room's log says anything of somebody. */
  async isNamedIn(roomId: number, userId: string): Promise<boolean> {
    const entries = this.database.getRepository(Entry);
    const said = entries
      .createQueryBuilder('entry')
      .where('entry.room_id = :roomId AND entry.author_id = :userId AND entry.nonce IS NOT NULL', {
        roomId,
        userId,
      });
    // An entry whose name is gone has the id, and no nickname, or is a `user.deleted`.
    const done = entries
      .createQueryBuilder('entry')
      .where(`entry.room_id = :roomId AND entry.${ACTS_SQL}`, { roomId })
      .andWhere(
        `(entry.author_id = :userId OR entry.data LIKE :of OR
          (entry.event <> 'user.deleted' AND entry.data LIKE :user AND entry.data NOT LIKE '%"nickname":""%'))`,
        { userId, of: `%"of":"${userId}"%`, user: `%"id":"${userId}"%` },
      );
    return (await said.getExists()) || (await done.getExists());
  }

  /** What is kept about somebody beside what they said: sanctions stay, and name nobody; with `removes` not what they asked. */
  async forget(userId: string, removes: boolean): Promise<void> {
    await this.database.transaction(async (manager) => {
      await manager.update(Sanction, { userId }, { userName: '' });
      await manager.update(Sanction, { byId: userId }, { byName: '' });
      await manager.update(AddressBan, { userId }, { userName: '' });
      await manager.delete(FormerName, { userId });
      await manager.delete(Warning, { userId });
      await manager.update(Warning, { byId: userId }, { byName: '' });
      await manager.delete(Note, { userId });
      await manager.update(Note, { byId: userId }, { byName: '' });
      // Those that are open are about a message that names nobody any more, or is gone.
      await manager.update(Report, { authorId: userId }, { authorName: '', text: null });
      await manager.update(Report, { byId: userId }, { byName: '' });
      await manager.update(Poll, { byId: userId }, { byName: '' });
      await manager.delete(PollVote, { userId });
      await manager.delete(RuleConsent, { userId });
      await manager.delete(QuestionVote, { userId });
      if (removes) {
        await manager.delete(Question, { authorId: userId });
      } else {
        const nobody = { authorId: null, authorName: null, authorRole: null };
        await manager.update(Question, { authorId: userId }, nobody);
      }
      await manager.delete(SaidText, { userId });
      await manager.delete(SlowPost, { userId });
      await manager.delete(RoomModerator, { userId });
    });
  }
}
