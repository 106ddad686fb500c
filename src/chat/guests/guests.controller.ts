import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import type { Request } from 'express';

import type { UserView } from '../../protocol/views.js';
import { SessionsService } from '../../auth/sessions.service.js';
import { Answers } from '../../common/answers.decorator.js';
import { CurrentViewer, Form, Public } from '../../common/decorators.js';
import type { Viewer } from '../../common/viewer.js';
import { presentUser } from '../../users/user.presenter.js';
import { GuestDto } from './guest.dto.js';
import { GuestsService } from './guests.service.js';

/** Writing without an account. */
@Controller('user')
@Public()
export class GuestsController {
  constructor(
    private readonly guests: GuestsService,
    private readonly sessions: SessionsService,
  ) {}

  @Post('guest')
  @Answers(
    'Choose a name to write under as a guest',
    { 201: { user: 'User' } },
    'name.taken',
    'name.reserved',
    'room.members-only',
    'rate.limited',
  )
  @HttpCode(201)
  @Form({ view: 'error', next: '/' })
  async name(
    @Req() request: Request,
    @CurrentViewer() viewer: Viewer,
    @Body() { nickname, room }: GuestDto,
  ): Promise<{ user: UserView }> {
    const guest = await this.guests.name(viewer, room, nickname);
    await this.sessions.begin(request, guest);
    return { user: presentUser(guest, { self: true }) };
  }
}
