import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** From a tenth of a millisecond, a commit on a fast disk, to five seconds, where a person has given up. */
const SECONDS = [0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
const COUNTS = [1, 2, 5, 10, 20, 50, 100, 200, 500];

/**
 * What this node counts about itself, in base units. Labels only ever hold values from short fixed lists: never a
 * room, a person, an address or anything a client wrote. Every app has a registry of its own, so that several can live
 * in one process.
 */
@Injectable()
export class Metrics {
  readonly registry = new Registry();

  /** Sockets open now, by the kind of their room. */
  readonly sockets = new Gauge({
    name: 'madang_sockets',
    help: 'Open WebSocket connections, by the kind of room.',
    labelNames: ['kind'],
    registers: [this.registry],
  });

  readonly rooms = new Gauge({
    name: 'madang_rooms',
    help: 'Rooms that have at least one viewer on this node.',
    registers: [this.registry],
  });

  /** Answers to messages sent; `outcome` is stored, dup, held or refused. */
  readonly posts = new Counter({
    name: 'madang_posts_total',
    help: 'Messages sent by people, by outcome: stored, dup (a retry, already stored), held (for review) or refused.',
    labelNames: ['outcome'],
    registers: [this.registry],
  });

  readonly refusals = new Counter({
    name: 'madang_refusals_total',
    help: 'Refusals given over HTTP and WebSocket, by error code.',
    labelNames: ['code'],
    registers: [this.registry],
  });

  readonly commitSeconds = new Histogram({
    name: 'madang_commit_seconds',
    help: 'Time of one group commit, the disk write included.',
    buckets: SECONDS,
    registers: [this.registry],
  });

  readonly batchSize = new Histogram({
    name: 'madang_batch_entries',
    help: 'Appends that shared one group commit.',
    buckets: COUNTS,
    registers: [this.registry],
  });

  readonly queueDepth = new Gauge({
    name: 'madang_append_queue_entries',
    help: 'Appends that wait for the next group commit.',
    registers: [this.registry],
  });

  /** Entries times the sockets they were written to. */
  readonly deliveries = new Counter({
    name: 'madang_deliveries_total',
    help: 'Entries delivered: one for each entry and each socket it was written to.',
    registers: [this.registry],
  });

  readonly fanoutSeconds = new Histogram({
    name: 'madang_fanout_seconds',
    help: 'Time to frame one flush of a room and write it to all of its sockets.',
    buckets: SECONDS,
    registers: [this.registry],
  });

  readonly laggingSockets = new Gauge({
    name: 'madang_lagging_sockets',
    help: 'Sockets left behind with their cursor because they do not drain.',
    registers: [this.registry],
  });

  readonly gapFills = new Counter({
    name: 'madang_gap_fills_total',
    help: 'History pages that clients asked for with `after`, to fill a gap.',
    registers: [this.registry],
  });

  readonly logReads = new Counter({
    name: 'madang_log_reads_total',
    help: 'Pages of a log that were read from the database, because memory no longer held them.',
    registers: [this.registry],
  });

  readonly repairs = new Counter({
    name: 'madang_repaired_entries_total',
    help: 'Entries read from the database because no message of another node brought them in time.',
    registers: [this.registry],
  });

  readonly closes = new Counter({
    name: 'madang_closes_total',
    help: 'Closed WebSocket connections, by close code.',
    labelNames: ['code'],
    registers: [this.registry],
  });

  readonly handshakes = new Counter({
    name: 'madang_handshakes_total',
    help: 'Answered WebSocket upgrades, by HTTP status; 101 is an accepted one.',
    labelNames: ['status'],
    registers: [this.registry],
  });

  readonly reconnects = new Counter({
    name: 'madang_reconnects_total',
    help: 'Sockets that resumed from their cursor.',
    registers: [this.registry],
  });

  constructor() {
    // A series that appears only with its first event hides that event from `rate()`.
    for (const outcome of ['stored', 'dup', 'held', 'refused']) {
      this.posts.inc({ outcome }, 0);
    }
    collectDefaultMetrics({ register: this.registry });
  }
}
