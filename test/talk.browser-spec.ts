import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { en } from '../src/common/i18n/en.js';
import { ko } from '../src/common/i18n/ko.js';
import { DESKTOP, launchBrowser, Person, PHONE } from './support/browser.js';
import { uniqueName } from './support/factories.js';
import { ModelServer, type ModelCall } from './support/model-server.js';
import { noteTexts } from './support/page-time.js';
import { startProcess, type ServerProcess } from './support/process.js';

const LONG = ['The courtyard', ' is open', ' to everyone', ' today.'];

/** From `held = []` on the page draws nothing until it is let go; `heard` is what its socket had before it did. */
const HOLD_FRAMES = `{
  const draw = requestAnimationFrame;
  document.heard = [];
  window.requestAnimationFrame = (callback) => (document.held ? document.held.push(callback) : draw(callback));
  document.letGo = () => {
    const held = document.held;
    document.held = null;
    held.forEach((callback) => draw(callback));
  };
  window.WebSocket = class extends WebSocket {
    constructor(...address) {
      super(...address);
      this.addEventListener('message', ({ data }) => document.heard.push(data));
    }
  };
}`;

describe('a conversation with the AI in a browser', () => {
  let model: ModelServer;
  let server: ServerProcess;
  let browser: Browser;
  let people: Person[] = [];

  beforeAll(async () => {
    [model, browser] = await Promise.all([ModelServer.start(), launchBrowser()]);
    server = await startProcess({ env: { OPENAI_BASE_URL: model.url } });
  });

  beforeEach(() => model.reset());

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

  async function member(options = {}): Promise<Talker> {
    const person = await Person.member(browser, server, uniqueName('n'), options);
    people.push(person);
    return new Talker(person);
  }

  it('is answered live, and the answer becomes Markdown once it is done', async () => {
    const ara = await member();
    await ara.open('/');
    model.plan(() => {});
    await ara.ask('Who may come in?');
    const call = await model.call();
    call.delta('**The court').delta('yard**');
    await ara.answer('**The courtyard**').waitFor();
    await expect.poll(() => ara.talk.getAttribute('data-writing')).toBe('');
    await expect.poll(() => ara.turns.last().getAttribute('aria-busy')).toBe('true');
    await expect.poll(() => ara.page.locator('#talk [role="log"]').getAttribute('aria-live')).toBe('off');
    call.delta(' is open.').finish().done();

    await ara.finished();
    await expect.poll(() => ara.turns.last().locator('strong').textContent()).toBe('The courtyard');
    await expect.poll(() => ara.turns.last().getAttribute('aria-busy')).toBeNull();
    await expect.poll(() => ara.texts()).toEqual(['Who may come in?', 'The courtyard is open.']);
    await ara.page.locator('.talks-link[aria-current]', { hasText: 'Who may come in?' }).waitFor();
    await expect.poll(() => ara.page.locator('h1').textContent()).toBe('Who may come in?');
    await expect.poll(() => ara.page.url()).toMatch(/\/\?c=[0-9a-f-]{36}$/);
    await expect
      .poll(() => ara.input.evaluate((input) => input.ownerDocument.activeElement === input))
      .toBe(true);
  });

  it('is in the list when it was answered between two frames of the screen', async () => {
    const ara = await member();
    await ara.page.addInitScript({ content: HOLD_FRAMES });
    await ara.open('/');
    model.plan((call) => call.say('In no time'));
    await ara.page.evaluate('document.held = []');
    await ara.ask('How fast are you?');
    await expect.poll(() => ara.page.evaluate('document.heard.join()')).toContain('"ai.ended"');
    await ara.page.evaluate('document.letGo()');

    await ara.finished();
    await ara.page.locator('.talks-link[aria-current]', { hasText: 'How fast are you?' }).waitFor();
  });

  it('stands above the rest of the front page on a phone, as high as what is in it', async () => {
    const ara = await member({ viewport: PHONE });
    await ara.open('/');
    // In one look: they may move between two.
    const places = `['#talk', '#talk .composer', '#chat'].map((part) => {
      const { top, bottom } = document.querySelector(part).getBoundingClientRect();
      return { top, bottom };
    })`;
    const [talk, composer, lobby] = await ara.page.evaluate<{ top: number; bottom: number }[]>(places);
    expect(composer!.bottom).toBeLessThanOrEqual(talk!.bottom);
    expect(talk!.bottom).toBeLessThanOrEqual(lobby!.top);
  });

  it('is read out as a beginning and a whole, never in fragments', async () => {
    const ara = await member();
    await ara.open('/');
    await ara.page.evaluate(`(() => {
      const region = document.querySelector('#talk [data-slot="announcer"]');
      document.said = [];
      new MutationObserver(() => document.said.push(region.textContent)).observe(region, { childList: true });
    })()`);
    model.plan(() => {});
    await ara.ask('Read to me');
    const call = await model.call();
    for (const text of LONG) {
      call.delta(text);
      await ara.answer(text).waitFor();
    }
    call.finish().done();
    await ara.finished();
    await ara.page
      .locator('#talk [data-slot="announcer"]', { hasText: `ai: ${LONG.join('')}` })
      .waitFor({ state: 'attached' });
    const said = await ara.page.evaluate('document.said');
    expect(said).toEqual([en['client.ai.writing'], `ai: ${LONG.join('')}`]);
  });

  it.each(['the button', 'Escape'])('stops by %s, keeps what there was, and goes on', async (by) => {
    const ara = await member();
    await ara.open('/');
    model.plan(
      () => {},
      (call) => call.say(' and the second.'),
    );
    await ara.ask('Two halves, please');
    const call = await model.call();
    call.delta('The first half');
    await ara.answer('The first half').waitFor();
    if (by === 'Escape') {
      await ara.input.press('Escape');
    } else {
      await ara.talk.getByRole('button', { name: en['client.ai.stop'] }).click();
    }
    await call.closed;
    await ara.note(en['client.ai.ended.stopped']).waitFor();
    await ara.button('continue').click();
    await ara.answer('The first half and the second.').waitFor();
    await ara.finished();
    await expect.poll(() => ara.texts()).toEqual(['Two halves, please', 'The first half and the second.']);
    await expect.poll(() => ara.note(en['client.ai.ended.stopped']).count()).toBe(0);
  });

  it('is the same after a reload in the middle, in a second tab and after a lost connection', async () => {
    const ara = await member();
    await ara.open('/');
    model.plan(() => {});
    await ara.ask('A long one');
    const call = await model.call();
    call.delta(LONG[0]!);
    await ara.answer(LONG[0]!).waitFor();
    await ara.page.locator('.talks-link[aria-current]').waitFor();
    await expect.poll(() => ara.page.url()).toContain('?c=');

    const second = await ara.secondTab();
    await second.answer(LONG[0]!).waitFor();
    call.delta(LONG[1]!);
    await second.answer(LONG.slice(0, 2).join('')).waitFor();
    await ara.page.reload();
    await ara.answer(LONG.slice(0, 2).join('')).waitFor();
    await ara.page.context().setOffline(true);
    call.delta(LONG[2]!);
    await ara.page.context().setOffline(false);
    await ara.answer(LONG.slice(0, 3).join('')).waitFor();
    call.delta(LONG[3]!).finish().done();

    for (const talker of [ara, second]) {
      await talker.finished();
      await expect.poll(() => talker.texts()).toEqual(['A long one', LONG.join('')]);
    }
    expect(model.calls).toHaveLength(1);
  });

  it('has its question edited and asked anew, and its answer written anew', async () => {
    const ara = await member();
    await ara.open('/');
    let answers = 0;
    model.otherwise = (call) => call.say(`Answer ${++answers}`);
    for (const text of ['One', 'Two']) {
      await ara.ask(text);
      await ara.finished();
    }
    await expect.poll(() => ara.texts()).toEqual(['One', 'Answer 1', 'Two', 'Answer 2']);
    await ara.button('regenerate').click();
    await ara.answer('Answer 3').waitFor();
    await ara.finished();
    await expect.poll(() => ara.texts()).toEqual(['One', 'Answer 1', 'Two', 'Answer 3']);

    await ara.turns.first().locator('[data-slot="edit"]').click();
    await expect.poll(() => ara.input.inputValue()).toBe('One');
    await ara.page.getByText(en['client.talk.editing']).waitFor();
    await ara.ask('One, but better');
    await ara.answer('Answer 4').waitFor();
    await ara.finished();
    await expect.poll(() => ara.texts()).toEqual(['One, but better', 'Answer 4']);
    await ara.page.reload();
    await ara.live();
    await expect.poll(() => ara.texts()).toEqual(['One, but better', 'Answer 4']);
  });

  it('is there after a reload before the list of conversations knows it', async () => {
    const ara = await member();
    await ara.page.route(/\/api\/conversations\?/, (route) => route.abort());
    await ara.open('/');
    await ara.ask('Still here?');
    await ara.finished();
    model.plan((call: ModelCall) => call.fail(401, {}));
    await ara.ask('And now?');
    await ara.note(en['client.ai.none.provider']).waitFor();
    expect(ara.page.url()).toBe(`${server.url}/`);
    await ara.page.unroute(/\/api\/conversations\?/);
    await ara.page.reload();
    await ara.page.waitForURL(/\/\?c=/);
    await ara.live();
    await expect.poll(() => ara.texts()).toEqual(['Still here?', 'Hello there', 'And now?']);
    await ara.note(en['client.ai.none.provider']).waitFor();
    await ara.page.goto(`${server.url}/`);
    await ara.input.waitFor();
    expect(await ara.texts()).toEqual([]);
  });

  it('is there after a reload that began before the address named it, and a new one is new', async () => {
    const ara = await member();
    await ara.open('/');
    await ara.ask('Named by now?');
    await ara.page.waitForURL(/\/\?c=/);
    const address = ara.page.url();
    await ara.page.evaluate(`history.replaceState(null, '', '/')`);
    await ara.page.reload();
    await ara.page.waitForURL(address);
    await ara.live();
    await ara.page.goto(`${server.url}/`);
    await ara.page.reload();
    await ara.page.locator('#chat[data-live]').waitFor();
    expect(new URL(ara.page.url()).search).toBe('');
    expect(await ara.texts()).toEqual([]);
  });

  it('says why there is no answer, and asks again', async () => {
    const ara = await member();
    await ara.open('/');
    model.plan((call: ModelCall) => call.fail(401, {}));
    await ara.ask('Anybody?');
    await ara.note(en['client.ai.none.provider']).waitFor();
    await ara.page.reload();
    // Where the list did not know it yet, the page goes on to that of the conversation: what is pressed before would be lost.
    await ara.page.waitForURL(/\/\?c=/);
    await ara.live();
    await ara.note(en['client.ai.none.provider']).waitFor();
    await ara.button('again').click();
    await ara.answer('Hello there').waitFor();
    await ara.finished();
    await expect.poll(() => ara.texts()).toEqual(['Anybody?', 'Hello there']);
  });

  it('says that an answer was cut, filtered or broken off', async () => {
    const ara = await member();
    await ara.open('/');
    const ends: [(call: ModelCall) => unknown, string][] = [
      [(call) => call.finish('length').done(), en['client.ai.ended.truncated']],
      [(call) => call.finish('content_filter').done(), en['client.ai.ended.filtered']],
      [(call) => call.request.socket.destroy(), en['client.ai.ended.failed']],
    ];
    for (const [index, [end, sentence]] of ends.entries()) {
      model.plan(() => {});
      await ara.ask('And then?');
      const call = await model.call();
      call.delta(`Text ${index}`);
      await ara.answer(`Text ${index}`).waitFor();
      end(call);
      await ara.note(sentence).waitFor();
    }
    // What a filter held back does not go on; what broke off does.
    await expect.poll(() => ara.button('continue').count()).toBe(1);
  });

  it('gives a refused question back with a countdown', async () => {
    const ara = await member();
    await ara.open('/');
    model.plan(() => {});
    await ara.ask('First');
    const call = await model.call();
    call.delta('Slowly');
    await ara.answer('Slowly').waitFor();
    const reasons = await noteTexts(ara.person, '#talk [data-slot="composer-error"]');
    await ara.ask('Second');
    await expect.poll(reasons).toContainEqual(expect.stringMatching(/You can write again in \d/));
    await expect.poll(() => ara.input.inputValue()).toBe('Second');
    call.finish().done();
    await ara.finished();
    await expect.poll(() => ara.texts()).toEqual(['First', 'Slowly']);
  });

  it('copies an answer as it was written, and code without what is around it', async () => {
    const ara = await member({ permissions: ['clipboard-read', 'clipboard-write'] });
    await ara.open('/');
    const text = 'So:\n\n```js\nconst a = 1;\n```\n';
    model.plan((call) => call.say(text));
    await ara.ask('Code?');
    await ara.finished();
    await ara.page.locator('.hljs-keyword').waitFor();
    await ara.page.getByRole('button', { name: en['client.code.copy'] }).click();
    await ara.page.getByText(en['client.message.copied']).first().waitFor();
    await expect.poll(() => ara.clipboard()).toBe('const a = 1;\n');
    await ara.button('copy').click();
    await expect.poll(() => ara.clipboard()).toBe(text);
  });

  it('is renamed, found, taken along and deleted', async () => {
    const ara = await member();
    await ara.open('/');
    model.otherwise = (call) => call.say('오늘은 음악을 들어요');
    await ara.ask('무엇을 들을까?');
    await ara.finished();
    await ara.page.goto(`${server.url}/?q=음악`);
    await ara.page.locator('.talks-link', { hasText: '음악을' }).click();
    await ara.live();
    await ara.page.locator('.talk-tools > summary').click();
    await ara.page.locator('#talk-rename').fill('Autumn songs');
    await ara.page.getByRole('button', { name: en['page.talk.rename'] }).click();
    await ara.page.locator('h1', { hasText: 'Autumn songs' }).waitFor();
    await ara.page.locator('.talks-link', { hasText: 'Autumn songs' }).waitFor();
    await ara.page.locator('.talk-tools > summary').click();
    const [file] = await Promise.all([
      ara.page.waitForEvent('download'),
      ara.page.getByText(en['page.talk.export-md']).click(),
    ]);
    expect(file.suggestedFilename()).toBe('conversation.md');
    const address = ara.page.url();
    await ara.page.getByRole('button', { name: en['page.talk.delete'] }).click();
    await ara.page.locator('dialog').getByRole('button', { name: en['page.talk.delete'] }).click();
    await ara.page.waitForURL(`${server.url}/`);
    await expect.poll(() => ara.page.locator('.talks-link').count()).toBe(0);
    const gone = await ara.page.goto(address);
    expect(gone?.status()).toBe(404);
  });

  it('keeps a draft, and sends a question that had no connection, also after a reload', async () => {
    const ara = await member();
    let reachable = false;
    await ara.page.routeWebSocket(/\/ws\/[0-9a-f-]{36}/, (socket) =>
      reachable ? void socket.connectToServer() : void socket.close(),
    );
    await ara.open('/');
    await ara.input.fill('half a thou');
    await ara.page.reload();
    await ara.page.locator('#chat[data-live]').waitFor();
    await expect.poll(() => ara.input.inputValue()).toBe('half a thou');
    await ara.ask('Can you hear me?');
    await ara.note(en['client.message.waiting']).waitFor();
    await ara.page.reload();
    await ara.note(en['client.message.waiting']).waitFor();
    // Not before the button is pressed: the page, which tries by itself, would be connected and the button gone.
    await ara.page.exposeFunction('pressed', () => {
      reachable = true;
    });
    await ara.page.evaluate(`document.addEventListener('click', () => pressed(), { capture: true })`);
    await ara.page.getByRole('button', { name: en['client.state.retry'] }).click();
    await ara.answer('Hello there').waitFor();
    await ara.finished();
    await expect.poll(() => ara.texts()).toEqual(['Can you hear me?', 'Hello there']);
    expect(model.calls).toHaveLength(1);
  });

  it('works without JavaScript', async () => {
    const ara = await member({ javaScriptEnabled: false });
    model.otherwise = (call) => call.say('**Plain** & <b>simple</b>');
    await ara.page.goto(`${server.url}/`);
    await ara.input.fill('No script here');
    await ara.page.getByRole('button', { name: en['page.talk.ask'] }).click();
    await ara.page.waitForURL(/\/\?c=/);
    await expect.poll(() => ara.texts()).toEqual(['No script here', '**Plain** & <b>simple</b>']);
    await ara.input.fill('x'.repeat(8001));
    await ara.page.getByRole('button', { name: en['page.talk.ask'] }).click();
    await ara.page.getByText(en['error.ai.too-long']).waitFor();
    await expect.poll(() => ara.input.inputValue()).toHaveLength(8001);
    await expect.poll(() => ara.texts()).toEqual(['No script here', '**Plain** & <b>simple</b>']);
  });

  it.each([
    ['en-US', 'light', DESKTOP, en],
    ['ko-KR', 'dark', DESKTOP, ko],
    ['ko-KR', 'light', PHONE, ko],
    ['en-US', 'dark', PHONE, en],
  ] as const)('has no barriers: %s, %s, %o', async (locale, colorScheme, viewport, words) => {
    const ara = await member({ locale, colorScheme, viewport });
    await ara.open('/');
    expect(await ara.person.barriers()).toEqual([]);
    model.plan((call) =>
      call.say('## Title\n\ntext `code`\n\n```js\nconst a = 1; // x\n```\n\n| a | b |\n|--|--|\n| 1 | 2 |'),
    );
    await ara.ask(words['page.talk.input']);
    await ara.finished();
    await ara.page.locator('.hljs-keyword').waitFor();
    model.plan(() => {});
    await ara.ask('?');
    const call = await model.call().then(() => model.call());
    call.delta('half');
    await ara.answer('half').waitFor();
    expect(await ara.person.barriers()).toEqual([]);
    await ara.page.getByText(words['client.ai.stop']).click();
    await ara.note(words['client.ai.ended.stopped']).waitFor();
    await ara.page.locator('.talk-tools > summary').click();
    await ara.person.picture(`talk-${locale}-${colorScheme}-${viewport.width}`);
    expect(await ara.person.barriers()).toEqual([]);
  });
});

