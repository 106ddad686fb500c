import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

import { AiSettings } from '../src/ai/settings/ai.settings.js';
import { AiSettingsRepository } from '../src/ai/settings/settings.repository.js';
import { startApp, type TestApp } from './support/app.js';
import { aModerator, anAdmin, aUser, type TestUser } from './support/factories.js';
import { ModelServer, type ModelCall } from './support/model-server.js';
import { SocketClient } from './support/socket-client.js';

let model: ModelServer;
let app: TestApp;
let admin: TestUser;
let ann: TestUser;

beforeAll(async () => {
  model = await ModelServer.start();
  app = await startApp({ env: { OPENAI_BASE_URL: model.url } });
  admin = await anAdmin(app);
});
afterAll(async () => {
  await app.stop();
  await model.stop();
});
beforeEach(async () => {
  model.reset();
  model.models = ['gpt-3.5-turbo', 'another'];
  ann = await aUser(app);
  await admin.client.patch('/api/ai/settings', app.get(AiSettings).defaults);
});

const set = async (changes: object) => {
  const answer = await admin.client.patch('/api/ai/settings', changes);
  expect(answer.status, answer.text).toBe(200);
  return answer.body.settings;
};
const ask = (who: TestUser, message = 'Hello?') => who.client.post('/', { message });
const systemOf = ({ body }: ModelCall) => body.messages[0]!.content;

describe('the settings of the AI', () => {
  it('are shown with their defaults, and changed one by one', async () => {
    const before = await admin.client.get('/api/ai/settings');
    expect(before.body).toMatchObject({
      ready: true,
      settings: { model: null, tokensPerPerson: 100_000, translation: false, summary: false },
    });
    expect(before.body.defaults).toEqual(before.body.settings);

    expect(await set({ translation: true })).toMatchObject({ translation: true, summary: false });
    expect(await set({ summary: true, asks: 7 })).toMatchObject({
      translation: true,
      summary: true,
      asks: 7,
    });
  });

  it('are there after a restart', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'madang-'));
    const first = await startApp({ dir });
    const boss = await anAdmin(first);
    const set = { persona: 'A pirate', moderationTerms: ['bad', 'worse'] };
    expect((await boss.client.patch('/api/ai/settings', set)).status).toBe(200);
    await first.stop();

    const second = await startApp({ dir });
    expect(second.get(AiSettings).now).toMatchObject(set);
    await second.stop();
    await rm(dir, { recursive: true });
  });

  it('that another node has changed, or a newer version left, are taken over', async () => {
    const stored = [
      { name: 'persona', value: '"A sailor"' },
      { name: 'unheard', value: '1' },
    ];
    await app.get(AiSettingsRepository).save(stored);
    await app.get(AiSettings).reload();
    expect(app.get(AiSettings).now).toEqual({ ...app.get(AiSettings).defaults, persona: 'A sailor' });
  });

  it('that were being read anew while they were changed are what they were changed to', async () => {
    const repository = app.get(AiSettingsRepository);
    const before = await repository.all();
    vi.spyOn(repository, 'all').mockImplementationOnce(async () => {
      await set({ asks: 8 });
      return before;
    });
    await app.get(AiSettings).reload();
    expect(app.get(AiSettings).now.asks).toBe(8);
  });

  it.each<[string, object]>([
    ['model', { model: 'two words' }],
    ['persona', { persona: 'x'.repeat(2001) }],
    ['asks', { asks: 0 }],
    ['tokensPerPerson', { tokensPerPerson: -1 }],
    ['running', { running: 1.5 }],
    ['translation', { translation: 'perhaps' }],
    ['moderation', { moderation: 'magic' }],
    ['moderationTerms', { moderationTerms: ['x'] }],
    ['answerTokens', { contextTokens: 2000, answerTokens: 1500, roomAnswerTokens: 100 }],
    ['unheard', { unheard: 1 }],
  ])('refuse a wrong %s, and stay as they were', async (field, changes) => {
    const answer = await admin.client.patch('/api/ai/settings', changes);
    expect(answer).toMatchObject({
      status: 400,
      body: { error: { fields: { [field]: expect.any(String) } } },
    });
    expect(app.get(AiSettings).now).toEqual(app.get(AiSettings).defaults);
  });

  it('are for administrators alone', async () => {
    const moderator = await aModerator(app);
    for (const { client } of [ann, moderator]) {
      expect((await client.get('/api/ai/settings')).status).toBe(403);
      expect((await client.patch('/api/ai/settings', { asks: 1000 })).status).toBe(403);
    }
  });

  it('can be sent as a form', async () => {
    const form = { asks: '9', translation: 'true', model: '', moderationTerms: 'one\r\n\r\n two \r\n' };
    const answer = await admin.client.post('/api/ai/settings', form, { form: true });
    expect(answer.status, answer.text).toBe(303);
    expect(answer.headers.get('location')).toBe('/admin/ai?done=saved');
    expect(app.get(AiSettings).now).toMatchObject({
      asks: 9,
      translation: true,
      model: null,
      moderationTerms: ['one', 'two'],
    });
  });
});

