import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import type { Response } from 'express';

import { Answers } from '../../common/answers.decorator.js';
import { CurrentViewer } from '../../common/decorators.js';
import { download } from '../../common/download.js';
import type { Viewer } from '../../common/viewer.js';
import { ExportQueryDto } from './export.dto.js';
import { RoomExport } from './room-export.service.js';

/** What was said in a room, for its staff: the service knows who is. */
@Controller('api/rooms/:slug/export')
export class RoomExportController {
  constructor(private readonly exports: RoomExport) {}

  @Get()
  @Answers('What was said in the room, as a file', { 200: 'Text' }, 'auth.forbidden', 'not-found')
  async export(
    @CurrentViewer() viewer: Viewer,
    @Param('slug') slug: string,
    @Query() query: ExportQueryDto,
    @Res() response: Response,
  ): Promise<void> {
    const file = await this.exports.file(viewer, slug, query);
    await download(response, slug, query.format ?? 'json', file);
  }
}
