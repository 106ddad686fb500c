import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram } from 'prom-client';

import type { AiStatus } from '../protocol/frames.js';
import { Metrics } from '../common/metrics.js';
import { FAULT_CODES } from './provider/ai-fault.js';

const OUTCOMES: readonly AiStatus[] = [
  'complete',
  'stopped',
  'truncated',
  'filtered',
  'failed',
  'interrupted',
];
/** What becomes of a look at a message. */
const WATCHED = ['below', 'above', 'failed', 'late', 'no-budget', 'no-place', 'off'] as const;
export type Watched = (typeof WATCHED)[number];
/** From a model on the same machine to one that has to be loaded first. */
const SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];

/** What this node counts about the AI, beside the numbers in `common/metrics.ts` and by the same rules. */
@Injectable()
export class AiMetrics {
  readonly generations: Counter;
  readonly firstTokenSeconds: Histogram;
  readonly tokens: Counter;
  readonly faults: Counter;
  readonly checks: Counter;
  readonly watched: Counter;

  constructor(private readonly metrics: Metrics) {
    const registers = [metrics.registry];
    this.generations = new Counter({
      name: 'madang_ai_generations_total',
      help: 'Answers of the AI that have ended, by how they ended.',
      labelNames: ['outcome'],
      registers,
    });
    this.firstTokenSeconds = new Histogram({
      name: 'madang_ai_first_token_seconds',
      help: 'Time from asking the provider until the first piece of the answer.',
      buckets: SECONDS,
      registers,
    });
    this.tokens = new Counter({
      name: 'madang_ai_tokens_total',
      help: 'Tokens that the provider counted, by direction: in (prompts) or out (answers).',
      labelNames: ['direction'],
      registers,
    });
    this.faults = new Counter({
      name: 'madang_ai_faults_total',
      help: 'Answers that the provider did not give, or not to the end, by the kind of fault.',
      labelNames: ['fault'],
      registers,
    });
    this.checks = new Counter({
      name: 'madang_ai_checks_total',
      help: 'Texts that were checked on their way into or out of the model: allow, block, or unchecked.',
      labelNames: ['judgement'],
      registers,
    });
    this.watched = new Counter({
      name: 'madang_ai_watched_total',
      help: 'Messages in watched rooms, by what became of the look at them: below or above the threshold, failed, late, no-budget, no-place, off.',
      labelNames: ['outcome'],
      registers,
    });
    // A series that appears only with its first event hides that event from `rate()`.
    OUTCOMES.forEach((outcome) => this.generations.inc({ outcome }, 0));
    Object.keys(FAULT_CODES).forEach((fault) => this.faults.inc({ fault }, 0));
    ['in', 'out'].forEach((direction) => this.tokens.inc({ direction }, 0));
    WATCHED.forEach((outcome) => this.watched.inc({ outcome }, 0));
    ['allow', 'block', 'unchecked'].forEach((judgement) => this.checks.inc({ judgement }, 0));
  }

  /** A number that is read whenever the metrics are. */
  gauge(name: `madang_ai_${string}`, help: string, read: () => number): void {
    const gauge: Gauge = new Gauge({ name, help, registers: [], collect: () => gauge.set(read()) });
    this.metrics.registry.registerMetric(gauge);
  }
}
