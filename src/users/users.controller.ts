import { Body, Controller, Get, Param, Patch, Query } from '@nestjs/common';

import type { UserView } from '../protocol/views.js';
import { Answers } from '../common/answers.decorator.js';
import { CurrentViewer, Roles } from '../common/decorators.js';
import type { Viewer } from '../common/viewer.js';
import { SetRoleDto } from './dto/set-role.dto.js';
import { UsersPageDto } from './dto/users-page.dto.js';
import { presentUser } from './user.presenter.js';
import { UsersService } from './users.service.js';

/** People and their roles, for administrators. */
@Controller('api/users')
@Roles('admin')
export class UsersController {
  constructor(private readonly users: UsersService) {}

  @Get()
  @Answers('People', { 200: { users: ['User'], more: 'Flag' } })
  async page(@Query() query: UsersPageDto): Promise<{ users: UserView[]; more: boolean }> {
    const { accounts, more } = await this.users.page(query);
    return { users: accounts.map((account) => presentUser(account)), more };
  }

  @Patch(':id')
  @Answers('Set the role of a person', { 200: { user: 'User' } }, 'not-found')
  async setRole(
    @CurrentViewer() { account, address }: Viewer,
    @Param('id') id: string,
    @Body() { role }: SetRoleDto,
  ): Promise<{ user: UserView }> {
    const by = account ? { account, address } : undefined;
    return { user: presentUser(await this.users.setRole(id, role, by)) };
  }
}
