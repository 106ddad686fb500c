import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';

import type { ReportedView } from '../../protocol/views.js';
import { Answers } from '../../common/answers.decorator.js';
import { CurrentViewer } from '../../common/decorators.js';
import type { Viewer } from '../../common/viewer.js';
import { SeqPipe } from '../../chat/messages/seq.pipe.js';
import { ReasonDto } from '../removals/removal.dto.js';
import { ReportDto } from './report.dto.js';
import { ReportsService } from './reports.service.js';

/** What people report, and the queue of it for the staff of the room: the service knows who is. */
@Controller('api/rooms/:slug')
export class ReportsController {
  constructor(private readonly reports: ReportsService) {}

  @Post('messages/:seq/report')
  @Answers(
    'Report a message to the staff of the room',
    { 204: null },
    'auth.forbidden',
    'user.banned',
    'not-found',
    'rate.limited',
    'report.full',
  )
  @HttpCode(204)
  async report(
    @CurrentViewer() viewer: Viewer,
    @Param('slug') slug: string,
    @Param('seq', SeqPipe) seq: number,
    @Body() report: ReportDto,
  ): Promise<void> {
    await this.reports.report(viewer, slug, seq, report);
  }

  @Get('reports')
  @Answers('What was reported here', { 200: { reported: ['Reported'] } }, 'auth.forbidden', 'not-found')
  async list(
    @CurrentViewer() viewer: Viewer,
    @Param('slug') slug: string,
  ): Promise<{ reported: ReportedView[] }> {
    return { reported: await this.reports.list(viewer, slug) };
  }

  @Post('reports/:seq/dismiss')
  @Answers('Close the reports of a message', { 204: null }, 'auth.forbidden', 'not-found')
  @HttpCode(204)
  async dismiss(
    @CurrentViewer() viewer: Viewer,
    @Param('slug') slug: string,
    @Param('seq', SeqPipe) seq: number,
    @Body() { reason }: ReasonDto,
  ): Promise<void> {
    await this.reports.dismiss(viewer, slug, seq, reason);
  }
}
