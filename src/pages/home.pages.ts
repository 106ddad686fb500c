import { Body, Controller, Get, HttpCode, Post, Render, UseInterceptors } from '@nestjs/common';

import { Answers } from '../common/answers.decorator.js';
import { CurrentViewer, Form, Public } from '../common/decorators.js';
import { DomainError } from '../common/errors.js';
import type { Viewer } from '../common/viewer.js';
import { AskAtHomeDto } from './dto/ask-at-home.dto.js';
import { HomeView } from './home-view.js';
import type { PageModel } from './page-frame.js';
import { PageLocalsInterceptor } from './page-locals.interceptor.js';

@Controller()
export class HomePages {
  constructor(private readonly home: HomeView) {}

  @Get()
  @Public()
  @Render('home')
  @UseInterceptors(PageLocalsInterceptor)
  show(@CurrentViewer() viewer: Viewer): Promise<PageModel> {
    return this.home.model(viewer);
  }

  /** Asks the AI, which is not set up yet. */
  @Post()
  @HttpCode(200)
  @Answers(
    'Ask the AI',
    { 200: { conversation: 'Text', reply: { id: 'Text', seq: 'Count', status: 'Text', text: 'Text' } } },
    'ai.off',
  )
  @Form({ view: 'home', next: '/' })
  ask(@Body() _question: AskAtHomeDto): never {
    throw new DomainError('ai.off');
  }
}
