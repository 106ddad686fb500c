import { Injectable, type OnModuleInit } from '@nestjs/common';

import { AiMetrics } from './ai.metrics.js';
import { Turnstile } from './budget/turnstile.js';
import { GenerationsService } from './generation/generations.service.js';
import { RoomAssistant } from './rooms/room-assistant.service.js';

/** How the AI stands at the moment, for the metrics. */
@Injectable()
export class AiGauges implements OnModuleInit {
  constructor(
    private readonly metrics: AiMetrics,
    private readonly turnstile: Turnstile,
    private readonly generations: GenerationsService,
    private readonly rooms: RoomAssistant,
  ) {}

  onModuleInit(): void {
    const { metrics, turnstile, generations, rooms } = this;
    const running = () => generations.all.length - turnstile.queued;
    metrics.gauge('madang_ai_running', 'Answers that are being written.', () => Math.max(0, running()));
    metrics.gauge('madang_ai_queued', 'Questions that wait in the line.', () => turnstile.queued);
    metrics.gauge(
      'madang_ai_breaker_open',
      '1 while answers in rooms are given up after too many failures of the provider.',
      () => Number(rooms.isGivenUp),
    );
  }
}
