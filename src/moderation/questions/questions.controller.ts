import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put } from '@nestjs/common';

import type { QuestionView } from '../../protocol/views.js';
import { Answers } from '../../common/answers.decorator.js';
import { CurrentViewer, Public } from '../../common/decorators.js';
import type { Viewer } from '../../common/viewer.js';
import { AskQuestionDto } from './question.dto.js';
import { QuestionsService } from './questions.service.js';

const ASKING = [
  'auth.required',
  'room.members-only',
  'questions.off',
  'user.timed-out',
  'not-found',
  'rate.limited',
] as const;

/** What people ask those who host a room; who may ask, vote and answer, the service knows. */
@Controller('api/rooms/:slug/questions')
export class QuestionsController {
  constructor(private readonly questions: QuestionsService) {}

  @Get()
  @Public()
  @Answers('What is asked here, most wanted first', { 200: { questions: ['Question'] } }, 'not-found')
  async list(
    @CurrentViewer() viewer: Viewer,
    @Param('slug') slug: string,
  ): Promise<{ questions: QuestionView[] }> {
    return { questions: await this.questions.list(viewer, slug) };
  }

  @Post()
  @Public()
  @Answers(
    'Ask those who host the room',
    { 201: { question: 'Question' } },
    ...ASKING,
    'questions.full',
    'text.empty',
    'text.too-long',
  )
  async ask(
    @CurrentViewer() viewer: Viewer,
    @Param('slug') slug: string,
    @Body() question: AskQuestionDto,
  ): Promise<{ question: QuestionView }> {
    return { question: await this.questions.ask(viewer, slug, question) };
  }

  @Put(':id/vote')
  @Public()
  @Answers('Want it answered, too', { 200: { question: 'Question' } }, ...ASKING, 'auth.forbidden')
  async vote(
    @CurrentViewer() viewer: Viewer,
    @Param('slug') slug: string,
    @Param('id') id: string,
  ): Promise<{ question: QuestionView }> {
    return { question: await this.questions.vote(viewer, slug, id, true) };
  }

  @Delete(':id/vote')
  @Public()
  @Answers('Want it answered no longer', { 200: { question: 'Question' } }, ...ASKING, 'auth.forbidden')
  async unvote(
    @CurrentViewer() viewer: Viewer,
    @Param('slug') slug: string,
    @Param('id') id: string,
  ): Promise<{ question: QuestionView }> {
    return { question: await this.questions.vote(viewer, slug, id, false) };
  }

  @Post(':id/answer')
  @HttpCode(200)
  @Answers('Mark it as answered', { 200: { question: 'Question' } }, 'auth.forbidden', 'not-found')
  async answer(
    @CurrentViewer() viewer: Viewer,
    @Param('slug') slug: string,
    @Param('id') id: string,
  ): Promise<{ question: QuestionView }> {
    return { question: await this.questions.answer(viewer, slug, id) };
  }

  @Post(':id/approve')
  @HttpCode(200)
  @Answers('Let through what was held back', { 200: { question: 'Question' } }, 'auth.forbidden', 'not-found')
  async approve(
    @CurrentViewer() viewer: Viewer,
    @Param('slug') slug: string,
    @Param('id') id: string,
  ): Promise<{ question: QuestionView }> {
    return { question: await this.questions.approve(viewer, slug, id) };
  }

  @Delete(':id')
  @Public()
  @HttpCode(204)
  @Answers('Take it away', { 204: null }, 'auth.required', 'auth.forbidden', 'not-found')
  async remove(
    @CurrentViewer() viewer: Viewer,
    @Param('slug') slug: string,
    @Param('id') id: string,
  ): Promise<void> {
    await this.questions.remove(viewer, slug, id);
  }
}
