import { Body, Controller, HttpCode, Post, Req, Res, UseGuards } from '@nestjs/common';
import { ApiBody } from '@nestjs/swagger';
import type { Request, Response } from 'express';

import type { UserView } from '../protocol/views.js';
import { Answers } from '../common/answers.decorator.js';
import { CurrentViewer, Form, Public } from '../common/decorators.js';
import type { Account, Viewer } from '../common/viewer.js';
import { presentUser } from '../users/user.presenter.js';
import { AuthService } from './auth.service.js';
import { LoginDto } from './dto/login.dto.js';
import { RegisterDto } from './dto/register.dto.js';
import { LoginGuard } from './login.guard.js';
import { SessionMiddleware } from './session.middleware.js';
import { SessionsService } from './sessions.service.js';

declare global {
  namespace Express {
    /** What passport puts on a request: who has just shown the right password. */
    interface User extends Account {}
  }
}

/** Registering, logging in and out. */
@Controller('user')
@Public()
export class AuthController {
  constructor(
    private readonly auth: AuthService,
    private readonly sessions: SessionsService,
    private readonly cookies: SessionMiddleware,
  ) {}

  @Post('register')
  @Answers(
    'Register, and be logged in',
    { 201: { user: 'User' } },
    'name.taken',
    'name.reserved',
    'rate.limited',
  )
  @Form({ view: 'register', next: '/' })
  async register(
    @Req() request: Request,
    @CurrentViewer() viewer: Viewer,
    @Body() dto: RegisterDto,
  ): Promise<{ user: UserView }> {
    const account = await this.auth.register(viewer.address, dto);
    return this.begin(request, account);
  }

  @Post('login')
  @ApiBody({ type: LoginDto })
  @Answers('Log in', { 200: { user: 'User' } }, 'auth.invalid', 'rate.limited')
  @HttpCode(200)
  @Form({ view: 'login', next: '/' })
  @UseGuards(LoginGuard)
  async login(@Req() request: Request & { user: Account }): Promise<{ user: UserView }> {
    return this.begin(request, request.user);
  }

  /** May be repeated: who has no session is logged out already. */
  @Post('logout')
  @Answers('Log out; the sockets of the session close', { 204: null })
  @HttpCode(204)
  @Form({ view: 'login', next: '/' })
  async logout(@Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<void> {
    await this.sessions.endOwn(request);
    response.clearCookie(this.cookies.cookieName, this.cookies.cookie);
  }

  private async begin(request: Request, account: Account): Promise<{ user: UserView }> {
    await this.sessions.begin(request, account);
    return { user: presentUser(account, { self: true }) };
  }
}
