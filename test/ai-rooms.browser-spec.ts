import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { en } from '../src/common/i18n/en.js';
import { ko } from '../src/common/i18n/ko.js';
import type { ApiClient } from './support/api-client.js';
import { launchBrowser, Person, PHONE, post } from './support/browser.js';
import { uniqueName } from './support/factories.js';
import { ModelServer } from './support/model-server.js';
import { startProcess, type ServerProcess } from './support/process.js';

const TABLE =
  'Three so far:\n\n1. **Dawn**\n2. *River*\n\n```js\nconst next = "Courtyard";\n```\n\n[more](https://a.example/x)';

describe('the AI in a room, on the page', () => {
  let model: ModelServer;
  let server: ServerProcess;
  let browser: Browser;
  let admin: { person: Person; client: ApiClient };
  let slug: string;
  let people: Person[] = [];

  beforeAll(async () => {
    model = await ModelServer.start();
    [server, browser] = await Promise.all([
      startProcess({ env: { OPENAI_BASE_URL: model.url } }),
      launchBrowser(),
    ]);
    admin = await Person.admin(browser, server);
  });

  beforeEach(async () => {
    model.reset();
    slug = uniqueName('r').replace('_', '-');
    const room = { slug, title: 'A busy room', kind: 'chat' };
    expect((await admin.client.post('/api/rooms', room)).status).toBe(201);
  });

  afterEach(async () => {
    expect(people.flatMap(({ faults }) => faults)).toEqual([]);
    await Promise.all(people.map((person) => person.close()));
    people = [];
  });

  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    await model?.stop();
  });

  async function enter(options = {}, { asGuest = false } = {}): Promise<Person> {
    const person = asGuest
      ? await Person.guest(browser, server, options)
      : await Person.member(browser, server, uniqueName('n'), options);
    people.push(person);
    await person.open(`/chat/${slug}`);
    return person;
  }

  const writing = ({ page }: Person) => page.locator('[data-slot="row"][data-state="writing"]');
  const answer = ({ page }: Person) => page.locator('[data-slot="row"][data-kind="ai"]');
  const text = (person: Person) => answer(person).locator('[data-slot="text"]');
  const stop = (person: Person) => answer(person).locator('[data-slot="stop"]');
  const note = (row: ReturnType<typeof answer>) => row.locator('[data-slot="note"]');

  /** Notes what a screen reader is told from now on. */
  async function listen({ page }: Person): Promise<() => Promise<string[]>> {
    await page.evaluate(`(() => {
      globalThis.said = [];
      const region = document.querySelector('[data-slot="announcer"]');
      new MutationObserver(() => said.push(region.textContent)).observe(region, { childList: true });
    })()`);
    return () => page.evaluate<string[]>('said');
  }

  it('shows everybody the same words as they come, and Markdown at the end, in the same row', async () => {
    const [ara, bora] = [await enter(), await enter()];
    const said = await listen(bora);
    model.otherwise = (call) => call.delta(TABLE.slice(0, 30));
    await ara.say('@ai which songs were there?');
    const call = await model.call();
    await expect.poll(() => text(ara).textContent()).toBe(TABLE.slice(0, 30));
    await expect.poll(() => text(bora).textContent()).toBe(TABLE.slice(0, 30));
    await expect
      .poll(() => answer(bora).locator('[data-slot="quote-text"]').textContent())
      .toContain('which songs');
    await expect.poll(() => writing(bora).getAttribute('aria-busy')).toBe('true');
    await expect.poll(() => text(bora).locator('strong').count()).toBe(0);

    const late = await enter({}, { asGuest: true });
    await expect.poll(() => text(late).textContent()).toBe(TABLE.slice(0, 30));
    await bora.say('Meanwhile');
    await bora.message('Meanwhile').waitFor();
    await answer(bora).evaluate((row) => Object.assign(row, { same: true }));
    call.delta(TABLE.slice(30)).finish().done();

    for (const person of [ara, bora, late]) {
      await text(person).locator('li strong', { hasText: 'Dawn' }).waitFor();
      await expect.poll(() => writing(person).count()).toBe(0);
      await expect.poll(() => person.texts()).toHaveLength(3);
      await expect.poll(() => answer(person).getAttribute('data-seq')).toBe('3');
      await expect.poll(() => stop(person).isVisible()).toBe(false);
    }
    await expect.poll(() => answer(bora).evaluate((row) => Reflect.get(row, 'same'))).toBe(true);
    await expect.poll(async () => (await said()).join('\n')).toContain('Three so far:');
    const heardOf = (await said()).filter((line) => line.includes('Three'));
    expect(heardOf).toHaveLength(1);
    expect(heardOf[0]).not.toContain('**');
    expect((await said()).join('\n')).toContain(en['client.ai.writing']);
    expect(await bora.barriers()).toEqual([]);
  });

  it('goes on with the same text after a lost connection and a reload', async () => {
    const ara = await enter();
    model.otherwise = (call) => call.delta('One, ');
    await ara.say('@ai count');
    const call = await model.call();
    await expect.poll(() => text(ara).textContent()).toBe('One, ');
    await ara.page.context().setOffline(true);
    call.delta('two, ');
    await ara.page.reload({ waitUntil: 'commit' }).catch(() => undefined);
    // Until the browser's own page stands there, it would come in the way of the next.
    await expect.poll(() => ara.page.url()).toMatch(/^chrome-error:/);
    await ara.page.context().setOffline(false);
    await ara.open(`/chat/${slug}`);
    await expect.poll(() => text(ara).textContent()).toBe('One, two, ');
    await expect.poll(() => stop(ara).isVisible()).toBe(true);
    call.delta('three').finish().done();
    // Plain while it is written, a paragraph of HTML once it has ended.
    await text(ara)
      .locator('p', { hasText: /^One, two, three$/ })
      .waitFor();
    await expect.poll(() => answer(ara).count()).toBe(1);
  });

  it('is stopped by who asked and by staff; others are not offered it', async () => {
    const [ara, bora] = [await enter(), await enter({ locale: 'ko-KR' })];
    await admin.person.open(`/chat/${slug}`);
    for (const stopper of [ara, admin.person]) {
      model.otherwise = (call) => call.delta('So far');
      await ara.say('@ai go');
      const call = await model.call();
      const running = stop(stopper).last();
      await running.waitFor();
      await expect.poll(() => text(bora).last().textContent()).toBe('So far');
      await expect.poll(() => stop(bora).last().isVisible()).toBe(false);
      await running.press('Enter');
      await call.closed;
      await expect.poll(() => note(answer(ara).last()).textContent()).toBe(en['client.ai.ended.stopped']);
      await expect.poll(() => note(answer(bora).last()).textContent()).toBe(ko['client.ai.ended.stopped']);
      await expect.poll(() => writing(ara).count()).toBe(0);
    }
    await bora.page.reload();
    await bora.live();
    await expect
      .poll(() => note(answer(bora)).allTextContents())
      .toEqual(Array(2).fill(ko['client.ai.ended.stopped']));
  });

  it('says at the question why there is no answer: a failure to all, a refusal to who asked', async () => {
    const [ara, bora] = [await enter(), await enter()];
    model.otherwise = (call) => call.fail(401, {});
    await ara.say('@ai first?');
    for (const person of [ara, bora]) {
      await expect
        .poll(() => note(person.message('first?')).textContent())
        .toBe(en['client.ai.none.provider']);
      await expect.poll(() => answer(person).count()).toBe(0);
    }
    model.otherwise = (call) => call.say('Yes');
    for (let count = 2; count <= 6; count++) {
      await admin.client.post(`/api/rooms/${slug}/messages`, {
        text: `@ai ${count}`,
        nonce: uniqueName('nonce'),
      });
      await expect.poll(() => answer(bora).count()).toBe(count - 1);
    }
    await ara.say('@ai once more?');
    await expect
      .poll(() => note(ara.message('once more?')).textContent())
      .toMatch(en['error.rate.limited'].split('{')[0]!);
    await expect.poll(() => note(bora.message('once more?')).isVisible()).toBe(false);
    await expect.poll(() => ara.input.inputValue()).toBe('');
  });

  it.each([
    ['light', 'desktop', 'en-US'],
    ['dark', 'phone', 'ko-KR'],
  ] as const)('reads well while it is written, %s on a %s', async (colorScheme, device, locale) => {
    const options = { colorScheme, locale, ...(device === 'phone' && { viewport: PHONE }) };
    const ara = await enter(options);
    model.plan(
      (call) => call.say(TABLE),
      (call) => call.delta('지금까지 나온 곡은 이래요.\n- 새벽'),
    );
    await ara.say('첫 곡이 뭐였죠?');
    await ara.say('@ai which songs were there?');
    await text(ara).first().locator('.hljs-keyword').waitFor();
    await ara.say('@ai 한국어로도 알려 줘');
    await expect.poll(() => text(ara).last().textContent()).toContain('새벽');
    expect(await ara.barriers()).toEqual([]);
    await ara.picture(`room-ai-${colorScheme}-${device}`);
    const width = await ara.page.evaluate('document.documentElement.scrollWidth - innerWidth');
    expect(width).toBeLessThanOrEqual(0);
  });

  it('says before it is sent that nobody will answer where the AI is not set up', async () => {
    const off = await startProcess();
    const ara = await Person.member(browser, off, 'ara');
    people.push(ara);
    await ara.open('/chat/lobby');
    const hint = ara.page.locator('[data-slot="hint"]');
    await ara.input.fill('hello @ai');
    await expect.poll(() => hint.textContent()).toContain('@ai');
    await ara.input.fill('hello');
    await expect.poll(() => hint.isVisible()).toBe(false);
    await ara.say('@ai hello?');
    await expect.poll(() => note(ara.message('hello?')).textContent()).toBe(en['error.ai.off']);
    await off.stop();
  });

  describe('help with reading', () => {
    beforeAll(async () => {
      await admin.client.patch('/api/ai/settings', { translation: true, summary: true });
    });
    afterAll(async () => {
      await admin.client.patch('/api/ai/settings', { translation: false, summary: false });
    });

    const choose = async (person: Person, row: ReturnType<Person['message']>, name: string) => {
      await row.locator('[data-slot="menu"]').press('Enter');
      await person.page.getByRole('menuitem', { name }).press('Enter');
    };

    it('translates a message in its place and back, until it is edited', async () => {
      const ara = await enter();
      model.otherwise = (call) => call.say('Who knows <b>the song</b>?');
      const { body } = await admin.client.post(`/api/rooms/${slug}/messages`, {
        text: '이 곡 아시는 분?',
        nonce: uniqueName('nonce'),
      });
      const row = ara.page.locator(`#m-${body.seq}`);
      await row.waitFor();
      await choose(ara, row, en['client.message.translate']);
      const shown = row.locator('[data-slot="text"]');
      await expect.poll(() => shown.textContent()).toBe('Who knows <b>the song</b>?');
      await expect.poll(() => shown.getAttribute('lang')).toBe('en');
      await expect.poll(() => note(row).textContent()).toBe(en['client.ai.translated']);
      expect(await ara.barriers()).toEqual([]);
      await choose(ara, row, en['client.message.original']);
      await expect.poll(() => shown.textContent()).toBe('이 곡 아시는 분?');
      await choose(ara, row, en['client.message.translate']);
      await expect.poll(() => shown.textContent()).toContain('Who knows');
      expect(model.calls).toHaveLength(1);
      await admin.client.patch(`/api/rooms/${slug}/messages/${body.seq}`, {
        text: '다른 말',
        nonce: uniqueName('nonce'),
      });
      await expect.poll(() => shown.textContent()).toBe('다른 말');
    });

    it('tells a latecomer what they missed, with ways to the messages', async () => {
      const texts = Array.from({ length: 70 }, (_, index) => `Message ${index + 1}`);
      await post(admin.client, slug, texts);
      model.otherwise = (call) =>
        call.say('Two songs <img src=x onerror=alert(1)> [2, 999]\n', 'A question [70]');
      const ara = await enter({ viewport: PHONE, colorScheme: 'dark' });
      const ask = ara.page.getByRole('button', { name: en['page.chat.summary'] });
      await ask.waitFor();
      await ara.picture('room-summary-offer');
      await ask.press('Enter');
      const lines = ara.page.locator('[data-slot="summary-lines"] li');
      await expect.poll(() => lines.count()).toBe(2);
      await expect.poll(() => lines.first().textContent()).toContain('<img src=x');
      await expect.poll(() => lines.first().getByRole('link').count()).toBe(1);
      await ara.picture('room-summary');
      expect(await ara.barriers()).toEqual([]);
      await lines.first().getByRole('link').press('Enter');
      await expect.poll(() => ara.page.url()).toMatch(/#m-2$/);
      await ara.page.locator('#m-2:target').waitFor();
      await ara.page.getByRole('button', { name: en['page.action.close'] }).click();
      await ara.page.reload();
      await ara.live();
      await expect.poll(() => ask.isVisible()).toBe(false);
    });

    it('is offered to no guest', async () => {
      await post(
        admin.client,
        slug,
        Array.from({ length: 12 }, (_, index) => `Message ${index + 1}`),
      );
      const guest = await enter({}, { asGuest: true });
      await expect.poll(() => guest.page.locator('[data-slot="summary"]').count()).toBe(0);
      await expect.poll(() => guest.page.locator('#chat[data-translations]').count()).toBe(0);
    });
  });
});