describe('a change', () => {
  it('of the model is in effect for the next question', async () => {
    await ask(ann);
    await set({ model: 'another' });
    await ask(ann);
    await set({ model: null });
    await ask(ann);
    expect(model.calls.map(({ body }) => body['model'])).toEqual([
      'gpt-3.5-turbo',
      'another',
      'gpt-3.5-turbo',
    ]);
  });

  it('of the persona is told to the model, a room’s in that room alone', async () => {
    await set({ persona: 'You are a lighthouse keeper.' });
    const moderator = await aModerator(app);
    const path = '/api/rooms/lobby/ai';
    expect((await ann.client.patch(path, { persona: 'Mine' })).status).toBe(403);
    expect((await moderator.client.patch(path, { persona: 'You love tea.' })).body).toEqual({
      persona: 'You love tea.',
    });
    expect((await moderator.client.get(path)).body).toEqual({ persona: 'You love tea.' });
    expect((await moderator.client.get('/api/rooms/nowhere/ai')).status).toBe(404);

    await ask(ann);
    const socket = await SocketClient.open(app.url, '/ws?room=lobby', { cookie: ann.cookie });
    await socket.say('@ai what do you like?');
    await socket.next('ai.ended');
    socket.close();

    const [home, room] = model.calls.map(systemOf);
    expect(home).toContain('You are a lighthouse keeper.');
    expect(home).not.toContain('You love tea.');
    expect(room).toMatch(/You are a lighthouse keeper\.\s+You love tea\./);
    await moderator.client.patch(path, { persona: '' });
  });

  it('of the budgets and rates holds for the next question', async () => {
    await set({ tokensPerPerson: 100 });
    expect(await ask(ann)).toMatchObject({ status: 429, body: { error: { code: 'ai.quota' } } });
    await set({ tokensPerPerson: 100_000, asks: 1 });
    expect((await ask(ann)).status).toBe(200);
    expect(await ask(ann)).toMatchObject({ status: 429, body: { error: { code: 'rate.limited' } } });
    await set({ asks: 2 });
    expect((await ask(ann)).status).toBe(200);
  });

  it('of what the model takes in leaves earlier messages out, by what the provider really counts', async () => {
    await set({ contextTokens: 2048, answerTokens: 16, roomAnswerTokens: 16 });
    const omittedBy = async (name: string, factor: number) => {
      await set({ model: name });
      const person = await aUser(app);
      const socket = await SocketClient.open(app.url, `/ws/${randomUUID()}`, { cookie: person.cookie });
      const omitted: number[] = [];
      for (let turn = 0; turn < 5; turn++) {
        model.otherwise = (call) => {
          const bytes = call.body.messages.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0);
          call
            .delta('Yes')
            .finish()
            .usage(Math.round((bytes / 3) * factor), 1)
            .done();
        };
        socket.send('ask', { text: `${turn}${'x'.repeat(700)}`, nonce: randomUUID() });
        omitted.push((await socket.next('ai.started')).omitted ?? 0);
        await socket.next('ai.ended');
      }
      socket.close();
      return omitted.at(-1)!;
    };
    expect(await omittedBy('honest', 1)).toBe(0);
    expect(await omittedBy('dear', 4)).toBeGreaterThan(0);
    // What is always sent: who the AI is, and the newest question.
    const { messages } = model.calls.at(-1)!.body;
    expect([messages[0]!.role, messages.at(-1)!.content[0]]).toEqual(['system', '4']);
  });

  it('of what one person may use holds for that person', async () => {
    const bob = await aUser(app);
    await set({ tokensPerPerson: 100 });
    const budget = (tokens: number | null) =>
      admin.client.request('PUT', `/api/ai/budgets/${bob.user.id}`, { tokens });
    expect((await budget(50_000)).status).toBe(204);
    expect((await ask(bob)).status).toBe(200);
    expect((await ask(ann)).status).toBe(429);
    const { body } = await admin.client.get('/api/ai/usage');
    expect(body.people.find(({ id }: { id: string }) => id === bob.user.id)).toMatchObject({
      user: { nickname: bob.user.nickname },
      limit: 50_000,
      own: true,
    });
    expect((await budget(null)).status).toBe(204);
    expect((await ask(bob)).status).toBe(429);

    expect((await admin.client.request('PUT', `/api/ai/budgets/${randomUUID()}`, { tokens: 1 })).status).toBe(
      404,
    );
  });
});

describe('the use of the AI', () => {
  it('is told by day and person, with the server’s sum', async () => {
    model.otherwise = (call) => call.delta('Yes').finish().usage(1000, 234).done();
    await ask(ann);
    const { body } = await admin.client.get('/api/ai/usage');
    expect(body.people).toContainEqual({
      id: ann.user.id,
      user: expect.objectContaining({ nickname: ann.user.nickname }),
      tokens: 1234,
      limit: 100_000,
      own: false,
    });
    expect(body.server.tokens).toBeGreaterThanOrEqual(1234);
    expect(body.days.at(-1)).toEqual({ day: body.day, tokens: body.server.tokens });

    const other = await admin.client.get('/api/ai/usage?day=2026-01-31');
    expect(other.body).toMatchObject({ day: '2026-01-31', server: { tokens: 0 }, people: [], days: [] });
    expect((await admin.client.get('/api/ai/usage?day=yesterday')).status).toBe(400);
  });
});

