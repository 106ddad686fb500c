import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';

import type { CardView, NoteView, ProfileView } from '../../protocol/views.js';
import { Answers } from '../../common/answers.decorator.js';
import { CurrentViewer } from '../../common/decorators.js';
import type { Viewer } from '../../common/viewer.js';
import { NoteDto } from './card.dto.js';
import { CardsService } from './cards.service.js';

/** One person in a room: a little for its members, more for its staff. The service knows who is. */
@Controller('api/rooms/:slug/people/:person')
export class CardsController {
  constructor(private readonly cards: CardsService) {}

  @Get()
  @Answers('Somebody, as members see them here', { 200: { person: 'Profile' } }, 'not-found')
  async profile(
    @CurrentViewer() viewer: Viewer,
    @Param('slug') slug: string,
    @Param('person') person: string,
  ): Promise<{ person: ProfileView }> {
    return { person: await this.cards.profile(viewer, slug, person) };
  }

  @Get('card')
  @Answers('Somebody, as staff know them here', { 200: { card: 'Card' } }, 'auth.forbidden', 'not-found')
  async card(
    @CurrentViewer() viewer: Viewer,
    @Param('slug') slug: string,
    @Param('person') person: string,
  ): Promise<{ card: CardView }> {
    return { card: await this.cards.card(viewer, slug, person) };
  }

  @Post('notes')
  @Answers('Note something for the staff here', { 201: { note: 'Note' } }, 'auth.forbidden', 'not-found')
  async note(
    @CurrentViewer() viewer: Viewer,
    @Param('slug') slug: string,
    @Param('person') person: string,
    @Body() note: NoteDto,
  ): Promise<{ note: NoteView }> {
    return { note: await this.cards.note(viewer, slug, person, note) };
  }

  @Delete('notes/:id')
  @Answers('Take a note away', { 204: null }, 'auth.forbidden', 'not-found')
  @HttpCode(204)
  async removeNote(
    @CurrentViewer() viewer: Viewer,
    @Param('slug') slug: string,
    @Param('person') person: string,
    @Param('id') id: string,
  ): Promise<void> {
    await this.cards.removeNote(viewer, slug, person, id);
  }
}
