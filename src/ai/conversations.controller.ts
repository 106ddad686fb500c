import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Query, Res } from '@nestjs/common';
import type { Response } from 'express';

import type { EntryFrame } from '../protocol/frames.js';
import type { ConversationView } from '../protocol/views.js';
import { Answers } from '../common/answers.decorator.js';
import { CurrentViewer } from '../common/decorators.js';
import type { Viewer } from '../common/viewer.js';
import { ConversationsService } from './conversations/conversations.service.js';
import { ExportDto, FindConversationsDto, RenameConversationDto } from './dto/conversations.dto.js';

/** One's own conversations with the AI. */
@Controller('api/conversations')
export class ConversationsController {
  constructor(private readonly conversations: ConversationsService) {}

  @Get()
  @Answers('One’s own conversations with the AI', { 200: { conversations: ['Conversation'] } })
  async list(
    @CurrentViewer() viewer: Viewer,
    @Query() { q }: FindConversationsDto,
  ): Promise<{ conversations: ConversationView[] }> {
    return { conversations: await this.conversations.list(viewer, q) };
  }

  @Get(':id')
  @Answers(
    'A conversation with its newest messages',
    { 200: { conversation: 'Conversation', entries: ['Entry'], more: 'Flag' } },
    'not-found',
  )
  show(
    @CurrentViewer() viewer: Viewer,
    @Param('id') id: string,
  ): Promise<{ conversation: ConversationView; entries: EntryFrame[]; more: boolean }> {
    return this.conversations.show(viewer, id);
  }

  @Patch(':id')
  @Answers('Rename a conversation', { 200: { conversation: 'Conversation' } }, 'not-found')
  async rename(
    @CurrentViewer() viewer: Viewer,
    @Param('id') id: string,
    @Body() { title }: RenameConversationDto,
  ): Promise<{ conversation: ConversationView }> {
    return { conversation: await this.conversations.rename(viewer, id, title) };
  }

  @Delete(':id')
  @HttpCode(204)
  @Answers('Delete a conversation for good', { 204: null }, 'not-found')
  delete(@CurrentViewer() viewer: Viewer, @Param('id') id: string): Promise<void> {
    return this.conversations.delete(viewer, id);
  }

  /** As a file: Markdown unless `format=json`. */
  @Get(':id/export')
  @Answers('A conversation as a file', { 200: 'Text' }, 'not-found')
  async export(
    @CurrentViewer() viewer: Viewer,
    @Param('id') id: string,
    @Query() { format = 'md' }: ExportDto,
    @Res() response: Response,
  ): Promise<void> {
    const file = await this.conversations.export(viewer, id, format);
    response.setHeader('Content-Disposition', `attachment; filename="conversation.${format}"`);
    response.type(format === 'md' ? 'text/markdown' : 'application/json').send(file);
  }
}
