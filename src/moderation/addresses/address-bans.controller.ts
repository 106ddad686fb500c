import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';

import type { AddressBanView } from '../../protocol/views.js';
import { Answers } from '../../common/answers.decorator.js';
import { CurrentViewer, Form, Roles } from '../../common/decorators.js';
import { DomainError } from '../../common/errors.js';
import type { Viewer } from '../../common/viewer.js';
import { AddressBans } from '../../auth/address-bans/address-bans.service.js';
import { signedIn } from '../../auth/sessions.service.js';
import { ActionLog } from '../actions/action.log.js';
import { BanAddressDto } from './address-ban.dto.js';
import { presentBan } from './address-ban.presenter.js';

/** Banned addresses: those that were banned with somebody's account, and those that were banned by themselves. */
@Controller('api/address-bans')
@Roles('admin')
export class AddressBansController {
  constructor(
    private readonly bans: AddressBans,
    private readonly actions: ActionLog,
  ) {}

  @Get()
  @Answers('Banned addresses, the newest first', { 200: { bans: ['AddressBan'] } })
  async list(): Promise<{ bans: AddressBanView[] }> {
    return { bans: (await this.bans.list()).map(presentBan) };
  }

  @Post()
  @Form({ view: 'error', next: '/admin/addresses' })
  @Answers('Ban an address; one that is banned stays so', { 201: { ban: 'AddressBan' } })
  async impose(
    @CurrentViewer() viewer: Viewer,
    @Body() { address, reason = '' }: BanAddressDto,
  ): Promise<{ ban: AddressBanView }> {
    const { account } = signedIn(viewer);
    const by = { ...account, address: viewer.address };
    const { ban, isNew } = await this.bans.imposeOn(address, by, reason.trim() || null);
    if (isNew) {
      const details = { address: ban.address };
      await this.actions.record(viewer, { action: 'address.ban', reason: ban.reason, details });
    }
    return { ban: presentBan(ban) };
  }

  /** For a form, which has no DELETE. */
  @Post(':id/lift')
  @HttpCode(204)
  @Form({ view: 'error', next: '/admin/addresses' })
  @Answers('Let people take part from an address again, by a form', { 204: null }, 'not-found')
  liftByForm(@CurrentViewer() viewer: Viewer, @Param('id') id: string): Promise<void> {
    return this.lift(viewer, id);
  }

  @Delete(':id')
  @Answers('Let people take part from an address again', { 204: null }, 'not-found')
  @HttpCode(204)
  async lift(@CurrentViewer() viewer: Viewer, @Param('id') id: string): Promise<void> {
    const [lifted] = await this.bans.lift({ id });
    if (!lifted) {
      throw new DomainError('not-found');
    }
    const { address, user } = presentBan(lifted);
    await this.actions.record(viewer, {
      action: 'address.lift',
      ...(user && { user }),
      details: { address },
    });
  }
}
