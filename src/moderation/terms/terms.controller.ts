import { Body, Controller, Delete, Get, Header, HttpCode, Param, Post } from '@nestjs/common';

import type { TermView } from '../../protocol/views.js';
import { Answers } from '../../common/answers.decorator.js';
import { CurrentViewer, Form, Roles } from '../../common/decorators.js';
import type { Viewer } from '../../common/viewer.js';
import { TermDto, TermsDto, TermsTextDto } from './term.dto.js';
import { TermsService } from './terms.service.js';

const termOf = ({ text, outcome = 'refuse' }: TermDto) => ({ text, outcome });

/** Words that one room does not allow, for its staff: the service knows who is. */
@Controller('api/rooms/:slug/terms')
export class RoomTermsController {
  constructor(private readonly terms: TermsService) {}

  @Get()
  @Answers('Blocked terms of the room', { 200: { terms: ['Term'] } }, 'auth.forbidden', 'not-found')
  async list(@CurrentViewer() viewer: Viewer, @Param('slug') slug: string): Promise<{ terms: TermView[] }> {
    return { terms: await this.terms.list(viewer, slug) };
  }

  @Post()
  @Answers('Block terms; known ones stay', { 201: { terms: ['Term'] } }, 'auth.forbidden', 'not-found')
  async add(
    @CurrentViewer() viewer: Viewer,
    @Param('slug') slug: string,
    @Body() { terms }: TermsDto,
  ): Promise<{ terms: TermView[] }> {
    return { terms: await this.terms.add(viewer, slug, terms.map(termOf)) };
  }

  @Get('export')
  @Answers('The same as text, one a line', { 200: 'Text' }, 'auth.forbidden', 'not-found')
  @Header('Content-Type', 'text/plain; charset=utf-8')
  @Header('Content-Disposition', 'attachment; filename="terms.txt"')
  async export(@CurrentViewer() viewer: Viewer, @Param('slug') slug: string): Promise<string> {
    return this.terms.lines(viewer, slug);
  }

  @Post('import')
  @Form({ view: 'error', next: '/' })
  @Answers('Block terms that are given as text', { 201: { terms: ['Term'] } }, 'auth.forbidden', 'not-found')
  async import(
    @CurrentViewer() viewer: Viewer,
    @Param('slug') slug: string,
    @Body() { text, outcome }: TermsTextDto,
  ): Promise<{ terms: TermView[] }> {
    return { terms: await this.terms.addLines(viewer, slug, text, outcome) };
  }

  /** For a form, which has no DELETE. */
  @Post(':id/remove')
  @HttpCode(204)
  @Form({ view: 'error', next: '/' })
  @Answers('Allow a term again, by a form', { 204: null }, 'auth.forbidden', 'not-found')
  removeByForm(
    @CurrentViewer() viewer: Viewer,
    @Param('slug') slug: string,
    @Param('id') id: string,
  ): Promise<void> {
    return this.remove(viewer, slug, id);
  }

  @Delete(':id')
  @Answers('Allow a term again', { 204: null }, 'auth.forbidden', 'not-found')
  @HttpCode(204)
  async remove(
    @CurrentViewer() viewer: Viewer,
    @Param('slug') slug: string,
    @Param('id') id: string,
  ): Promise<void> {
    await this.terms.remove(viewer, slug, id);
  }
}

/** The same in every room. */
@Controller('api/terms')
@Roles('admin')
export class TermsController {
  constructor(private readonly terms: TermsService) {}

  @Get()
  @Answers('Blocked terms of the server', { 200: { terms: ['Term'] } })
  async list(@CurrentViewer() viewer: Viewer): Promise<{ terms: TermView[] }> {
    return { terms: await this.terms.list(viewer, null) };
  }

  @Post()
  @Answers('Block terms everywhere; known ones stay', { 201: { terms: ['Term'] } })
  async add(@CurrentViewer() viewer: Viewer, @Body() { terms }: TermsDto): Promise<{ terms: TermView[] }> {
    return { terms: await this.terms.add(viewer, null, terms.map(termOf)) };
  }

  @Get('export')
  @Answers('The same as text, one a line', { 200: 'Text' })
  @Header('Content-Type', 'text/plain; charset=utf-8')
  @Header('Content-Disposition', 'attachment; filename="terms.txt"')
  async export(@CurrentViewer() viewer: Viewer): Promise<string> {
    return this.terms.lines(viewer, null);
  }

  @Post('import')
  @Form({ view: 'error', next: '/admin/terms' })
  @Answers('Block terms everywhere that are given as text', { 201: { terms: ['Term'] } })
  async import(
    @CurrentViewer() viewer: Viewer,
    @Body() { text, outcome }: TermsTextDto,
  ): Promise<{ terms: TermView[] }> {
    return { terms: await this.terms.addLines(viewer, null, text, outcome) };
  }

  /** For a form, which has no DELETE. */
  @Post(':id/remove')
  @HttpCode(204)
  @Form({ view: 'error', next: '/admin/terms' })
  @Answers('Allow a term again, by a form', { 204: null }, 'not-found')
  removeByForm(@CurrentViewer() viewer: Viewer, @Param('id') id: string): Promise<void> {
    return this.remove(viewer, id);
  }

  @Delete(':id')
  @Answers('Allow a term again', { 204: null }, 'not-found')
  @HttpCode(204)
  async remove(@CurrentViewer() viewer: Viewer, @Param('id') id: string): Promise<void> {
    await this.terms.remove(viewer, null, id);
  }
}
