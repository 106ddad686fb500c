import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Message {
  role: string;
  content: string;
}

/** A request that the server under test has made, with the means to answer it badly. */
export class ModelCall {
  constructor(
    readonly request: IncomingMessage,
    readonly response: ServerResponse,
    readonly body: Record<string, unknown> & { messages: Message[] },
  ) {}

  /** Resolves when the connection of this call is gone. */
  get closed(): Promise<void> {
    const { socket } = this.request;
    return socket.destroyed
      ? Promise.resolve()
      : new Promise((resolve) => socket.once('close', () => resolve()));
  }

  /** Sends the headers of a stream. */
  begin(): this {
    this.response.writeHead(200, { 'content-type': 'text/event-stream' });
    this.response.flushHeaders();
    return this;
  }

  /** One event; a string is sent as it is. */
  event(data: unknown): this {
    if (!this.response.headersSent) {
      this.begin();
    }
    this.response.write(`data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`);
    return this;
  }

  delta(content: string): this {
    return this.event({ choices: [{ index: 0, delta: { content }, finish_reason: null }] });
  }

  finish(reason = 'stop'): this {
    return this.event({ choices: [{ index: 0, delta: {}, finish_reason: reason }] });
  }

  usage(promptTokens: number, completionTokens: number): this {
    return this.event({
      choices: [],
      usage: { prompt_tokens: promptTokens, completion_tokens: completionTokens },
    });
  }

  done(): void {
    this.event('[DONE]');
    this.response.end();
  }

  /** A whole answer in order. */
  say(...texts: string[]): void {
    texts.forEach((text) => this.delta(text));
    this.finish().usage(10, texts.length).done();
  }

  fail(status: number, error: object | string, headers: Record<string, string> = {}): void {
    const isHtml = typeof error === 'string';
    this.response.writeHead(status, {
      'content-type': isHtml ? 'text/html' : 'application/json',
      ...headers,
    });
    this.response.end(isHtml ? error : JSON.stringify({ error }));
  }
}

type Behaviour = (call: ModelCall) => unknown;

/**
 * A server that speaks Chat Completions, and misbehaves as it is told. Each call is handled by the next behaviour given
 * to `plan`, or else by `otherwise`.
 */
export class ModelServer {
  readonly calls: ModelCall[] = [];
  /** What the list of models says; null: there is no list. */
  models: string[] | null = ['gpt-3.5-turbo'];
  modelLists = 0;
  otherwise: Behaviour = (call) => call.say('Hello', ' there');
  /** Whether the moderation endpoint flags a text; it may throw, then it fails, or never resolve. Null: there is none. */
  flags: ((text: string) => boolean | Promise<boolean>) | null = null;
  /** The scores that the endpoint gives by category, as `flags`; null: none. */
  scores: ((text: string) => unknown) | null = null;
  /** What it was asked about. */
  readonly checked: string[] = [];
  private readonly planned: Behaviour[] = [];
  private readonly waiting: ((call: ModelCall) => void)[] = [];
  private handed = 0;
  private readonly server = createServer((request, response) => void this.take(request, response));

  static async start(): Promise<ModelServer> {
    const server = new ModelServer();
    server.server.listen(0, '127.0.0.1');
    await once(server.server, 'listening');
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/v1`;
  }

  /** How the next calls are answered, in order. */
  plan(...behaviours: Behaviour[]): this {
    this.planned.push(...behaviours);
    return this;
  }

  /** Forgets what was called and planned. */
  reset(): void {
    this.calls.length = 0;
    this.planned.length = 0;
    this.waiting.length = 0;
    this.handed = 0;
    this.checked.length = 0;
    this.flags = null;
    this.scores = null;
    this.otherwise = (call) => call.say('Hello', ' there');
  }

  /** The next call that has not been handed out, when it comes. */
  async call(): Promise<ModelCall> {
    const call = this.calls[this.handed++];
    return call ?? new Promise((resolve) => this.waiting.push(resolve));
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private async moderate({ input }: { input: string[] }, response: ServerResponse): Promise<void> {
    this.checked.push(...input);
    const { flags, scores } = this;
    if (scores) {
      const answer = await Promise.all(input.map((text) => Promise.resolve(text).then(scores))).catch(
        () => null,
      );
      response.writeHead(answer ? 200 : 500, { 'content-type': 'application/json' });
      const results = answer?.map((category_scores) => ({ flagged: false, category_scores }));
      response.end(JSON.stringify(results ? { results } : { error: {} }));
      return;
    }
    const answer =
      flags && (await Promise.all(input.map((text) => Promise.resolve(text).then(flags))).catch(() => null));
    response.writeHead(answer ? 200 : flags ? 500 : 404, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify(answer ? { results: answer.map((flagged) => ({ flagged })) } : { error: {} }),
    );
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url?.endsWith('/models')) {
      this.modelLists++;
      const data = this.models?.map((id) => ({ id, object: 'model' }));
      response.writeHead(data ? 200 : 404, { 'content-type': 'application/json' });
      response.end(JSON.stringify(data ? { object: 'list', data } : { error: { message: 'nothing here' } }));
      return;
    }
    let text = '';
    for await (const chunk of request) {
      text += chunk;
    }
    if (request.url?.endsWith('/moderations')) {
      await this.moderate(JSON.parse(text), response);
      return;
    }
    const call = new ModelCall(request, response, JSON.parse(text));
    this.calls.push(call);
    this.waiting.shift()?.(call);
    (this.planned.shift() ?? this.otherwise)(call);
  }
}
