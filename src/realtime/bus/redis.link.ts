import { createHash, randomUUID } from 'node:crypto';
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';

import { Logger } from '@nestjs/common';
import { createClient, ErrorReply } from '@redis/client';

import { sharedLookup } from './shared-lookup.js';

type Client = ReturnType<typeof connectionTo>;

/** Two connections: who listens can be cut off by Redis for reading slowly, and the commands must not go with it. */
interface Pair {
  readonly commands: Client;
  readonly listener: Client;
  readonly since: number;
}

/** A Lua script, and the name Redis keeps it under. */
export interface Script {
  readonly lua: string;
  readonly sha: string;
}

export function script(lua: string): Script {
  return { lua, sha: createHash('sha1').update(lua).digest('hex') };
}

/** A message to ourselves goes round this often, through the same way as all others. */
const PROBE_MS = 500;
/** Not back for so long: messages may be getting lost, and nobody relies on them. */
const DOUBT_MS = 1200;
/** Not back for so long: the connections are thrown away, whatever they say about themselves. */
const DEAD_MS = 3000;
const CONNECT_MS = 3000;
/** A command that is not answered for so long is as bad as a probe that does not come back: somebody waits for it. */
const ANSWER_MS = 400;
const GOODBYE_MS = 1000;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1000;
/** Commands that may wait for their answers; more means that there is none. */
const MOST_WAITING = 10_000;

const lookup = sharedLookup();

/**
 * Our connection to Redis, made anew for as long as it takes. That a socket is open proves nothing, and neither do
 * answers to commands: a probe goes the whole way through publishing and subscribing, and when it does not come back,
 * the connection is not trusted, then replaced. Nothing here waits for a Redis that is away.
 */
export class RedisLink {
  readonly node = randomUUID();
  private readonly log = new Logger('Redis');
  private pair: Pair | null = null;
  private lastEcho = -Infinity;
  /** A command was not answered: nothing is trusted until the next echo. */
  private isDoubted = false;
  private timer: NodeJS.Timeout | undefined;
  private closed = false;
  private isLost = false;
  private readonly watchers = new Set<() => void>();

  constructor(
    private readonly url: string,
    /** Before every key and channel; other installations on the same Redis have other ones. */
    readonly prefix: string,
    private readonly channels: {
      /** What is to be subscribed to as soon as there is a connection. */
      names(): string[];
      deliver(channel: string, message: string): void;
    },
  ) {}

  /** Whether a probe has come back just now. */
  get isTrusted(): boolean {
    return this.pair !== null && !this.isDoubted && performance.now() - this.lastEcho < DOUBT_MS;
  }

  start(): void {
    this.timer = setInterval(() => this.probe(), PROBE_MS);
    void this.connect();
  }

  /** Calls back each time it can be trusted again: with a new connection, or after a doubt. */
  onTrusted(watcher: () => void): void {
    this.watchers.add(watcher);
  }

  publish(channel: string, message: string): void {
    if (this.isTrusted) {
      this.pair?.commands.publish(this.prefix + channel, message).catch(ignore);
    }
  }

  /** Resolves with whether the channel is subscribed to now; on a later connection it will be by itself. */
  async subscribe(channel: string): Promise<boolean> {
    try {
      await this.pair?.listener.subscribe(this.prefix + channel, this.receive);
      return this.pair !== null;
    } catch {
      return false;
    }
  }

  unsubscribe(channel: string): void {
    this.pair?.listener.unsubscribe(this.prefix + channel).catch(ignore);
  }

