import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { WaitingService } from '../src/ai/conversations/waiting.service.js';
import { GenerationsService } from '../src/ai/generation/generations.service.js';
import { SearchIndex } from '../src/ai/search/search-index.js';
import { UsersService } from '../src/users/users.service.js';
import { sql, startApp, type TestApp } from './support/app.js';
import { eventually } from './support/eventually.js';
import { aUser, type TestUser } from './support/factories.js';
import { ModelServer } from './support/model-server.js';
import { SocketClient } from './support/socket-client.js';

let model: ModelServer;
let app: TestApp;
let ann: TestUser;
let bob: TestUser;

beforeAll(async () => {
  model = await ModelServer.start();
  app = await startApp({ env: { OPENAI_BASE_URL: model.url } });
});
afterAll(async () => {
  await app.stop();
  await model.stop();
});
beforeEach(async () => {
  [ann, bob] = [await aUser(app), await aUser(app)];
  model.reset();
});

/** Asks by `POST /`, and answers the body. */
async function ask(message: string, more: { conversation?: string; nonce?: string } = {}, who = ann) {
  const answer = await who.client.post('/', { message, ...more });
  expect(answer.status).toBe(200);
  return answer.body;
}

const titles = async (query = '', who = ann) =>
  (await who.client.get(`/api/conversations${query}`)).body.conversations.map(
    ({ title }: { title: string }) => title,
  );

describe('POST /', () => {
  it('answers in the conversation that is named, or in a new one', async () => {
    model.otherwise = (call) => call.say('Hello', ' Ann');
    const first = await ask('I am Ann');
    expect(first).toEqual({
      conversation: expect.stringMatching(/^[0-9a-f-]{36}$/),
      reply: { id: expect.any(String), seq: 2, status: 'complete', text: 'Hello Ann' },
    });
    const second = await ask('Who am I?', { conversation: first.conversation });
    expect(second.conversation).toBe(first.conversation);
    expect(second.reply.seq).toBe(4);
    expect(model.calls[1]!.body.messages).toHaveLength(4);
  });

  it('asks once for one nonce, however often it is sent', async () => {
    const nonce = randomUUID();
    const [one, two] = await Promise.all([ask('Once', { nonce }), ask('Once', { nonce })]);
    expect(two).toEqual(one);
    expect(await ask('Once', { nonce })).toEqual(one);
    expect(model.calls).toHaveLength(1);
    expect((await ask('Once', { nonce }, bob)).conversation).not.toBe(one.conversation);
  });

  it('says why there is no answer', async () => {
    model.otherwise = (call) => call.fail(401, {});
    const nonce = randomUUID();
    for (const _ of ['the first time', 'again']) {
      const answer = await ann.client.post('/', { message: 'Anybody?', nonce });
      expect({ status: answer.status, code: answer.body.error.code }).toEqual({
        status: 502,
        code: 'ai.provider',
      });
    }
    expect((await ann.client.post('/', { message: 'x'.repeat(8001) })).body.error.code).toBe('ai.too-long');
    expect((await ann.client.post('/', { message: '' })).status).toBe(400);
    expect((await app.client().post('/', { message: 'Hi' })).status).toBe(401);
    const hers = await ask2(ann);
    expect((await bob.client.post('/', { message: 'Hi', conversation: hers })).status).toBe(404);
  });

  it('does not wait for ever: the answer goes on by itself', async () => {
    const account = (await app.get(UsersService).findAccount(ann.user.id))!;
    const viewer = { account, sessionId: null, locale: 'en', address: '10.0.0.1' } as const;
    model.otherwise = (call) => call.delta('So far');
    const nonce = randomUUID();
    const asking = (patienceMs?: number) =>
      app.get(WaitingService).ask(viewer, { message: 'Go', nonce }, patienceMs);
    const patient = asking();
    const call = await model.call();
    await eventually('its first words', () =>
      app.get(GenerationsService).all.some(({ text }) => text === 'So far'),
    );
    expect(await asking(1)).toMatchObject({ reply: { status: 'running', text: 'So far' } });
    call.delta(', so good').finish().done();
    expect(await patient).toMatchObject({ reply: { status: 'complete', text: 'So far, so good' } });
    expect((await ask('Go', { nonce })).reply).toMatchObject({ status: 'complete', text: 'So far, so good' });
  });

  it('of a form leads to the conversation', async () => {
    const nonce = randomUUID();
    const answer = await ann.client.post('/', { message: 'Hi', nonce }, { form: true });
    expect(answer.status).toBe(303);
    const { conversation } = await ask('Hi', { nonce });
    expect(answer.headers.get('location')).toBe(`/?c=${conversation}`);
  });
});

async function ask2(who: TestUser): Promise<string> {
  model.otherwise = (call) => call.say('Fine');
  return (await ask('Hi', {}, who)).conversation;
}

