import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';

import type { ServerFrame } from '../../protocol/frames.js';
import { Clock } from '../../common/clock.js';
import { Paced } from '../../common/paced.js';
import { LiveRooms } from '../../chat/rooms/live-rooms.js';
import { Bus } from '../../realtime/bus/bus.js';
import { LateQuestions, type Asked } from './late-questions.js';
import { isPublic, presentQuestion } from './question.presenter.js';
import type { Question } from './question.entity.js';
import { QuestionsRepository } from './questions.repository.js';

/** How often at most the people of a room are told how many want what answered. */
const VOTES_EVERY_MS = 500;
const TOPIC = 'questions';

type News =
  | { readonly roomId: number; readonly frame: ServerFrame }
  /** It was asked where there is a delay: each node shows it when it is old enough. */
  | { readonly roomId: number; readonly late: Asked }
  /** Somebody has voted: how it stands is in the database. */
  | { readonly roomId: number; readonly voted: readonly string[] };

/** Tells the people of a room, on whatever node, what is asked, in passing: who has just come asks for what there is. */
@Injectable()
export class QuestionNews implements OnModuleDestroy {
  private readonly logger = new Logger('Questions');
  private readonly toShow = new Map<number, Set<string>>();
  private readonly toTell = new Map<number, Set<string>>();
  private readonly late = new LateQuestions(
    (question) => this.isLate(question),
    ({ id }) => {
      this.showNow(id).catch((error: unknown) => this.logger.error(error));
    },
  );
  private readonly showing = new Paced<number>(VOTES_EVERY_MS, (roomId) => {
    this.showVotes(roomId).catch((error: unknown) => this.logger.error(error));
  });
  private readonly telling = new Paced<number>(VOTES_EVERY_MS, (roomId) =>
    this.bus.publish(TOPIC, { roomId, voted: take(this.toTell, roomId) } satisfies News),
  );

  constructor(
    private readonly live: LiveRooms,
    private readonly questions: QuestionsRepository,
    private readonly bus: Bus,
    private readonly clock: Clock,
  ) {
    bus.subscribe<News>(TOPIC, (news) => {
      if ('frame' in news) {
        this.show(news.roomId, news.frame);
      } else if ('late' in news) {
        this.late.add(news.late);
      } else {
        this.voted(this.toShow, news.roomId, news.voted);
        this.showing.ask(news.roomId);
      }
    });
  }

  onModuleDestroy(): void {
    this.showing.close();
    this.telling.close();
    this.late.close();
  }

  /** Whether the delay of its room still keeps it from all but staff and its author. */
  isLate({ roomId, at }: Asked): boolean {
    const delay = this.live.at(roomId)?.settings.delay ?? 0;
    return at + delay * 1000 > this.clock.now();
  }

  /** Shows it to people on this node when it is old enough. */
  keepBack(question: Asked): void {
    this.late.add(question);
  }

  /** To all who may see it: of what waits, is late or is hidden that is staff, and its author alone. */
  tell(question: Question, frame: ServerFrame): void {
    const { roomId, hidden, authorId } = question;
    if (isPublic(question) && !this.isLate(question)) {
      this.show(roomId, frame);
      this.bus.publish(TOPIC, { roomId, frame } satisfies News);
      return;
    }
    this.live.tellStaff(roomId, hidden ? marked(frame) : frame, authorId ?? '');
    if (authorId !== null) {
      this.live.at(roomId)?.tellPerson(authorId, owned(frame));
    }
    if (isPublic(question) && frame.event === 'question.asked') {
      const { id, at } = question;
      this.late.add(question);
      this.bus.publish(TOPIC, { roomId, late: { id, roomId, at } } satisfies News);
    }
  }

  /** It is there for all these from now on. */
  async tellAsked(question: Question): Promise<void> {
    this.tell(question, await this.frameOf(question));
  }

  /** It was shown to all, and waits for staff now; or the other way round. */
  async tellMoved(question: Question): Promise<void> {
    if (question.status === 'held') {
      this.tell({ ...question, status: 'open' }, { event: 'question.removed', data: { id: question.id } });
    }
    await this.tellAsked(question);
  }

  /** People are told soon. */
  tellVotes(question: Question): void {
    const { id, roomId, hidden } = question;
    if (hidden || this.isLate(question)) {
      return;
    }
    this.voted(this.toShow, roomId, [id]);
    this.voted(this.toTell, roomId, [id]);
    this.showing.ask(roomId);
    this.telling.ask(roomId);
  }

  private async frameOf(question: Question): Promise<ServerFrame> {
    const votes = (await this.questions.count([question.id])).get(question.id) ?? 0;
    return { event: 'question.asked', data: presentQuestion(question, votes) };
  }

  /** One that was late, unless it is gone, or waits for staff. */
  private async showNow(id: string): Promise<void> {
    const question = await this.questions.findById(id);
    if (question && isPublic(question)) {
      this.show(question.roomId, await this.frameOf(question));
    }
  }

  private show(roomId: number, frame: ServerFrame): void {
    this.live.at(roomId)?.showPassing(frame);
  }

  private async showVotes(roomId: number): Promise<void> {
    const ids = take(this.toShow, roomId);
    if (ids.length > 0 && this.live.at(roomId)) {
      const counted = await this.questions.count(ids);
      const votes = Object.fromEntries(ids.map((id) => [id, counted.get(id) ?? 0]));
      this.show(roomId, { event: 'question.votes', data: { votes } });
    }
  }

  private voted(sets: Map<number, Set<string>>, roomId: number, ids: readonly string[]): void {
    const set = sets.get(roomId) ?? new Set();
    ids.forEach((id) => set.add(id));
    sets.set(roomId, set);
  }
}

/** As staff are shown what is hidden. */
function marked(frame: ServerFrame): ServerFrame {
  return frame.event === 'question.asked' ? { ...frame, data: { ...frame.data, hidden: true } } : frame;
}

/** As its author alone is shown it. */
function owned(frame: ServerFrame): ServerFrame {
  return frame.event === 'question.asked' ? { ...frame, data: { ...frame.data, own: true } } : frame;
}

function take(sets: Map<number, Set<string>>, roomId: number): string[] {
  const ids = [...(sets.get(roomId) ?? [])];
  sets.delete(roomId);
  return ids;
}