/** Somebody at a conversation. */
class Talker {
  constructor(
    readonly person: Person,
    readonly page = person.page,
  ) {}

  get talk() {
    return this.page.locator('#talk');
  }

  get input() {
    return this.page.locator('#talk-input');
  }

  get turns() {
    return this.page.locator('#talk [data-slot="list"] > [data-slot="turn"]');
  }

  async open(path: string): Promise<void> {
    await this.page.goto(this.person.url + path);
    await this.page.locator('#chat[data-live]').waitFor({ state: 'attached' });
  }

  async live(): Promise<void> {
    await this.page.locator('#talk[data-live]').waitFor();
  }

  async ask(text: string): Promise<void> {
    await this.input.fill(text);
    await this.input.press('Enter');
  }

  answer(text: string) {
    return this.turns.and(this.page.locator('[data-from="ai"]')).filter({ hasText: text }).last();
  }

  note(text: string) {
    return this.turns.locator('[data-slot="note"]', { hasText: text });
  }

  /** A button that is offered now, in the last turn. */
  button(name: string) {
    return this.turns.last().locator(`[data-slot="${name}"]:visible`);
  }

  /** Waits until the newest answer is in the log and shown as Markdown. */
  async finished(): Promise<void> {
    await this.page.locator('#talk[data-live]:not([data-writing])').waitFor();
    await this.page
      .locator('#talk [data-slot="turn"]:last-child[data-seq][data-from="ai"] [data-markdown]')
      .waitFor();
  }

  async texts(): Promise<string[]> {
    const texts = await this.turns.locator('[data-slot="text"]').allTextContents();
    return texts.map((text) => text.trim());
  }

  async secondTab(): Promise<Talker> {
    const page = await this.page.context().newPage();
    await page.goto(this.page.url());
    return new Talker(this.person, page);
  }

  clipboard(): Promise<string> {
    return this.page.evaluate('navigator.clipboard.readText()');
  }
}
