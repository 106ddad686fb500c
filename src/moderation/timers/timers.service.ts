import { randomUUID } from 'node:crypto';

import { Injectable } from '@nestjs/common';

import type { ActionKind, TimerView } from '../../protocol/views.js';
import { Clock } from '../../common/clock.js';
import { DomainError } from '../../common/errors.js';
import type { Viewer } from '../../common/viewer.js';
import { checkedText } from '../../chat/messages/message.text.js';
import { ActionLog } from '../actions/action.log.js';
import { StaffService, type AtWork } from '../staff.service.js';
import type { ChangeTimerDto, TimerDto } from './timer.dto.js';
import type { Timer } from './timer.entity.js';
import { MOST_TIMERS, TimersRepository } from './timers.repository.js';

const MINUTE_MS = 60_000;
/** In graphemes. */
const LONGEST_TEXT = 500;
const DEFAULT_MESSAGES = 5;

/**
 * What rooms say by themselves: staff of the room decide what, how often and whether. A timer that was added, switched on
 * or given another interval is said after that interval at the earliest.
 */
@Injectable()
export class TimersService {
  constructor(
    private readonly staff: StaffService,
    private readonly timers: TimersRepository,
    private readonly actions: ActionLog,
    private readonly clock: Clock,
  ) {}

  async list(viewer: Viewer, slug: string): Promise<TimerView[]> {
    const { live } = await this.staff.at(viewer, slug);
    return (await this.timers.ofRoom(live.room.id)).map(presentTimer);
  }

  /** Throws `timer.full` when the room has as many as it may. */
  async add(viewer: Viewer, slug: string, wanted: TimerDto): Promise<TimerView> {
    const work = await this.staff.at(viewer, slug);
    const { minutes, messages = DEFAULT_MESSAGES, enabled = true } = wanted;
    const { room, channel } = work.live;
    const timer = await this.timers.add({
      roomId: room.id,
      id: randomUUID(),
      text: checkedText(wanted.text, LONGEST_TEXT),
      minutes,
      messages,
      enabled,
      dueAt: this.clock.now() + minutes * MINUTE_MS,
      lastSeq: channel.head,
    });
    if (!timer) {
      throw new DomainError('timer.full');
    }
    const { number, text } = timer;
    await this.record(work, 'timer.add', { number, text, minutes, messages, enabled });
    return presentTimer(timer);
  }

  /** Throws `not-found`. */
  async change(viewer: Viewer, slug: string, number: number, wanted: ChangeTimerDto): Promise<TimerView> {
    const work = await this.staff.at(viewer, slug);
    const timer = await this.find(work, number);
    const text = wanted.text === undefined ? timer.text : checkedText(wanted.text, LONGEST_TEXT);
    const { minutes = timer.minutes, messages = timer.messages, enabled = timer.enabled } = wanted;
    const restarts = minutes !== timer.minutes || (enabled && !timer.enabled);
    const changes = {
      text,
      minutes,
      messages,
      enabled,
      ...(restarts && { dueAt: this.clock.now() + minutes * MINUTE_MS }),
    };
    await this.timers.change(timer, changes);
    await this.record(work, 'timer.change', { number, text, minutes, messages, enabled });
    return presentTimer({ ...timer, ...changes });
  }

  /** Throws `not-found`. */
  async remove(viewer: Viewer, slug: string, number: number): Promise<void> {
    const work = await this.staff.at(viewer, slug);
    const timer = await this.find(work, number);
    if (!(await this.timers.remove(timer))) {
      throw new DomainError('not-found');
    }
    await this.record(work, 'timer.remove', { number, text: timer.text });
  }

  private async find({ live }: AtWork, number: number): Promise<Timer> {
    // One database takes any number for a key, the other fails to look for a large one.
    const timer = number > MOST_TIMERS ? null : await this.timers.find(live.room.id, number);
    if (!timer) {
      throw new DomainError('not-found');
    }
    return timer;
  }

  private record({ live, account, address }: AtWork, action: ActionKind, details: object): Promise<void> {
    return this.actions.record({ account, address }, { action, roomId: live.room.id, details });
  }
}

function presentTimer({ number, text, minutes, messages, enabled, dueAt }: Timer): TimerView {
  return {
    number,
    text,
    minutes,
    messages,
    enabled,
    dueAt: enabled ? new Date(dueAt).toISOString() : null,
  };
}
