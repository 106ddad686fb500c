import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';

import type { SummaryView, TranslationView } from '../protocol/views.js';
import { Answers } from '../common/answers.decorator.js';
import { CurrentViewer } from '../common/decorators.js';
import type { Viewer } from '../common/viewer.js';
import { SeqPipe } from '../chat/messages/seq.pipe.js';
import { SummaryDto } from './dto/summary.dto.js';
import { SummaryService } from './reading/summary.service.js';
import { TranslationService } from './reading/translation.service.js';

const CALLING = [
  'not-found',
  'ai.off',
  'ai.busy',
  'ai.quota',
  'ai.too-long',
  'ai.provider',
  'rate.limited',
] as const;

/** Help with reading a room, for its members: off until an administrator turns it on. */
@Controller('api/rooms/:slug')
export class ReadingsController {
  constructor(
    private readonly translations: TranslationService,
    private readonly summaries: SummaryService,
  ) {}

  @Post('messages/:seq/translation')
  @HttpCode(200)
  @Answers('A message in one’s own language', { 200: 'Translation' }, ...CALLING)
  translate(
    @CurrentViewer() viewer: Viewer,
    @Param('slug') slug: string,
    @Param('seq', SeqPipe) seq: number,
  ): Promise<TranslationView> {
    return this.translations.translate(viewer, slug, seq);
  }

  @Post('summary')
  @HttpCode(200)
  @Answers('What one missed', { 200: 'Summary' }, ...CALLING)
  summarise(
    @CurrentViewer() viewer: Viewer,
    @Param('slug') slug: string,
    @Body() { after = 0 }: SummaryDto,
  ): Promise<SummaryView> {
    return this.summaries.summarise(viewer, slug, after);
  }
}