describe('the list', () => {
  it('has one’s own by their first words, the last used first', async () => {
    const { conversation } = await ask('# What is a **courtyard**?\nTell me more.');
    await ask('두 번째 질문이에요');
    expect(await titles()).toEqual(['두 번째 질문이에요', 'What is a courtyard ? Tell me more.']);
    await ask('And now?', { conversation });
    expect(await titles()).toEqual(['What is a courtyard ? Tell me more.', '두 번째 질문이에요']);
    expect(await titles('', bob)).toEqual([]);
    expect((await app.client().get('/api/conversations')).status).toBe(401);
  });

  it('is searched in titles, questions and answers, also within words', async () => {
    model.otherwise = (call) => call.say('100% 음악을 좋아해요');
    const { conversation } = await ask('What do you like?');
    model.otherwise = (call) => call.say('Nothing');
    await ask('Something ELSE');
    const found = (await ann.client.get(`/api/conversations?q=${encodeURIComponent('음악')}`)).body
      .conversations;
    expect(found).toEqual([
      expect.objectContaining({ id: conversation, match: { seq: 2, text: '100% 음악을 좋아해요' } }),
    ]);
    expect(await titles('?q=else')).toEqual(['Something ELSE']);
    expect(await titles('?q=what%20like')).toEqual(['What do you like?']);
    expect(await titles('?q=0%25')).toEqual(['What do you like?']);
    expect(await titles('?q=%25%25')).toEqual([]);
    expect(await titles(`?q=${encodeURIComponent('음악')}`, bob)).toEqual([]);
  });
});

describe('the index of the search', () => {
  const search = async (q: string) => titles(`?q=${encodeURIComponent(q)}`);

  it('finds what is in it, and what has come since', async () => {
    model.otherwise = (call) => call.say('좋은 음악을 골랐어요. Ça va, ПРИВЕТ!');
    const { conversation } = await ask('One');
    const words = [
      '음악',
      '악을',
      '음',
      'ça va',
      'привет',
      '\u110B\u1173\u11B7\u110B\u1161\u11A8',
      '골랐 음악',
    ];
    for (const state of ['not yet in it', 'in it']) {
      for (const word of words) {
        expect([state, word, await search(word)]).toEqual([state, word, ['One']]);
      }
      expect(await search('음반')).toEqual([]);
      await app.get(SearchIndex).catchUp(ann.user.id);
    }
    model.otherwise = (call) => call.say('음반도 있어요');
    await ask('Two', { conversation });
    expect(await search('음반')).toEqual(['One']);
  });

  it('is what a search goes by, and goes with its conversation', async () => {
    model.otherwise = (call) => call.say('좋은 음악을 골랐어요');
    const { conversation } = await ask('One');
    await app.get(SearchIndex).catchUp(ann.user.id);
    expect(await search('음악')).toEqual(['One']);
    const [room] = await sql<{ id: number }>(app, `SELECT id FROM rooms WHERE slug = '${conversation}'`);
    await sql(app, `DELETE FROM ai_search_pairs WHERE pair = '음악' AND room_id = ${room!.id}`);
    expect(await search('음악')).toEqual([]);
    expect(await search('골랐')).toEqual(['One']);
    await ann.client.delete(`/api/conversations/${conversation}`);
    expect(await sql(app, `SELECT pair FROM ai_search_pairs WHERE room_id = ${room!.id}`)).toEqual([]);
  });
});

describe('a conversation', () => {
  it('is shown, renamed and taken along', async () => {
    const { conversation } = await ask('First words');
    const socket = await SocketClient.open(app.url, `/ws/${conversation}`, ann);
    const path = `/api/conversations/${conversation}`;
    const renamed = await ann.client.patch(path, { title: 'Better words' });
    expect(renamed.body.conversation).toMatchObject({ id: conversation, title: 'Better words' });
    expect(await socket.next('room.changed')).toMatchObject({ title: 'Better words' });
    const shown = await ann.client.get(path);
    expect(shown.body).toMatchObject({ conversation: { title: 'Better words' }, more: false });
    expect(shown.body.entries).toHaveLength(3);
    expect((await ann.client.patch(path, { title: ' ' })).status).toBe(400);

    const markdown = await ann.client.get(`${path}/export`);
    expect(markdown.headers.get('content-disposition')).toBe('attachment; filename="conversation.md"');
    expect(markdown.text).toMatch(/^# Better words\n[^]*First words\n[^]*## ai\n[^]*Hello there\n$/);
    const json = await ann.client.get(`${path}/export?format=json`);
    expect(json.body).toMatchObject({
      id: conversation,
      title: 'Better words',
      messages: [
        { seq: 1, from: 'person', text: 'First words' },
        { seq: 2, from: 'ai', text: 'Hello there', status: 'complete' },
      ],
    });
    socket.close();
  });

  it('is deleted for good, also while an answer is being written', async () => {
    const { conversation } = await ask('First');
    const socket = await SocketClient.open(app.url, `/ws/${conversation}`, ann);
    model.otherwise = (call) => call.delta('So far');
    socket.send('ask', { text: 'Second', nonce: randomUUID() });
    const call = await model.call();
    await socket.findWords();
    expect((await ann.client.delete(`/api/conversations/${conversation}`)).status).toBe(204);
    expect(await socket.closed()).toBe(4004);
    await call.closed;
    expect((await ann.client.get(`/api/conversations/${conversation}`)).status).toBe(404);
    expect(await titles()).toEqual([]);
    expect(await titles('?q=First')).toEqual([]);
    model.otherwise = (call) => call.say('A new one');
    expect((await ask('Again', { conversation })).reply.seq).toBe(2);
  });

  it('of somebody else is nowhere to be found', async () => {
    const { conversation } = await ask('Private');
    const path = `/api/conversations/${conversation}`;
    const attempts = [
      bob.client.get(path),
      bob.client.get(`${path}/export`),
      bob.client.patch(path, { title: 'Mine' }),
      bob.client.delete(path),
      bob.client.get(`/api/rooms/${conversation}/messages`),
      bob.client.get(`/api/rooms/${conversation}/access`),
      bob.client.get(`/api/conversations/${randomUUID()}`),
    ];
    expect((await Promise.all(attempts)).map(({ status }) => status)).toEqual(attempts.map(() => 404));
    expect(await titles()).toEqual(['Private']);
  });
});
