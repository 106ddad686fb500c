import { Body, Controller, Get, HttpCode, Post, Res } from '@nestjs/common';
import type { Response } from 'express';

import { SessionMiddleware } from '../auth/session.middleware.js';
import { signedIn } from '../auth/sessions.service.js';
import { Answers } from '../common/answers.decorator.js';
import { CurrentViewer, Form } from '../common/decorators.js';
import { download } from '../common/download.js';
import type { Viewer } from '../common/viewer.js';
import { AccountDeletion } from './account-deletion.service.js';
import { AccountExport } from './account-export.service.js';
import { DeleteAccountDto } from './delete-account.dto.js';

/** All that the server has of oneself: to have it, or to have it no more. */
@Controller('user')
export class AccountController {
  constructor(
    private readonly file: AccountExport,
    private readonly deletion: AccountDeletion,
    private readonly cookies: SessionMiddleware,
  ) {}

  @Get('export')
  @Answers('All that the server has of oneself, as a file', { 200: 'Text' })
  async export(@CurrentViewer() viewer: Viewer, @Res() response: Response): Promise<void> {
    await download(response, 'madang', 'json', this.file.file(signedIn(viewer)));
  }

  @Post('delete')
  @Answers(
    'Delete one’s own account, for good',
    { 204: null },
    'frame.invalid',
    'auth.forbidden',
    'rate.limited',
  )
  @HttpCode(204)
  @Form({ view: 'settings', next: '/' })
  async delete(
    @CurrentViewer() viewer: Viewer,
    @Body() { currentPassword, messages }: DeleteAccountDto,
    @Res({ passthrough: true }) response: Response,
  ): Promise<void> {
    await this.deletion.delete(signedIn(viewer), currentPassword, messages);
    response.clearCookie(this.cookies.cookieName, this.cookies.cookie);
  }
}