  /**
   * Runs a script; keys are prefixed. Rejects at once while Redis is not trusted, and when it does not answer in time,
   * which others then need not find out.
   */
  async run(script: Script, keys: string[], args: (string | number)[]): Promise<unknown> {
    const { pair } = this;
    if (!pair || !this.isTrusted) {
      throw new Error('Redis is away.');
    }
    const options = { keys: keys.map((key) => this.prefix + key), arguments: args.map(String) };
    try {
      return await withinMs(ANSWER_MS, async () => {
        try {
          return await pair.commands.evalSha(script.sha, options);
        } catch (error) {
          if (error instanceof ErrorReply && error.message.startsWith('NOSCRIPT')) {
            return pair.commands.eval(script.lua, options);
          }
          throw error;
        }
      });
    } catch (error) {
      this.isDoubted ||= error instanceof LateError && this.pair === pair;
      throw error;
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    clearInterval(this.timer);
    const { pair } = this;
    this.pair = null;
    if (pair) {
      // What has just been published still goes out.
      await withinMs(GOODBYE_MS, () => pair.commands.ping()).catch(ignore);
      discard(pair);
    }
  }

  private readonly receive = (message: string, channel: string): void => {
    const name = channel.slice(this.prefix.length);
    if (name === this.probeChannel) {
      this.hearEcho();
    } else {
      this.channels.deliver(name, message);
    }
  };

  private hearEcho(): void {
    const wasTrusted = this.isTrusted;
    this.lastEcho = performance.now();
    this.isDoubted = false;
    if (this.isLost) {
      this.isLost = false;
      this.log.log({ msg: 'Redis is back' });
    }
    if (!wasTrusted) {
      this.watchers.forEach((watcher) => watcher());
    }
  }

  private get probeChannel(): string {
    return `probe:${this.node}`;
  }

  private probe(): void {
    const { pair } = this;
    if (!pair) {
      return;
    }
    pair.commands.publish(this.prefix + this.probeChannel, '').catch(ignore);
    if (performance.now() - Math.max(this.lastEcho, pair.since) > DEAD_MS) {
      this.lose(pair, 'no probe has come back');
    }
  }

  private async connect(): Promise<void> {
    for (let pause = FIRST_PAUSE_MS; !this.closed; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      const pair = { commands: connectionTo(this.url), listener: connectionTo(this.url), since: 0 };
      try {
        await this.open(pair);
        return;
      } catch (error) {
        discard(pair);
        this.report(error);
      }
      await sleep(pause * (0.5 + Math.random() / 2), undefined, { ref: false });
    }
  }

  private async open({ commands, listener }: Pair): Promise<void> {
    let pair: Pair | null = null;
    const onError = (error: unknown) => pair && this.lose(pair, error);
    commands.on('error', onError);
    listener.on('error', onError);
    await withinMs(CONNECT_MS, async () => {
      await Promise.all([commands.connect(), listener.connect()]);
      await this.listenTo(listener, [this.probeChannel, ...this.channels.names()]);
    });
    pair = { commands, listener, since: performance.now() };
    if (this.closed) {
      discard(pair);
      return;
    }
    this.pair = pair;
    this.lastEcho = -Infinity;
    // Once more: what was asked for while this connection was being made found none. The probe comes after it.
    this.listenTo(listener, this.channels.names()).then(() => this.probe(), ignore);
  }

  private async listenTo(listener: Client, channels: string[]): Promise<void> {
    if (channels.length > 0) {
      await listener.subscribe(
        channels.map((name) => this.prefix + name),
        this.receive,
      );
    }
  }

  private lose(pair: Pair, why: unknown): void {
    if (this.pair === pair) {
      this.pair = null;
      discard(pair);
      this.report(why);
      void this.connect();
    }
  }

  /** Once for each time it goes away, not once for each attempt. */
  private report(why: unknown): void {
    if (!this.isLost && !this.closed) {
      this.isLost = true;
      this.log.warn({ msg: 'Redis is away', why: why instanceof Error ? why.message : String(why) });
    }
  }
}

function connectionTo(url: string) {
  return createClient({
    url,
    // Commands are for now or never: what waited until Redis is back would be out of date.
    disableOfflineQueue: true,
    commandsQueueMaxLength: MOST_WAITING,
    commandOptions: { timeout: 0 },
    disableClientInfo: true,
    socket: { reconnectStrategy: false, connectTimeout: CONNECT_MS, lookup },
  });
}

function discard({ commands, listener }: Pair): void {
  for (const client of [commands, listener]) {
    // Nobody reads the last words of a connection that is given up.
    client.removeAllListeners('error').on('error', ignore);
    if (client.isOpen) {
      client.destroy();
    }
  }
}

class LateError extends Error {
  constructor() {
    super('Redis does not answer.');
    this.name = 'LateError';
  }
}

async function withinMs<T>(ms: number, work: () => Promise<T>): Promise<T> {
  const over = new AbortController();
  const late = sleep(ms, undefined, { ref: false, signal: over.signal }).then(async () => {
    // After a long turn of the loop the answer may be here, and only not read yet.
    await turn();
    throw new LateError();
  });
  late.catch(ignore);
  try {
    return await Promise.race([work(), late]);
  } finally {
    over.abort();
  }
}

function ignore(): void {}
