import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';

import { DomainError } from '../../common/errors.js';
import type { Draft, Outcome } from './draft.js';

/** What goes to a writer's thread and what comes back. The text `close` asks it to finish. */
export interface AppendRequest {
  readonly id: number;
  readonly drafts: readonly Draft[];
}
export type WriterReply =
  | { readonly id: number; readonly outcomes: Outcome[] }
  /** What went wrong, in the words of the engine. */
  | { readonly id: number; readonly error: string }
  /** Something for the log of the server. */
  | { readonly told: Record<string, unknown> };

interface Waiting {
  readonly resolve: (outcomes: Outcome[]) => void;
  readonly reject: (error: Error) => void;
}

interface Options {
  /** The file of the worker beside this one, without its extension. */
  readonly script: string;
  readonly data: Record<string, unknown>;
  /** What people are told of an error. */
  readonly refusalFor: (error: string) => Error;
  readonly onTold?: (told: Record<string, unknown>) => void;
}

/** A writer of the log in a thread of its own, so that neither a disk nor a lock waits for the sockets, nor they for it. */
export class WriterThread {
  private worker: Worker | null;
  private exited: Promise<void> = Promise.resolve();
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;
  private closed = false;

  constructor(private readonly options: Options) {
    // At once: the first message should not wait for a thread to start.
    this.worker = this.start();
  }

  async append(drafts: readonly Draft[]): Promise<Outcome[]> {
    if (this.closed) {
      throw new DomainError('server.draining');
    }
    // Should the thread ever die, the next append starts another; what was on its way is retried by its nonce.
    const worker = (this.worker ??= this.start());
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      worker.postMessage({ id, drafts } satisfies AppendRequest);
    });
  }

  /** Finishes what is running and ends the thread. May be called twice. */
  async close(): Promise<void> {
    if (!this.closed) {
      this.closed = true;
      this.worker?.postMessage('close');
    }
    await this.exited;
  }

  private start(): Worker {
    // The extension is .js when built, and .ts under the test runner.
    const script = new URL(`./${this.options.script}${extname(import.meta.url)}`, import.meta.url);
    const worker = new Worker(script, { workerData: this.options.data });
    worker.on('message', (reply: WriterReply) => this.settle(reply));
    let cause = new Error('The log writer has ended.');
    worker.on('error', (error: Error) => {
      // Its exit follows. Were the thread given up here, another could be started before that, and be given up in its place.
      cause = error;
    });
    this.exited = new Promise((resolve) => {
      worker.once('exit', () => {
        this.fail(cause);
        resolve();
      });
    });
    return worker;
  }

  private settle(reply: WriterReply): void {
    if ('told' in reply) {
      this.options.onTold?.(reply.told);
      return;
    }
    const waiting = this.waiting.get(reply.id);
    this.waiting.delete(reply.id);
    if ('outcomes' in reply) {
      waiting?.resolve(reply.outcomes);
    } else {
      waiting?.reject(this.options.refusalFor(reply.error));
    }
  }

  private fail(cause: Error): void {
    this.worker = null;
    for (const { reject } of this.waiting.values()) {
      reject(new DomainError('storage.busy', { cause }));
    }
    this.waiting.clear();
  }
}
