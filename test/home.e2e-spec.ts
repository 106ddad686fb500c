import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { en } from '../src/common/i18n/en.js';
import { startApp, type TestApp } from './support/app.js';
import { aUser, type TestUser } from './support/factories.js';
import { ModelServer } from './support/model-server.js';
import { SocketClient } from './support/socket-client.js';

const PAGE = { headers: { accept: 'text/html', 'accept-language': 'en' } };
const FORM = { form: true, headers: { 'accept-language': 'en' } };

describe('conversations on the front page', () => {
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

  /** A page, its addresses as they are meant. */
  async function page(path: string, who = ann) {
    const answer = await who.client.get(path, PAGE);
    return { ...answer, text: answer.text.replaceAll('&#x3D;', '=') };
  }

  /** Sends the form as it stands on a page, with this question in it. */
  async function send(html: string, message: string) {
    const hidden = (name: string) => new RegExp(`name="${name}" value="([^"]+)"`).exec(html)![1]!;
    const fields = { conversation: hidden('conversation'), nonce: hidden('nonce'), message };
    const answer = await ann.client.post('/', fields, FORM);
    return { answer, fields };
  }

  it('begin and go on by a plain form, and are listed, the last used first', async () => {
    model.otherwise = (call) => call.say('<b>Yes</b> & **no**');
    const first = await send((await page('/')).text, 'Is it open?');
    expect(first.answer.status).toBe(303);
    const address = first.answer.headers.get('location')!;
    expect(address).toBe(`/?c=${first.fields.conversation}`);

    const open = (await page(address)).text;
    expect(open).toContain('Is it open?');
    expect(open).toContain('&lt;b&gt;Yes&lt;/b&gt; &amp; **no**');
    expect(open).toMatch(/<h1[^>]*>Is it open\?<\/h1>/);
    expect(open).not.toContain('http-equiv="refresh"');
    const second = await send((await page('/')).text, 'Another one');
    expect((await send((await page(address)).text, 'And now?')).answer.headers.get('location')).toBe(address);
    const { text } = await page('/');
    const places = [address, second.answer.headers.get('location')!].map((href) =>
      text.indexOf(`href="${href}"`),
    );
    expect(places[0]).toBeGreaterThan(0);
    expect(places[0]).toBeLessThan(places[1]!);
    expect((await page('/?q=another')).text).not.toContain(`href="${address}"`);
  });

  it('ask once, however often one form is sent', async () => {
    const { answer, fields } = await send((await page('/')).text, 'Once');
    const again = await ann.client.post('/', fields, FORM);
    expect(again.headers.get('location')).toBe(answer.headers.get('location'));
    expect(model.calls).toHaveLength(1);
  });

  it('are shown to nobody else', async () => {
    const { answer } = await send((await page('/')).text, 'A secret');
    const address = answer.headers.get('location')!;
    const forBob = await page(address, bob);
    expect(forBob.status).toBe(404);
    expect(forBob.text).not.toContain('A secret');
    expect((await page(`/?c=${randomUUID()}`)).status).toBe(404);
    expect((await page('/?c=nonsense')).status).toBe(404);
    const guest = await app.client().get(address, PAGE);
    expect([guest.status, guest.headers.get('location')]).toEqual([
      302,
      `/user/login?next=${encodeURIComponent(address)}`,
    ]);
    expect((await page('/', bob)).text).not.toContain('A secret');
  });

  it('keep a refused question in the box, beside the conversation it belongs to', async () => {
    const { answer } = await send((await page('/')).text, 'A good question');
    const long = 'y'.repeat(8001);
    const refused = await send((await page(answer.headers.get('location')!)).text, long);
    expect(refused.answer.status).toBe(400);
    expect(refused.answer.text).toContain('That is too long for the AI.');
    expect(refused.answer.text).toContain(`>${long}</textarea>`);
    expect(refused.answer.text).toContain('A good question');
    const first = await send((await page('/')).text, long);
    expect(first.answer.text).toContain(`>${long}</textarea>`);
  });

  it('show an answer that is being written, and look again without a script', async () => {
    const id = randomUUID();
    const socket = await SocketClient.open(app.url, `/ws/${id}`, { cookie: ann.cookie });
    await socket.find('live');
    model.plan(() => {});
    socket.send('ask', { text: 'Slowly, please', nonce: randomUUID() });
    const call = await model.call();
    call.delta('So far');
    await socket.next('ai.delta');
    const writing = (await page(`/?c=${id}`)).text;
    expect(writing).toMatch(/<noscript><meta http-equiv="refresh"/);
    expect(writing).toMatch(/data-state="writing"[^]*So far/);
    call.delta(' so good').finish().done();
    await socket.next('ai.ended');
    const written = (await page(`/?c=${id}`)).text;
    expect(written).toContain('So far so good');
    expect(written).not.toMatch(/http-equiv="refresh"|data-state="writing"/);
    socket.close();
  });

  it('say why a question has no answer, and forget what was asked anew', async () => {
    const id = randomUUID();
    const socket = await SocketClient.open(app.url, `/ws/${id}`, { cookie: ann.cookie });
    model.plan((call) => call.say('An old answer'));
    socket.send('ask', { text: 'An old question', nonce: randomUUID() });
    await socket.next('ai.ended');
    model.plan((call) => call.fail(401, {}));
    socket.send('ask', { text: 'A new question', nonce: randomUUID(), replaces: 1 });
    await socket.next('ai.ended', ({ status }) => status === 'failed');
    const { text } = await page(`/?c=${id}`);
    expect(text).toContain('A new question');
    expect(text).toContain(en['client.ai.none.provider']);
    expect(text).not.toContain('An old answer');
    socket.close();
  });
});
