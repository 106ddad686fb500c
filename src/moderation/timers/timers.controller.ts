import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post } from '@nestjs/common';

import type { TimerView } from '../../protocol/views.js';
import { Answers } from '../../common/answers.decorator.js';
import { CurrentViewer } from '../../common/decorators.js';
import type { Viewer } from '../../common/viewer.js';
import { SeqPipe } from '../../chat/messages/seq.pipe.js';
import { ChangeTimerDto, TimerDto } from './timer.dto.js';
import { TimersService } from './timers.service.js';

/** What a room says by itself, for its staff. */
@Controller('api/rooms/:slug/timers')
export class TimersController {
  constructor(private readonly timers: TimersService) {}

  @Get()
  @Answers('Timed messages, by number', { 200: { timers: ['Timer'] } }, 'auth.forbidden', 'not-found')
  async list(@CurrentViewer() viewer: Viewer, @Param('slug') slug: string): Promise<{ timers: TimerView[] }> {
    return { timers: await this.timers.list(viewer, slug) };
  }

  @Post()
  @Answers(
    'Have something said again and again',
    { 201: { timer: 'Timer' } },
    'auth.forbidden',
    'not-found',
    'text.empty',
    'text.too-long',
    'timer.full',
  )
  async add(
    @CurrentViewer() viewer: Viewer,
    @Param('slug') slug: string,
    @Body() wanted: TimerDto,
  ): Promise<{ timer: TimerView }> {
    return { timer: await this.timers.add(viewer, slug, wanted) };
  }

  @Patch(':number')
  @Answers('Change a timed message', { 200: { timer: 'Timer' } }, 'auth.forbidden', 'not-found')
  async change(
    @CurrentViewer() viewer: Viewer,
    @Param('slug') slug: string,
    @Param('number', SeqPipe) number: number,
    @Body() wanted: ChangeTimerDto,
  ): Promise<{ timer: TimerView }> {
    return { timer: await this.timers.change(viewer, slug, number, wanted) };
  }

  @Delete(':number')
  @Answers('Take a timed message away', { 204: null }, 'auth.forbidden', 'not-found')
  @HttpCode(204)
  async remove(
    @CurrentViewer() viewer: Viewer,
    @Param('slug') slug: string,
    @Param('number', SeqPipe) number: number,
  ): Promise<void> {
    await this.timers.remove(viewer, slug, number);
  }
}
