import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { AiSettingsView } from '../src/protocol/views.js';
import { AiSettings } from '../src/ai/settings/ai.settings.js';
import { startApp, type TestApp } from './support/app.js';
import { aUser, type TestUser } from './support/factories.js';
import { ModelServer } from './support/model-server.js';
import { SocketClient } from './support/socket-client.js';

let model: ModelServer;
let app: TestApp;
let ann: TestUser;
let socket: SocketClient;

beforeAll(async () => {
  model = await ModelServer.start();
  app = await startApp({ env: { OPENAI_BASE_URL: model.url } });
});
afterAll(async () => {
  await app.stop();
  await model.stop();
});
beforeEach(async () => {
  model.reset();
  // No check is late by itself.
  await app.get(AiSettings).change({ ...app.get(AiSettings).defaults, moderationMs: 60_000 });
  ann = await aUser(app);
  socket = await SocketClient.open(app.url, `/ws/${randomUUID()}`, { cookie: ann.cookie });
  await socket.next('live');
});

const set = (changes: Partial<AiSettingsView>) => app.get(AiSettings).change(changes);
const isBad = (text: string) => text.includes('bad');
const never = () => new Promise<boolean>(() => undefined);
const fails = () => Promise.reject(new Error('down'));

async function ask(text: string) {
  const nonce = randomUUID();
  socket.send('ask', { text, nonce });
  return socket.answerTo(nonce);
}
const deltas = () =>
  socket.frames.flatMap((frame) => (frame.event === 'ai.delta' ? [frame.data.text] : [])).join('');

describe('a question', () => {
  it.each<['terms' | 'openai']>([['terms'], ['openai']])(
    'is checked by %s before the model is asked',
    async (by) => {
      model.flags = isBad;
      await set({ moderation: by, moderationTerms: ['bad'], moderateAnswers: 'off' });
      await expect(ask('Something ＢＡＤ? bad!')).rejects.toThrow('text.blocked');
      expect(socket.entries).toEqual([]);
      expect(model.calls).toEqual([]);

      await ask('Something good?');
      expect(await socket.next('ai.ended')).toMatchObject({ status: 'complete' });
    },
  );

  it('is not checked where that is off', async () => {
    await set({ moderation: 'terms', moderationTerms: ['bad'], moderateQuestions: false });
    await ask('Something bad?');
    expect(await socket.next('ai.ended')).toMatchObject({ status: 'complete' });
  });

  it.each<[string, typeof never | null]>([
    ['takes too long', never],
    ['fails', fails],
    ['is not there', null],
  ])('whose check %s is let through or not, as was set', async (_, flags) => {
    model.flags = flags;
    await set({
      moderation: 'openai',
      moderateAnswers: 'off',
      moderationMs: 100,
      moderationFailure: 'closed',
    });
    await expect(ask('Anything')).rejects.toThrow('ai.provider');
    expect(model.calls).toEqual([]);
    await set({ moderationFailure: 'open' });
    await ask('Anything');
    expect(await socket.next('ai.ended')).toMatchObject({ status: 'complete' });
  });

  it('in a room is refused to who asked, and counts', async () => {
    await set({ moderation: 'terms', moderationTerms: ['bad'], asks: 1 });
    const room = await SocketClient.open(app.url, '/ws?room=lobby', { cookie: ann.cookie });
    const { seq } = await room.say('@ai something bad');
    expect(await room.next('error')).toMatchObject({ code: 'text.blocked', replyTo: seq });
    const next = await room.say('@ai something good');
    expect(await room.next('error')).toMatchObject({ code: 'rate.limited', replyTo: next.seq });
    room.close();
  });
});

describe('an answer', () => {
  it('that is not let through is withdrawn while it is written, and the provider let go', async () => {
    await set({ moderation: 'terms', moderationTerms: ['bad'] });
    model.otherwise = (call) => call.delta('Good so far. ');
    await ask('Go');
    const call = await model.call();
    await socket.next('ai.delta');
    call.delta(`And now bad. ${'x'.repeat(400)}`);
    const ended = await socket.next('ai.ended');
    expect(ended).toEqual({ id: expect.any(String), status: 'filtered', code: 'text.blocked' });
    await call.closed;
    expect(socket.entries).toHaveLength(1);
    const again = await ask('And then?');
    expect(again.seq).toBe(2);
    await model.call();
    expect(JSON.stringify(model.calls[1]!.body.messages)).not.toContain('bad');
  });

  it('is looked at as a whole at its end, also when somebody stops it', async () => {
    await set({ moderation: 'terms', moderationTerms: ['bad'] });
    model.otherwise = (call) => call.say('ba', 'd');
    await ask('Go');
    expect(await socket.next('ai.ended')).toMatchObject({ status: 'filtered', code: 'text.blocked' });

    model.otherwise = (call) => call.delta('bad');
    await ask('Go');
    const { id } = await socket.next('ai.started');
    await socket.next('ai.delta');
    socket.send('stop', { id });
    expect(await socket.next('ai.ended')).toEqual({ id, status: 'filtered', code: 'text.blocked' });
    expect(socket.texts).toEqual(['Go', 'Go']);
  });

  it('can be held until it has been checked', async () => {
    model.flags = isBad;
    await set({ moderation: 'openai', moderateQuestions: false, moderateAnswers: 'hold' });
    model.otherwise = (call) => call.say('All ', 'is ', 'well');
    await ask('Go');
    expect(await socket.next('ai.ended')).toMatchObject({ status: 'complete', seq: 2 });
    expect(socket.texts).toEqual(['Go', 'All is well']);
    expect(deltas()).toBe('');
    expect(model.checked).toEqual(['All is well']);

    model.otherwise = (call) => call.say('All is bad');
    await ask('Go');
    expect(await socket.next('ai.ended')).toMatchObject({ status: 'filtered', code: 'text.blocked' });
    expect(socket.texts).toEqual(['Go', 'All is well', 'Go']);
    expect(deltas()).toBe('');
  });

  it('that cannot be checked is shown or not, as was set', async () => {
    model.flags = fails;
    await set({ moderation: 'openai', moderateQuestions: false, moderateAnswers: 'hold' });
    await ask('Go');
    expect(await socket.next('ai.ended')).toMatchObject({ status: 'failed', code: 'ai.provider' });
    expect(socket.texts).toEqual(['Go']);
    await set({ moderationFailure: 'open' });
    await ask('Go');
    expect(await socket.next('ai.ended')).toMatchObject({ status: 'complete', seq: 3 });
  });
});
