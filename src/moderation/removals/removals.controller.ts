import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';

import type { RemovedView } from '../../protocol/views.js';
import { Answers } from '../../common/answers.decorator.js';
import { CurrentViewer } from '../../common/decorators.js';
import type { Viewer } from '../../common/viewer.js';
import { presentStored, type Stored } from '../../chat/messages/messages.service.js';
import { SeqPipe } from '../../chat/messages/seq.pipe.js';
import { PersonRestoreService, type Restored } from './person-restore.service.js';
import { ReasonDto, RestoreDto } from './removal.dto.js';
import { RemovalsService } from './removals.service.js';

/** What was removed from a room, for its staff: the service knows who is. */
@Controller('api/rooms/:slug')
export class RemovalsController {
  constructor(
    private readonly removals: RemovalsService,
    private readonly persons: PersonRestoreService,
  ) {}

  @Get('messages/:seq/removed')
  @Answers(
    'What staff removed, as long as it is kept',
    { 200: { removed: 'Removed' } },
    'auth.forbidden',
    'not-found',
  )
  async show(
    @CurrentViewer() viewer: Viewer,
    @Param('slug') slug: string,
    @Param('seq', SeqPipe) seq: number,
  ): Promise<{ removed: RemovedView }> {
    return { removed: await this.removals.show(viewer, slug, seq) };
  }

  @Post('messages/:seq/restore')
  @Answers('Bring a removed message back', { 200: 'Posted' }, 'auth.forbidden', 'not-found', 'room.read-only')
  @HttpCode(200)
  async restore(
    @CurrentViewer() viewer: Viewer,
    @Param('slug') slug: string,
    @Param('seq', SeqPipe) target: number,
    @Body() act: ReasonDto,
  ): Promise<Stored> {
    const { dup, ...stored } = await this.removals.restore(viewer, slug, { target, ...act });
    return { ...presentStored(stored), ...(dup && { dup }) };
  }

  @Post('people/:person/restore')
  @Answers(
    'Bring back what one act removed of somebody',
    { 200: { restored: 'Count', more: 'Flag' } },
    'auth.forbidden',
    'not-found',
    'room.read-only',
  )
  @HttpCode(200)
  async restorePerson(
    @CurrentViewer() viewer: Viewer,
    @Param('slug') slug: string,
    @Param('person') person: string,
    @Body() act: RestoreDto,
  ): Promise<Restored> {
    return this.persons.restore(viewer, slug, person, act);
  }

  @Post('clear')
  @Answers('Remove every message so far', { 200: 'Posted' }, 'auth.forbidden', 'not-found')
  @HttpCode(200)
  async clear(
    @CurrentViewer() viewer: Viewer,
    @Param('slug') slug: string,
    @Body() act: ReasonDto,
  ): Promise<Stored> {
    const { dup, ...stored } = await this.removals.clear(viewer, slug, act);
    return { ...presentStored(stored), ...(dup && { dup }) };
  }
}
