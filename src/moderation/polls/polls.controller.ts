import { Body, Controller, Get, HttpCode, Param, Post, Put } from '@nestjs/common';

import type { PollView } from '../../protocol/views.js';
import { Answers } from '../../common/answers.decorator.js';
import { CurrentViewer, Public } from '../../common/decorators.js';
import type { Viewer } from '../../common/viewer.js';
import { StartPollDto, VoteDto } from './poll.dto.js';
import { PollsService } from './polls.service.js';

/** What a room is asked: everybody sees it, its staff ask, and who may write there votes; the service knows who that is. */
@Controller('api/rooms/:slug/polls')
export class PollsController {
  constructor(private readonly polls: PollsService) {}

  @Get()
  @Public()
  @Answers('The newest polls, an open one first', { 200: { polls: ['Poll'] } }, 'not-found')
  async list(@CurrentViewer() viewer: Viewer, @Param('slug') slug: string): Promise<{ polls: PollView[] }> {
    return { polls: await this.polls.list(viewer, slug) };
  }

  @Post()
  @Answers(
    'Ask the room something',
    { 201: { poll: 'Poll' } },
    'auth.forbidden',
    'not-found',
    'room.read-only',
    'poll.open',
    'text.empty',
    'text.too-long',
  )
  async start(
    @CurrentViewer() viewer: Viewer,
    @Param('slug') slug: string,
    @Body() wanted: StartPollDto,
  ): Promise<{ poll: PollView }> {
    return { poll: await this.polls.start(viewer, slug, wanted) };
  }

  @Put(':id/vote')
  @Public()
  @Answers(
    'Vote, in place of one’s former vote',
    { 200: { poll: 'Poll' } },
    'auth.required',
    'room.members-only',
    'user.timed-out',
    'not-found',
    'poll.closed',
    'rate.limited',
  )
  async vote(
    @CurrentViewer() viewer: Viewer,
    @Param('slug') slug: string,
    @Param('id') id: string,
    @Body() { choice }: VoteDto,
  ): Promise<{ poll: PollView }> {
    return { poll: await this.polls.vote(viewer, slug, id, choice) };
  }

  @Post(':id/end')
  @HttpCode(200)
  @Answers('End a poll before its time', { 200: { poll: 'Poll' } }, 'auth.forbidden', 'not-found')
  async end(
    @CurrentViewer() viewer: Viewer,
    @Param('slug') slug: string,
    @Param('id') id: string,
  ): Promise<{ poll: PollView }> {
    return { poll: await this.polls.end(viewer, slug, id) };
  }
}
