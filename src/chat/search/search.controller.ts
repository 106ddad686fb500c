import { Controller, Get, Param, Query } from '@nestjs/common';

import { Answers } from '../../common/answers.decorator.js';
import { CurrentViewer } from '../../common/decorators.js';
import type { Viewer } from '../../common/viewer.js';
import { RoomsService } from '../rooms/rooms.service.js';
import { SearchQueryDto } from './search.dto.js';
import { SearchService, type SearchPage } from './search.service.js';

/** Looking for what was said. */
@Controller('api/rooms/:slug/search')
export class SearchController {
  constructor(
    private readonly rooms: RoomsService,
    private readonly search: SearchService,
  ) {}

  @Get()
  @Answers(
    'Messages with all of these words in them, the newest first',
    { 200: { messages: ['FoundMessage'], next: 'SeqOrNull' } },
    'not-found',
    'rate.limited',
  )
  async find(
    @CurrentViewer() viewer: Viewer,
    @Param('slug') slug: string,
    @Query() { q, before }: SearchQueryDto,
  ): Promise<SearchPage> {
    return this.search.find(viewer, await this.rooms.findSpeakable(viewer, slug), q, before);
  }
}
