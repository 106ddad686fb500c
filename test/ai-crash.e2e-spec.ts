import { randomUUID } from 'node:crypto';

import { afterEach, beforeEach, expect, it } from 'vitest';

import { lookInto } from './support/database.js';
import { eventually } from './support/eventually.js';
import { aUser } from './support/factories.js';
import { ModelServer } from './support/model-server.js';
import { startProcess, type ServerProcess } from './support/process.js';
import { SocketClient } from './support/socket-client.js';

const started: ServerProcess[] = [];
let model: ModelServer;
beforeEach(async () => {
  model = await ModelServer.start();
});
afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => server.stop()));
  await model.stop();
});

async function start(dir?: string): Promise<ServerProcess> {
  const server = await startProcess({
    env: { OPENAI_BASE_URL: model.url },
    ...(dir !== undefined && { dir }),
  });
  started.push(server);
  return server;
}

it.each(['SIGKILL', 'SIGTERM'] as const)(
  'an answer that %s ends is kept with the text it had',
  async (signal) => {
    const first = await start();
    const ann = await aUser(first);
    const conversation = randomUUID();
    const socket = await SocketClient.open(first.url, `/ws/${conversation}`, ann);
    const { epoch } = await socket.next('welcome');
    await socket.find('live');
    model.otherwise = (call) => call.delta('So far, ');
    socket.send('ask', { text: 'Go', nonce: randomUUID() });
    const call = await model.call();
    const { id } = await socket.find('ai.started');
    await socket.find('ai.delta');
    call.delta('so good');
    await socket.find('ai.delta', ({ n }) => n === 2);
    if (signal === 'SIGKILL') {
      // What a crash may lose is what has not been saved, every second.
      await eventually('the text to be saved', async () => {
        const [run] = await lookInto(first.dir, 'SELECT text FROM ai_generations');
        return run?.['text'] === 'So far, so good';
      });
    }
    await first.kill(signal);
    await socket.closed();

    const second = await start(first.dir);
    expect((await second.client().get('/health/ready')).status).toBe(200);
    const back = await SocketClient.open(second.url, `/ws/${conversation}?after=1&epoch=${epoch}`, ann);
    expect(await back.next('message.posted')).toMatchObject({
      seq: 2,
      id,
      kind: 'ai',
      text: 'So far, so good',
      replyTo: 1,
      ai: { status: 'interrupted' },
    });
    back.send('sync', { id });
    expect(await back.next('ai.snapshot')).toMatchObject({ status: 'interrupted', text: 'So far, so good' });
    // Nobody is busy any more, and it can be gone on with.
    model.otherwise = (call) => call.say(', and done');
    back.send('continue', { id });
    // Where nodes share a database, the one that found the interrupted answer tells its end too.
    expect(await back.find('ai.ended', ({ seq }) => seq === 3)).toEqual({ id, status: 'complete', seq: 3 });
    back.close();
  },
  60_000,
);
