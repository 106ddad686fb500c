import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';

import { Bus } from '../bus/bus.js';
import { RedisBus } from '../bus/redis.bus.js';
import { ACTIVE_ROOMS, LIVE_NODES, LOOK, NAMES, ROLL_CALL, ROOM_CALL } from './census.scripts.js';
import { REDIS_LINK, type SharedLink } from './redis-link.token.js';

/** Who is in a room on the other nodes. */
export interface Elsewhere {
  /** Accounts that are not also here. */
  readonly people: number;
  readonly guests: number;
  readonly sockets: number;
  /** True: as it was when Redis went away, or not known at all. */
  readonly approx: boolean;
}

export const NOBODY: Elsewhere = { people: 0, guests: 0, sockets: 0, approx: false };

/** A room of this node, as the census asks for it. */
export interface Counted {
  readonly id: number;
  /** The accounts in it, each once. */
  people(): Iterable<string>;
  readonly guests: number;
  readonly sockets: number;
  /** What was heard last. */
  readonly elsewhere: Elsewhere;
  hear(elsewhere: Elsewhere): void;
}

/** So many people of a room can be told by name. */
export const MOST_NAMED = 1000;

const BEAT_MS = 1000;
/** A node that has not been heard of for so long is dead. With the beat and the second that counts are grouped for: 8 s. */
const ALIVE_MS = 5000;
/**
 * Names in one call, and calls in one beat: a crowd that comes at once, or all of it after Redis was away, is told bit by
 * bit, so that Redis answers everybody else in between.
 */
const NAMES_A_CALL = 200;
const CALLS_A_BEAT = 5;
/** The last counts are better than none for so long. */
const REMEMBER_MS = 30_000;

/**
 * Counts people over all nodes. Each node says every second that it lives and who is in its rooms; the clock is Redis', so
 * that no node's own can be wrong. What is said is a difference to the last time, and all of it after Redis was away.
 */
