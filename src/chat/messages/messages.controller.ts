import { randomUUID } from 'node:crypto';

import { Body, Controller, Delete, Get, Param, Patch, Post, Query, Res } from '@nestjs/common';
import type { Response } from 'express';

import type { EntryFrame } from '../../protocol/frames.js';
import { Answers } from '../../common/answers.decorator.js';
import { CurrentViewer, Public } from '../../common/decorators.js';
import type { Viewer } from '../../common/viewer.js';
import { HistoryQueryDto } from './history.dto.js';
import { ChangeDto, RemoveBodyDto, SayDto } from './message.dto.js';
import { HistoryService } from './history.service.js';
import { LiveRooms } from '../rooms/live-rooms.js';
import { MessagesService, type Stored, type Waiting } from './messages.service.js';
import { SeqPipe } from './seq.pipe.js';
import { RoomsService } from '../rooms/rooms.service.js';

const SPEAKING = ['not-found', 'room.read-only', 'text.empty', 'text.too-long', 'rate.limited'] as const;

/** A room's log over HTTP: the same entries, rules and acknowledgements as over a socket. Who may write, the services know. */
@Controller('api/rooms/:slug/messages')
export class MessagesController {
  constructor(
    private readonly rooms: RoomsService,
    private readonly live: LiveRooms,
    private readonly history: HistoryService,
    private readonly messages: MessagesService,
  ) {}

  @Get()
  @Public()
  @Answers('A page of the log', { 200: { entries: ['Entry'], more: 'Flag' } }, 'not-found')
  async list(
    @CurrentViewer() viewer: Viewer,
    @Param('slug') slug: string,
    @Query() query: HistoryQueryDto,
  ): Promise<{ entries: EntryFrame[]; more: boolean }> {
    return this.history.pageFor(viewer, await this.rooms.find(viewer, slug), query);
  }

  /** 201 when stored now, 200 with `dup` when it had been, 202 when it waits for review. */
  @Post()
  @Public()
  @Answers('Say something', { 201: 'Posted', 200: 'Posted', 202: 'Waiting' }, ...SPEAKING)
  async post(
    @CurrentViewer() viewer: Viewer,
    @Param('slug') slug: string,
    @Body() message: SayDto,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Stored | Waiting> {
    const room = await this.rooms.findSpeakable(viewer, slug);
    const stored = await this.messages.post(viewer, await this.live.open(room.id), message);
    response.status('seq' in stored ? (stored.dup ? 200 : 201) : 202);
    return stored;
  }

  @Patch(':seq')
  @Public()
  @Answers('Change the text of a message of one’s own', { 200: 'Posted' }, ...SPEAKING)
  async change(
    @CurrentViewer() viewer: Viewer,
    @Param('slug') slug: string,
    @Param('seq', SeqPipe) target: number,
    @Body() { text, nonce }: ChangeDto,
  ): Promise<Stored> {
    const room = await this.rooms.findSpeakable(viewer, slug);
    return this.messages.change(viewer, await this.live.open(room.id), { target, text, nonce });
  }

  @Delete(':seq')
  @Public()
  @Answers('Remove a message', { 200: 'Posted' }, 'not-found', 'room.read-only')
  async remove(
    @CurrentViewer() viewer: Viewer,
    @Param('slug') slug: string,
    @Param('seq', SeqPipe) target: number,
    @Body() { nonce = randomUUID(), reason }: RemoveBodyDto,
  ): Promise<Stored> {
    const room = await this.rooms.findSpeakable(viewer, slug);
    return this.messages.remove(viewer, await this.live.open(room.id), { target, nonce, reason });
  }
}
