import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

import OpenAI from 'openai';

import { ModelServer } from '../../test/support/model-server.js';
import { SocketClient } from '../../test/support/socket-client.js';
import type { Bench } from './bench.js';
import { company } from './company.js';
import { person, startMadang, type Madang } from './madang.js';

/** Wider than the window in which tokens are collected: what is measured is the way, not the wait that is meant. */
const APART_MS = 70;
const TOKENS = 20;
/** Of whole answers, for the tokens. */
const ROUNDS = 6;
/** Of a first word alone; those before are for both sides to have compiled their code, as a server that runs has. */
const FIRST_ROUNDS = 80;
const WARMING = 20;
/** In one conversation: the model that is asked directly is told none of what came before. */
const QUESTIONS = 4;

const now = () => performance.now();

/** The AI's answers beside the same model asked directly. */
export async function relaySection(bench: Bench): Promise<void> {
  const model = await ModelServer.start();
  const server = await startMadang({ env: { OPENAI_BASE_URL: model.url } });
  await fetch(`http://127.0.0.1:${server.port}/api/ai/settings`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json', cookie: server.cookie },
    body: JSON.stringify({ asks: 10_000 }),
  });
  await delays(bench, model, server);
  await company(bench, model, server);
  await server.stop();
  await model.stop();
}

/** Each token says when it was written; answers when the model was last asked. */
function speak(model: ModelServer, tokens: number, apartMs: number): () => number {
  let askedAt = 0;
  model.otherwise = async (call) => {
    askedAt = now();
    for (let token = 0; token < tokens; token++) {
      call.delta(`${now().toFixed(3)} `);
      await pause(apartMs);
    }
    call.finish().done();
  };
  return () => askedAt;
}

async function delays({ report }: Bench, model: ModelServer, server: Madang): Promise<void> {
  const client = new OpenAI({ apiKey: 'none', baseURL: model.url });
  const cookie = await person(server, 'asker');
  const begin = async () => {
    const socket = await SocketClient.open(`http://127.0.0.1:${server.port}`, `/ws/${randomUUID()}`, {
      cookie,
    });
    await socket.next('live');
    return socket;
  };
  const rounds = async (count: number, tokens: number) => {
    const asked = speak(model, tokens, APART_MS);
    const times = { direct: [] as Round[], relayed: [] as Round[] };
    let socket = await begin();
    for (let round = 0; round < count; round++) {
      if (round % QUESTIONS === 0) {
        socket.close();
        socket = await begin();
      }
      times.direct.push(await askModel(client, asked));
      times.relayed.push(await askMadang(socket, tokens, asked));
    }
    socket.close();
    return times;
  };
  const first = await rounds(FIRST_ROUNDS, 1);
  const each = await rounds(ROUNDS, TOKENS);
  for (const [name, what, times] of [
    ['Madang', 'first token, relayed', first.relayed],
    ['openai SDK', 'first token, direct', first.direct],
  ] as const) {
    const warm = times.slice(WARMING);
    report.reading(name, what, {
      'p50 ms': middle(warm.map((round) => round.first)).toFixed(2),
      other:
        `the model was asked after ${middle(warm.map((round) => round.asked)).toFixed(2)} ms; ` +
        `${middle(times.slice(0, WARMING / 2).map((round) => round.first)).toFixed(2)} ms when the code was new`,
    });
  }
  const firstOf = (times: readonly Round[]) => middle(times.slice(WARMING).map((round) => round.first));
  const eachOf = (times: readonly Round[]) => middle(times.flatMap((round) => round.each));
  report.figure(
    'the relay adds to the first token',
    firstOf(first.relayed) - firstOf(first.direct),
    { must: 5, aim: 5 },
    ' ms',
  );
  report.figure(
    'the relay adds to the median token',
    eachOf(each.relayed) - eachOf(each.direct),
    { must: 2, aim: 2 },
    ' ms',
  );
}

/** In milliseconds: until the model was asked, until the first token came, and what each other took from being written. */
interface Round {
  readonly asked: number;
  readonly first: number;
  readonly each: readonly number[];
}

async function askModel(client: OpenAI, asked: () => number): Promise<Round> {
  const began = now();
  const stream = await client.chat.completions.create({
    model: 'gpt-3.5-turbo',
    stream: true,
    messages: [{ role: 'user', content: 'Go on' }],
  });
  const times: number[] = [];
  for await (const chunk of stream) {
    const text = chunk.choices[0]?.delta.content;
    if (text) {
      times.push(times.length === 0 ? now() - began : now() - Number(text));
    }
  }
  return { asked: asked() - began, first: times[0]!, each: times.slice(1) };
}

async function askMadang(socket: SocketClient, tokens: number, asked: () => number): Promise<Round> {
  // Nobody asks a few milliseconds after an answer: sends would be kept apart by the window of the answer before.
  await pause(APART_MS);
  const began = now();
  socket.send('ask', { text: 'Go on', nonce: randomUUID() });
  await socket.next('ai.started');
  const times: number[] = [];
  while (times.length < tokens) {
    const { text } = await socket.next('ai.delta');
    const at = now();
    // More than one when this side was held up.
    for (const written of text.trimEnd().split(' ')) {
      times.push(times.length === 0 ? at - began : at - Number(written));
    }
  }
  await socket.next('ai.ended');
  return { asked: asked() - began, first: times[0]!, each: times.slice(1) };
}

function middle(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
