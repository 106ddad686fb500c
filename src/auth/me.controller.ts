import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post } from '@nestjs/common';

import type { SessionView, UserView } from '../protocol/views.js';
import { Answers } from '../common/answers.decorator.js';
import { CurrentViewer, Form } from '../common/decorators.js';
import type { Viewer } from '../common/viewer.js';
import { presentUser } from '../users/user.presenter.js';
import { UsersService } from '../users/users.service.js';
import { AuthService } from './auth.service.js';
import { ChangePasswordDto } from './dto/change-password.dto.js';
import { EditMeDto } from './dto/edit-me.dto.js';
import { SessionsService, signedIn } from './sessions.service.js';

/** One's own account and log-ins. */
@Controller('user')
export class MeController {
  constructor(
    private readonly users: UsersService,
    private readonly auth: AuthService,
    private readonly sessions: SessionsService,
  ) {}

  @Get('me')
  @Answers('Who am I', { 200: { user: 'User' } })
  show(@CurrentViewer() viewer: Viewer): { user: UserView } {
    return { user: presentUser(signedIn(viewer).account, { self: true }) };
  }

  @Patch('me')
  @Answers('Change nickname or language', { 200: { user: 'User' } }, 'name.taken', 'name.reserved')
  async edit(@CurrentViewer() viewer: Viewer, @Body() dto: EditMeDto): Promise<{ user: UserView }> {
    const account = await this.users.edit(signedIn(viewer).account.id, dto);
    return { user: presentUser(account, { self: true }) };
  }

  @Post('password')
  @Answers('Set another password; all other sessions end', { 204: null }, 'rate.limited')
  @HttpCode(204)
  @Form({ view: 'settings', next: '/user/settings' })
  async changePassword(@CurrentViewer() viewer: Viewer, @Body() dto: ChangePasswordDto): Promise<void> {
    await this.auth.changePassword(signedIn(viewer), dto.current, dto.password);
  }

  @Get('sessions')
  @Answers('Own log-ins', { 200: { sessions: ['Session'] } })
  async listSessions(@CurrentViewer() viewer: Viewer): Promise<{ sessions: SessionView[] }> {
    return { sessions: await this.sessions.list(signedIn(viewer)) };
  }

  /** Signs out everywhere else. */
  @Delete('sessions')
  @Answers('End all other sessions', { 204: null })
  @HttpCode(204)
  async endOtherSessions(@CurrentViewer() viewer: Viewer): Promise<void> {
    await this.sessions.endOthers(signedIn(viewer));
  }

  @Delete('sessions/:id')
  @Answers('End one session', { 204: null }, 'not-found')
  @HttpCode(204)
  async endSession(@CurrentViewer() viewer: Viewer, @Param('id') id: string): Promise<void> {
    await this.sessions.endOne(signedIn(viewer), id);
  }
}