@Injectable()
export class Census implements OnApplicationBootstrap, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;
  private counted: () => Iterable<Counted> = () => [];
  /** This node since Redis was last reached: what it said before is void then, wherever it may still stand. */
  private self = '';
  private lives = 0;
  /** What it was called before, while Redis may still count it. */
  private former: string | null = null;
  /** Who was said to be in which room. */
  private readonly told = new Map<number, Set<string>>();
  /** Rooms that only others have open. */
  private others = new Map<number, Elsewhere>();
  private lastAnswer = -Infinity;
  private running = false;

  constructor(
    private readonly bus: Bus,
    @Inject(REDIS_LINK) private readonly link: SharedLink,
  ) {
    this.link?.onTrusted(() => {
      this.begin();
      // At once, also while the last question is not answered: what others are about to say stands in this name.
      this.rollCall().catch(() => undefined);
      void this.beat();
    });
    this.begin();
  }

  /** Where the rooms of this node are found. */
  countIn(counted: () => Iterable<Counted>): void {
    this.counted = counted;
  }

  /** What this node is called in Redis now; another name after each time that Redis was away. */
  get name(): string {
    return this.self;
  }

  /** Who is in a room that is not open here. */
  elsewhere(roomId: number): Elsewhere {
    return this.others.get(roomId) ?? { ...NOBODY, approx: this.isStale };
  }

  /** The accounts in a room on other nodes, at most `MOST_NAMED` of them; none while Redis does not answer. */
  async peopleElsewhere(roomId: number): Promise<string[]> {
    const keys = [LIVE_NODES, `room:${roomId}`];
    const answer = await this.link?.run(NAMES, keys, [this.self, MOST_NAMED]).catch(() => []);
    return Array.isArray(answer) ? answer.map(String) : [];
  }

  onApplicationBootstrap(): void {
    if (this.link) {
      this.timer = setInterval(() => void this.beat(), BEAT_MS);
    }
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    await this.link?.run(ROLL_CALL, [LIVE_NODES, ACTIVE_ROOMS], [this.self, 0]).catch(() => undefined);
  }

  private get isStale(): boolean {
    return this.link !== null && performance.now() - this.lastAnswer > ALIVE_MS;
  }

  private begin(): void {
    this.former = this.self || null;
    this.self = `${this.bus.node}.${++this.lives}`;
    this.told.clear();
  }

  private async beat(): Promise<void> {
    if (this.running || !this.link) {
      return;
    }
    this.running = true;
    try {
      await this.call(this.link);
    } catch {
      // Why Redis does not answer is said where it is talked to.
      this.forget();
    } finally {
      this.running = false;
    }
  }

  private async call(link: NonNullable<SharedLink>): Promise<void> {
    const [nodes, ...active] = await this.rollCall();
    if (this.bus instanceof RedisBus) {
      this.bus.nodes = Math.max(1, nodes ?? 1);
    }
    const own = [...this.counted()];
    const ids = new Set(own.map(({ id }) => id));
    for (const id of this.told.keys()) {
      if (!ids.has(id)) {
        this.told.delete(id);
      }
    }
    const strange = active.filter((id) => !ids.has(id));
    const [, looked] = await Promise.all([
      Promise.all(own.map((room) => this.callRoom(link, room))),
      Promise.all(strange.map(async (id) => [id, await this.look(link, id)] as const)),
    ]);
    this.others = new Map(looked);
    this.lastAnswer = performance.now();
  }

  private async rollCall(): Promise<number[]> {
    if (!this.link) {
      return [];
    }
    if (this.former !== null) {
      // It would count beside this one until its time is over.
      this.link.run(ROLL_CALL, [LIVE_NODES, ACTIVE_ROOMS], [this.former, 0]).catch(() => undefined);
      this.former = null;
    }
    return numbersOf(await this.link.run(ROLL_CALL, [LIVE_NODES, ACTIVE_ROOMS], [this.self, ALIVE_MS]));
  }

  private async callRoom(link: NonNullable<SharedLink>, room: Counted): Promise<void> {
    const { self } = this;
    const now = new Set(room.people());
    const before = this.told.get(room.id);
    const told = new Set(before);
    const come = [...now].filter((id) => !told.has(id));
    const gone = [...told].filter((id) => !now.has(id));
    const needed = Math.ceil(Math.max(come.length, gone.length) / NAMES_A_CALL);
    for (let call = 0; call < Math.min(CALLS_A_BEAT, Math.max(1, needed)); call++) {
      const part = (ids: string[]) => ids.slice(call * NAMES_A_CALL, (call + 1) * NAMES_A_CALL);
      const [coming, going] = [part(come), part(gone)];
      const isAll = !before && call === 0;
      const counts = [room.guests, room.sockets, isAll ? 1 : 0, ALIVE_MS * 2, room.id, coming.length];
      const answer = await link.run(
        ROOM_CALL,
        [LIVE_NODES, ACTIVE_ROOMS, `room:${room.id}`],
        [self, ...counts, ...coming, ...going],
      );
      coming.forEach((id) => told.add(id));
      going.forEach((id) => told.delete(id));
      const [people = 0, guests = 0, sockets = 0, mine] = numbersOf(answer);
      room.hear({ people, guests, sockets, approx: false });
      if (self !== this.self || mine !== told.size) {
        // Redis lost what it was told: next time it is told all.
        this.told.delete(room.id);
        return;
      }
      this.told.set(room.id, told);
    }
  }

  private async look(link: NonNullable<SharedLink>, id: number): Promise<Elsewhere> {
    const answer = await link.run(LOOK, [LIVE_NODES, `room:${id}`], []);
    const [people = 0, guests = 0, sockets = 0] = numbersOf(answer);
    return { people, guests, sockets, approx: false };
  }

  /** Without Redis the last counts stand for a while, and say so. */
  private forget(): void {
    const isTooOld = performance.now() - this.lastAnswer > REMEMBER_MS;
    const approximate = (known: Elsewhere): Elsewhere => ({ ...(isTooOld ? NOBODY : known), approx: true });
    for (const room of this.counted()) {
      room.hear(approximate(room.elsewhere));
    }
    this.others = new Map([...this.others].map(([id, known]) => [id, approximate(known)]));
  }
}

function numbersOf(answer: unknown): number[] {
  return Array.isArray(answer) ? answer.map(Number) : [];
}
