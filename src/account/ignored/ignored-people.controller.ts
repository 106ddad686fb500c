import { Controller, Delete, Get, HttpCode, Param, Put } from '@nestjs/common';

import type { UserView } from '../../protocol/views.js';
import { signedIn } from '../../auth/sessions.service.js';
import { Answers } from '../../common/answers.decorator.js';
import { CurrentViewer } from '../../common/decorators.js';
import type { Viewer } from '../../common/viewer.js';
import { IgnoredPeople } from './ignored-people.service.js';

/** Whom one does not want to read. */
@Controller('user/ignored')
export class IgnoredPeopleController {
  constructor(private readonly people: IgnoredPeople) {}

  @Get()
  @Answers('Whom I ignore, the last one first', { 200: { people: ['User'] } })
  async list(@CurrentViewer() viewer: Viewer): Promise<{ people: UserView[] }> {
    return { people: await this.people.list(signedIn(viewer).account.id) };
  }

  @Put(':userId')
  @Answers('Ignore somebody', { 204: null }, 'not-found', 'frame.invalid')
  @HttpCode(204)
  async add(@CurrentViewer() viewer: Viewer, @Param('userId') userId: string): Promise<void> {
    await this.people.add(signedIn(viewer), userId);
  }

  @Delete(':userId')
  @Answers('Read somebody again', { 204: null })
  @HttpCode(204)
  async remove(@CurrentViewer() viewer: Viewer, @Param('userId') userId: string): Promise<void> {
    await this.people.remove(signedIn(viewer), userId);
  }
}
