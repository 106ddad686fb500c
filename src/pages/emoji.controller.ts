import { Controller, Get, Header } from '@nestjs/common';

import type { EmojiGroupView } from '../protocol/views.js';
import { Answers } from '../common/answers.decorator.js';
import { CurrentViewer, Public } from '../common/decorators.js';
import type { Viewer } from '../common/viewer.js';
import { emojiGroups } from './emoji-data.js';

/** What the emoji picker shows, in the caller's language. */
@Controller('api/emoji')
@Public()
export class EmojiController {
  @Get()
  @Header('Cache-Control', 'private, max-age=86400')
  @Header('Vary', 'Accept-Language, Cookie')
  @Answers('Every emoji, in groups', { 200: { groups: ['EmojiGroup'] } })
  list(@CurrentViewer() { locale }: Viewer): { groups: EmojiGroupView[] } {
    return { groups: emojiGroups(locale) };
  }
}
