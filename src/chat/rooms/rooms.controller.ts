import { Body, Controller, Get, Headers, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';

import type { RoomView } from '../../protocol/views.js';
import { Answers } from '../../common/answers.decorator.js';
import { CurrentViewer, Public, Roles } from '../../common/decorators.js';
import type { Viewer } from '../../common/viewer.js';
import { UsersPageDto } from '../../users/dto/users-page.dto.js';
import { PeopleService, type PeoplePage } from './people.service.js';
import { ChangeRoomDto, CreateRoomDto } from './room.dto.js';
import { RoomGate } from '../gateway/room.gate.js';
import { RoomsService } from './rooms.service.js';

/** Rooms over HTTP. */
@Controller('api/rooms')
export class RoomsController {
  constructor(
    private readonly rooms: RoomsService,
    private readonly gate: RoomGate,
    private readonly present: PeopleService,
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

  /** For members: whoever looks is seen as well. */
  @Get(':slug/people')
  @Answers('Who is here now', { 200: { people: ['User'], guests: 'Count', more: 'Flag' } }, 'not-found')
  async people(
    @CurrentViewer() viewer: Viewer,
    @Param('slug') slug: string,
    @Query() query: UsersPageDto,
  ): Promise<PeoplePage> {
    return this.present.list(viewer, await this.rooms.findSpeakable(viewer, slug), query);
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
    'user.banned',
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

  /** For administrators; its modes for all of the room's staff. */
  @Patch(':slug')
  @Answers('Change a room', { 200: { room: 'Room' } }, 'auth.forbidden', 'not-found')
  async change(
    @CurrentViewer() viewer: Viewer,
    @Param('slug') slug: string,
    @Body() changes: ChangeRoomDto,
  ): Promise<{ room: RoomView }> {
    return { room: this.rooms.present(await this.rooms.change(viewer, slug, { ...changes })) };
  }
}