describe('the provider', () => {
  it('is asked for its models', async () => {
    expect((await admin.client.get('/api/ai/models')).body).toEqual({
      models: [{ id: 'another' }, { id: 'gpt-3.5-turbo' }],
      current: 'gpt-3.5-turbo',
    });
    model.models = null;
    expect(await admin.client.get('/api/ai/models')).toMatchObject({
      status: 502,
      body: { error: { code: 'ai.provider' } },
    });
  });

  it.each<[string, boolean, (call: ModelCall) => unknown]>([
    ['answers', true, (call) => call.say('Hello')],
    ['refuses the key', false, (call) => call.fail(401, { message: 'sk-secret' })],
    ['has no model', false, (call) => call.fail(404, { code: 'model_not_found' })],
    ['used up', false, (call) => call.fail(429, { code: 'insufficient_quota' })],
    ['not a model', false, (call) => call.fail(200, '<html>Log in</html>')],
  ])('is tried: it %s', async (words, ok, behaviour) => {
    model.otherwise = behaviour;
    const { status, body, text } = await admin.client.post('/api/ai/test');
    expect(status).toBe(200);
    expect(body.test).toMatchObject({ ok, model: 'gpt-3.5-turbo', message: expect.stringContaining(words) });
    expect(text).not.toContain('sk-secret');
  });

  it('that is not set up is said to be that', async () => {
    const off = await startApp();
    const boss = await anAdmin(off);
    expect((await boss.client.get('/api/ai/settings')).body.ready).toBe(false);
    expect((await boss.client.get('/api/ai/models')).body.error.code).toBe('ai.off');
    expect((await boss.client.post('/api/ai/test')).body.test).toMatchObject({ ok: false, model: '' });
    await off.stop();
  });
});

describe('the page about the AI', () => {
  it('shows how it is set up, with the provider’s models', async () => {
    await set({ model: 'gone', persona: 'You are <b>bold</b>.' });
    await ask(ann);
    const { status, text } = await admin.client.get('/admin/ai', { headers: { accept: 'text/html' } });
    expect(status).toBe(200);
    expect(text).toContain('<option value="another">another</option>');
    expect(text).toMatch(/<option value="gone" selected>/);
    expect(text).toContain('You are &lt;b&gt;bold&lt;/b&gt;.');
    expect(text).toContain(ann.user.nickname);
    expect((await ann.client.get('/admin/ai')).status).toBe(403);
  });

  it('is there also where nothing is set up, and where the provider is away', async () => {
    const off = await startApp();
    const boss = await anAdmin(off);
    const { status, text } = await boss.client.get('/admin/ai', { headers: { accept: 'text/html' } });
    expect(status).toBe(200);
    expect(text).toContain('OPENAI_API_KEY');
    await off.stop();
    model.models = null;
    expect((await admin.client.get('/admin/ai', { headers: { accept: 'text/html' } })).status).toBe(200);
  });

  it('works without JavaScript: what is wrong is said, and what was typed stays', async () => {
    const refused = await admin.client.post(
      '/api/ai/settings',
      { asks: 'many', queue: '12' },
      { form: true },
    );
    expect(refused.status).toBe(400);
    expect(refused.text).toContain('value="many"');
    expect(refused.text).toContain('value="12"');
    expect(refused.text).toMatch(/id="ai-asks"[^>]*aria-invalid="true"/);
    expect(app.get(AiSettings).now.queue).toBe(10);

    const tested = await admin.client.post('/api/ai/test', '', { form: true });
    expect(tested.headers.get('location')).toBe('/admin/ai?done=tested');
    const page = await admin.client.get('/admin/ai?done=tested', { headers: { accept: 'text/html' } });
    expect(page.text).toMatch(/role="status">“gpt-3.5-turbo”/);

    const budget = { username: ann.username, tokens: '5' };
    expect((await admin.client.post('/api/ai/budgets', budget, { form: true })).status).toBe(303);
    expect((await ask(ann)).status).toBe(429);
    const lift = await admin.client.post(`/api/ai/budgets/${ann.user.id}`, { tokens: '' }, { form: true });
    expect(lift.status).toBe(303);
    expect((await ask(ann)).status).toBe(200);
    const nobody = await admin.client.post(
      '/api/ai/budgets',
      { ...budget, username: 'nobody_x' },
      { form: true },
    );
    expect(nobody.status).toBe(404);
    expect(nobody.text).toContain('value="nobody_x"');

    const persona = await admin.client.post('/api/rooms/main/ai', { persona: 'A host' }, { form: true });
    expect(persona.headers.get('location')).toBe('/admin/rooms');
    const rooms = await admin.client.get('/admin/rooms', { headers: { accept: 'text/html' } });
    expect(rooms.text).toContain('A host</textarea>');
  });
});
