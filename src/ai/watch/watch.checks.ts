import { Inject, Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';

import { Clock } from '../../common/clock.js';
import { AI_LIMITS, type AiLimits } from '../ai.limits.js';
import { AiMetrics, type Watched } from '../ai.metrics.js';
import { Line } from '../budget/line.js';
import { dayOf, WATCH } from '../budget/token.budget.js';
import { UsageRepository } from '../budget/usage.repository.js';
import { ModelsService } from '../model/models.service.js';
import { AiSettings } from '../settings/ai.settings.js';
import type { Look, Score } from './scorer.js';
import { SCORERS, type Scorers } from './scorers.js';

/** What a look at a text says; `unchecked`: nothing, for whatever reason. */
export type Verdict = 'below' | 'unchecked' | Score;

type Failure = Exclude<Watched, 'below' | 'above'>;

/** How often it is said in the server's log that messages are not looked at. */
const WARN_MS = 60_000;

/**
 * Looks at texts in the background: so many at one time, so many waiting, for so many tokens a day, and each for so long.
 * What does not fit is not looked at, and counted. Texts are never logged.
 */
@Injectable()
export class WatchChecks implements OnModuleDestroy {
  private readonly log = new Logger('Ai');
  private readonly line: Line;
  private readonly over = new AbortController();
  private warnedAt = -WARN_MS;

  constructor(
    @Inject(AI_LIMITS) limits: AiLimits,
    @Inject(SCORERS) private readonly scorers: Scorers,
    private readonly models: ModelsService,
    private readonly settings: AiSettings,
    private readonly usage: UsageRepository,
    private readonly metrics: AiMetrics,
    private readonly clock: Clock,
  ) {
    this.line = new Line(
      () => limits.watchRunning,
      () => limits.watchQueue,
    );
  }

  /** Whether the server is leaving: then a verdict says nothing. */
  get isOver(): boolean {
    return this.over.signal.aborted;
  }

  /** Never throws. The time limit begins with its turn, or has begun with `patience`. */
  async judge(text: string, above: number, patience?: AbortSignal): Promise<Verdict> {
    const judged = await this.look(text, patience).catch((): Failure => 'failed');
    if (typeof judged === 'string') {
      this.metrics.watched.inc({ outcome: judged });
      this.warn(judged);
      return 'unchecked';
    }
    const isAbove = judged.score >= above;
    this.metrics.watched.inc({ outcome: isAbove ? 'above' : 'below' });
    return isAbove ? judged : 'below';
  }

  onModuleDestroy(): void {
    this.over.abort();
  }

  private async look(text: string, patience: AbortSignal | undefined): Promise<Score | Failure> {
    if (!this.models.isSetUp) {
      return 'off';
    }
    const seat = this.line.enter();
    if (!seat) {
      return 'no-place';
    }
    try {
      const { signal } = this.over;
      if (!(await inTime(seat.turn, patience ?? signal)) || signal.aborted) {
        return 'late';
      }
      const { watchBy, watchMs } = this.settings.now;
      const limit = AbortSignal.any([signal, patience ?? AbortSignal.timeout(watchMs)]);
      const look = await inTime(this.scorers[watchBy].plan(text), limit);
      return look ? await this.pay(look.value, limit) : 'late';
    } finally {
      seat.leave();
    }
  }

  private async pay(look: Look, limit: AbortSignal): Promise<Score | Failure> {
    const { cost } = look;
    const day = dayOf(this.clock.now());
    const payer = { payer: WATCH, limit: this.settings.now.watchTokens };
    if (!(await this.usage.takeOne(day, cost, payer))) {
      return 'no-budget';
    }
    let spent = cost;
    try {
      const { score, used } = await look.run(limit);
      spent = used;
      return score ?? (limit.aborted ? 'late' : 'failed');
    } finally {
      if (spent !== cost) {
        await this.usage.add(day, [WATCH], spent - cost);
      }
    }
  }

  private warn(outcome: Failure): void {
    const now = this.clock.now();
    if (!this.isOver && now - this.warnedAt >= WARN_MS) {
      this.warnedAt = now;
      this.log.warn({ msg: 'a message in a watched room was not looked at', outcome });
    }
  }
}

/** What comes of it, or null when the signal comes first. */
async function inTime<Value>(coming: Promise<Value>, signal: AbortSignal): Promise<{ value: Value } | null> {
  if (signal.aborted) {
    coming.catch(() => undefined);
    return null;
  }
  let stop = () => {};
  const aborted = new Promise<null>((resolve) => {
    stop = () => resolve(null);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([coming.then((value) => ({ value })), aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
