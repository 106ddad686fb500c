import {
  Body,
  Controller,
  Get,
  HttpCode,
  Post,
  Query,
  Render,
  Req,
  Res,
  UseInterceptors,
} from '@nestjs/common';
import type { Request, Response } from 'express';

import { WaitingService, type Reply } from '../ai/conversations/waiting.service.js';
import { Answers } from '../common/answers.decorator.js';
import { CurrentViewer, Form, Public } from '../common/decorators.js';
import { formPostOf } from '../common/form-post.js';
import type { Viewer } from '../common/viewer.js';
import { AskAtHomeDto } from './dto/ask-at-home.dto.js';
import { HomeView } from './home-view.js';
import type { PageModel } from './page-frame.js';
import { PageLocalsInterceptor } from './page-locals.interceptor.js';

const LONGEST_QUERY = 100;
const ANSWER = {
  conversation: 'Text',
  reply: { id: 'Text', seq: 'Count', status: 'Text', text: 'Text' },
} as const;

@Controller()
export class HomePages {
  constructor(
    private readonly home: HomeView,
    private readonly waiting: WaitingService,
  ) {}

  @Get()
  @Public()
  @Render('home')
  @UseInterceptors(PageLocalsInterceptor)
  show(
    @CurrentViewer() viewer: Viewer,
    @Query('c') conversation?: unknown,
    @Query('q') query?: unknown,
  ): Promise<PageModel> {
    return this.home.model(viewer, {
      open: typeof conversation === 'string' && conversation !== '' ? conversation : null,
      query: typeof query === 'string' ? query.slice(0, LONGEST_QUERY) : '',
    });
  }

  /** Asks the AI: 200 with its answer, or 202 when that is not finished after 25 s. */
  @Post()
  @HttpCode(200)
  @Answers(
    'Ask the AI',
    { 200: ANSWER, 202: ANSWER },
    'not-found',
    'ai.off',
    'ai.too-long',
    'ai.busy',
    'ai.quota',
    'ai.provider',
    'rate.limited',
  )
  @Form({ view: 'home', next: '/' })
  async ask(
    @CurrentViewer() viewer: Viewer,
    @Body() question: AskAtHomeDto,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<{ conversation: string; reply: Reply }> {
    const answer = await this.waiting.ask(viewer, question);
    response.status(answer.reply.status === 'running' ? 202 : 200);
    const post = formPostOf(request);
    if (post?.next === '') {
      post.target = `/?c=${answer.conversation}`;
    }
    return answer;
  }
}
