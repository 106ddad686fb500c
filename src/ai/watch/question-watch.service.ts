import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';

import { LiveRooms } from '../../chat/rooms/live-rooms.js';
import { QuestionChecks } from '../../moderation/questions/question.checks.js';
import type { Question } from '../../moderation/questions/question.entity.js';
import { QuestionsService } from '../../moderation/questions/questions.service.js';
import { AiSettings } from '../settings/ai.settings.js';
import { WatchChecks } from './watch.checks.js';

/**
 * Has a model look at what people ask those who host a room, where its staff have messages looked at. What it takes exception to
 * waits for staff, whether it was shown meanwhile (`flag`) or not (`hold`): questions have no reports.
 */
@Injectable()
export class QuestionWatch implements OnModuleInit {
  private readonly log = new Logger('Ai');

  constructor(
    private readonly asked: QuestionChecks,
    private readonly questions: QuestionsService,
    private readonly rooms: LiveRooms,
    private readonly checks: WatchChecks,
    private readonly settings: AiSettings,
  ) {}

  onModuleInit(): void {
    this.asked.register((question) => {
      this.look(question).catch((error: unknown) => this.log.error(error));
    });
  }

  private async look(question: Question): Promise<void> {
    const isWaiting = question.status === 'held';
    const patience = isWaiting ? AbortSignal.timeout(this.settings.now.watchMs) : undefined;
    const { settings } = await this.rooms.open(question.roomId);
    const verdict = await this.checks.judge(question.text, settings.aiWatchAbove, patience);
    if (this.checks.isOver) {
      return;
    }
    const passes =
      verdict === 'unchecked' ? !isWaiting || this.settings.now.watchFailure === 'show' : verdict === 'below';
    await this.questions.looked(question, passes);
  }
}
