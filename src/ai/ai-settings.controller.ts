import { Body, Controller, Get, HttpCode, Param, Patch, Post, Put, Query } from '@nestjs/common';

import type { AiModelView, AiSettingsView, AiTestView, AiUsageView } from '../protocol/views.js';
import { Answers } from '../common/answers.decorator.js';
import { CurrentViewer, Form, Roles } from '../common/decorators.js';
import type { Viewer } from '../common/viewer.js';
import { UsageService } from './budget/usage.service.js';
import { AiSettingsDto, BudgetDto, BudgetFormDto, UsageDayDto } from './dto/settings.dto.js';
import { ConnectionTest } from './model/connection-test.service.js';
import { ModelsService } from './model/models.service.js';
import { AiSettings } from './settings/ai.settings.js';

interface SettingsAnswer {
  settings: AiSettingsView;
  /** What holds where nothing was set. */
  defaults: AiSettingsView;
  /** Whether there is a provider to ask. */
  ready: boolean;
}

/** The AI, for administrators: how it is set up, whether it answers, and what it costs. */
@Controller('api/ai')
@Roles('admin')
export class AiSettingsController {
  constructor(
    private readonly settings: AiSettings,
    private readonly models: ModelsService,
    private readonly test: ConnectionTest,
    private readonly usage: UsageService,
  ) {}

  @Get('settings')
  @Answers('How the AI is set up', {
    200: { settings: 'AiSettings', defaults: 'AiSettings', ready: 'Flag' },
  })
  show(): SettingsAnswer {
    return { settings: this.settings.now, defaults: this.settings.defaults, ready: this.models.isSetUp };
  }

  @Patch('settings')
  @Answers('Set the AI up differently', {
    200: { settings: 'AiSettings', defaults: 'AiSettings', ready: 'Flag' },
  })
  async change(@CurrentViewer() viewer: Viewer, @Body() changes: AiSettingsDto): Promise<SettingsAnswer> {
    await this.settings.change(changes, viewer);
    return this.show();
  }

  @Post('settings')
  @HttpCode(200)
  @Form({ view: 'admin/ai', next: '/admin/ai?done=saved' })
  @Answers('Set the AI up differently, by a form', {
    200: { settings: 'AiSettings', defaults: 'AiSettings', ready: 'Flag' },
  })
  changeByForm(@CurrentViewer() viewer: Viewer, @Body() changes: AiSettingsDto): Promise<SettingsAnswer> {
    return this.change(viewer, changes);
  }

  @Get('models')
  @Answers(
    'The models of the provider, and the one in use',
    { 200: { models: ['AiModel'], current: 'Text' } },
    'ai.off',
    'ai.provider',
  )
  async list(): Promise<{ models: AiModelView[]; current: string }> {
    const models = await this.models.available();
    return { models, current: await this.models.current() };
  }

  /** Always 200: what is wrong is the answer. */
  @Post('test')
  @HttpCode(200)
  @Form({ view: 'admin/ai', next: '/admin/ai?done=tested' })
  @Answers('Ask the model for a word, to see whether it answers', { 200: { test: 'AiTest' } }, 'ai.busy')
  async try(@CurrentViewer() { locale }: Viewer): Promise<{ test: AiTestView }> {
    return { test: await this.test.run(locale) };
  }

  @Get('usage')
  @Answers('Tokens used on a day, by person', { 200: 'AiUsage' })
  used(@Query() { day }: UsageDayDto): Promise<AiUsageView> {
    return this.usage.ofDay(day);
  }

  @Put('budgets/:userId')
  @HttpCode(204)
  @Answers('Give a person a budget of their own', { 204: null }, 'not-found')
  setBudget(
    @CurrentViewer() viewer: Viewer,
    @Param('userId') userId: string,
    @Body() { tokens }: BudgetDto,
  ): Promise<void> {
    return this.usage.setBudget(viewer, userId, tokens);
  }

  @Post('budgets/:userId')
  @HttpCode(204)
  @Form({ view: 'admin/ai', next: '/admin/ai?done=saved#usage' })
  @Answers('Give a person a budget of their own, by a form', { 204: null }, 'not-found')
  setBudgetByForm(
    @CurrentViewer() viewer: Viewer,
    @Param('userId') userId: string,
    @Body() budget: BudgetDto,
  ): Promise<void> {
    return this.setBudget(viewer, userId, budget);
  }

  @Post('budgets')
  @HttpCode(204)
  @Form({ view: 'admin/ai', next: '/admin/ai?done=saved#usage' })
  @Answers('Give the person with a username a budget of their own', { 204: null }, 'not-found')
  setBudgetOf(@CurrentViewer() viewer: Viewer, @Body() { username, tokens }: BudgetFormDto): Promise<void> {
    return this.usage.setBudgetOf(viewer, username, tokens);
  }
}
