import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';

import type { SanctionView } from '../../protocol/views.js';
import { Answers } from '../../common/answers.decorator.js';
import { CurrentViewer, Form, Roles } from '../../common/decorators.js';
import type { Viewer } from '../../common/viewer.js';
import { ImposeDto, ImposeEverywhereDto, LiftDto, SanctionsQueryDto } from './sanction.dto.js';
import { SanctionsService } from './sanctions.service.js';

/** Time-outs and bans in one room, for its staff: the service knows who is. */
@Controller('api/rooms/:slug/sanctions')
export class RoomSanctionsController {
  constructor(private readonly sanctions: SanctionsService) {}

  @Get()
  @Answers(
    'Who may not write here, or not take part',
    { 200: { sanctions: ['Sanction'], more: 'Flag' } },
    'auth.forbidden',
    'not-found',
  )
  async list(
    @CurrentViewer() viewer: Viewer,
    @Param('slug') slug: string,
    @Query() { past, everywhere, ...query }: SanctionsQueryDto,
  ): Promise<{ sanctions: SanctionView[]; more: boolean }> {
    return this.sanctions.pageAt(viewer, slug, {
      ...query,
      past: past === '1',
      everywhere: everywhere === '1',
    });
  }

  @Post()
  @Answers('Time somebody out, or ban them', { 201: { sanction: 'Sanction' } }, 'auth.forbidden', 'not-found')
  async impose(
    @CurrentViewer() viewer: Viewer,
    @Param('slug') slug: string,
    @Body() imposition: ImposeDto,
  ): Promise<{ sanction: SanctionView }> {
    return { sanction: await this.sanctions.imposeAt(viewer, slug, imposition) };
  }

  @Delete()
  @Answers('Lift what is in force against somebody', { 204: null }, 'auth.forbidden', 'not-found')
  @HttpCode(204)
  async liftFrom(
    @CurrentViewer() viewer: Viewer,
    @Param('slug') slug: string,
    @Query() whose: LiftDto,
  ): Promise<void> {
    await this.sanctions.liftFromAt(viewer, slug, whose);
  }

  /** For a form, which has no DELETE. */
  @Post(':id/lift')
  @HttpCode(204)
  @Form({ view: 'error', next: '/' })
  @Answers('Lift a sanction, by a form', { 204: null }, 'auth.forbidden', 'not-found')
  liftByForm(
    @CurrentViewer() viewer: Viewer,
    @Param('slug') slug: string,
    @Param('id') id: string,
  ): Promise<void> {
    return this.lift(viewer, slug, id);
  }

  @Delete(':id')
  @Answers('Lift a sanction', { 204: null }, 'auth.forbidden', 'not-found')
  @HttpCode(204)
  async lift(
    @CurrentViewer() viewer: Viewer,
    @Param('slug') slug: string,
    @Param('id') id: string,
  ): Promise<void> {
    await this.sanctions.liftAt(viewer, slug, id);
  }
}

/** The same on the whole server. */
@Controller('api/sanctions')
@Roles('moderator')
export class SanctionsController {
  constructor(private readonly sanctions: SanctionsService) {}

  @Get()
  @Answers('Who may not write, or not take part, anywhere', {
    200: { sanctions: ['Sanction'], more: 'Flag' },
  })
  async list(
    @Query() { past, q, after }: SanctionsQueryDto,
  ): Promise<{ sanctions: SanctionView[]; more: boolean }> {
    return this.sanctions.pageEverywhere({ q, after, past: past === '1' });
  }

  @Post()
  @Answers(
    'Time somebody out everywhere, or ban them; with `address`, also where they come from',
    { 201: { sanction: 'Sanction', addresses: 'Count' } },
    'not-found',
  )
  async impose(
    @CurrentViewer() viewer: Viewer,
    @Body() imposition: ImposeEverywhereDto,
  ): Promise<{ sanction: SanctionView; addresses: number }> {
    return this.sanctions.imposeEverywhere(viewer, imposition);
  }

  @Delete()
  @Answers('Lift what is in force against somebody', { 204: null }, 'not-found')
  @HttpCode(204)
  async liftFrom(@CurrentViewer() viewer: Viewer, @Query() whose: LiftDto): Promise<void> {
    await this.sanctions.liftFromEverywhere(viewer, whose);
  }

  /** For a form, which has no DELETE. */
  @Post(':id/lift')
  @HttpCode(204)
  @Form({ view: 'error', next: '/admin/bans' })
  @Answers('Lift a sanction, by a form', { 204: null }, 'not-found')
  liftByForm(@CurrentViewer() viewer: Viewer, @Param('id') id: string): Promise<void> {
    return this.lift(viewer, id);
  }

  @Delete(':id')
  @Answers('Lift a sanction', { 204: null }, 'not-found')
  @HttpCode(204)
  async lift(@CurrentViewer() viewer: Viewer, @Param('id') id: string): Promise<void> {
    await this.sanctions.liftEverywhere(viewer, id);
  }
}
