import { Body, Controller, Get, Headers, HttpCode, Param, Patch, Post } from '@nestjs/common';

import type { RoomView } from '../protocol/views.js';
import { Answers } from '../common/answers.decorator.js';
import { CurrentViewer, Public, Roles } from '../common/decorators.js';
import type { Viewer } from '../common/viewer.js';
import { ChangeRoomDto, CreateRoomDto } from './dto/room.dto.js';
import { RoomGate } from './room.gate.js';
import { RoomsService } from './rooms.service.js';

/** Rooms over HTTP. */
@Controller('api/rooms')
export class RoomsController {
  constructor(
    private readonly rooms: RoomsService,
    private readonly gate: RoomGate,
  ) {}

  /** Everybody's rooms with who is there now; archived ones for administrators only. */
  @Get()
  @Public()
  @Answers('Rooms, with who is there now', { 200: { rooms: ['Room'] } })
  async list(@CurrentViewer() viewer: Viewer): Promise<{ rooms: RoomView[] }> {
    const rooms = await this.rooms.list(viewer);
    return { rooms: rooms.map((room) => this.rooms.present(room)) };
  }

  @Get(':slug')
  @Public()
  @Answers('One room', { 200: { room: 'Room' } }, 'not-found')
  async show(@CurrentViewer() viewer: Viewer, @Param('slug') slug: string): Promise<{ room: RoomView }> {
    return { room: this.rooms.present(await this.rooms.find(viewer, slug)) };
  }

  /** Why a socket does not open, which a browser cannot read from the refused upgrade. */
  @Get(':slug/access')
  @Public()
  @Answers(
    'May I open a socket here',
    { 204: null },
    'auth.required',
    'csrf',
    'not-found',
    'rate.limited',
    'server.draining',
  )
  @HttpCode(204)
  async access(
    @CurrentViewer() viewer: Viewer,
    @Param('slug') slug: string,
    @Headers('origin') origin?: string,
    @Headers('referer') referer?: string,
  ): Promise<void> {
    const page = referer !== undefined && URL.canParse(referer) ? new URL(referer).origin : undefined;
    await this.gate.check(viewer, slug, origin ?? page);
  }

  @Post()
  @Roles('admin')
  @Answers('Open a room', { 201: { room: 'Room' } }, 'name.taken')
  async create(@Body() room: CreateRoomDto): Promise<{ room: RoomView }> {
    return { room: this.rooms.present(await this.rooms.create(room)) };
  }

  @Patch(':slug')
  @Roles('admin')
  @Answers('Change a room', { 200: { room: 'Room' } }, 'not-found')
  async change(
    @CurrentViewer() viewer: Viewer,
    @Param('slug') slug: string,
    @Body() changes: ChangeRoomDto,
  ): Promise<{ room: RoomView }> {
    return { room: this.rooms.present(await this.rooms.change(viewer, slug, { ...changes })) };
  }
}
