import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { promisify } from 'node:util';

import { AxeBuilder } from '@axe-core/playwright';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';

import type { ApiClient } from './api-client.js';
import { testEnv } from './app.js';
import { aUser, uniqueAddress, uniqueName } from './factories.js';
import type { ServerProcess } from './process.js';

/** Debian's Chromium, unless CHROMIUM_PATH says otherwise. */
const CHROMIUM = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
const OUTPUT = 'test-output';

export const DESKTOP = { width: 1280, height: 800 };
export const PHONE = { width: 390, height: 844 };

/** A real browser. Without one the suite fails rather than telling that all is well. */
export async function launchBrowser(): Promise<Browser> {
  if (!existsSync(CHROMIUM)) {
    throw new Error(
      `The browser tests need Chromium, and there is none at ${CHROMIUM}. ` +
        'Install it (Debian: apt-get install chromium) or set CHROMIUM_PATH.',
    );
  }
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** The policy's refusals as console messages of their own, told apart from those that a lost connection causes. */
const REPORT_VIOLATIONS = `document.addEventListener('securitypolicyviolation', (event) => {
  console.error('CSP ' + event.violatedDirective + ' ' + event.blockedURI);
});`;

/** One person's browser window, and everything that went wrong in it. */
export class Person {
  /** Errors of scripts, refused by the policy or thrown, and dialogs: a test ends with none. */
  readonly faults: string[] = [];

  private constructor(
    readonly page: Page,
    readonly url: string,
    private readonly reducedMotion: 'reduce' | 'no-preference',
  ) {}

  /** A guest with a profile of their own. */
  static async guest(
    browser: Browser,
    { url }: ServerProcess,
    options: BrowserContextOptions = {},
  ): Promise<Person> {
    return Person.enter(browser, url, '', options);
  }

  /** A member who has just registered. */
  static async member(
    browser: Browser,
    server: ServerProcess,
    nickname: string,
    options: BrowserContextOptions = {},
  ): Promise<Person> {
    const { cookie } = await aUser(server, { nickname });
    return Person.enter(browser, server.url, cookie, options);
  }

  /** An administrator, made as an operator makes them, with the API client that is the same person. */
  static async admin(
    browser: Browser,
    server: ServerProcess,
    options: BrowserContextOptions = {},
  ): Promise<{ person: Person; client: ApiClient }> {
    const client = await anAdminOf(server);
    return { person: await Person.enter(browser, server.url, client.cookie, options), client };
  }

  private static async enter(browser: Browser, url: string, cookie: string, options: BrowserContextOptions) {
    const context = await browser.newContext({
      viewport: DESKTOP,
      locale: 'en-US',
      timezoneId: 'UTC',
      ...options,
    });
    const page = await context.newPage();
    const [name = '', value = ''] = cookie.split('=');
    if (name !== '') {
      await context.addCookies([{ name, value, url }]);
    }
    const person = new Person(page, url, options.reducedMotion ?? 'no-preference');
    await page.addInitScript({ content: REPORT_VIOLATIONS });
    page.on('pageerror', (error) => person.faults.push(String(error)));
    page.on('dialog', (dialog) => {
      person.faults.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('console', (message) => {
      if (message.text().startsWith('CSP ') || message.text().includes('Content Security Policy')) {
        person.faults.push(message.text());
      }
    });
    return person;
  }

  /** Opens a page with a chat panel and waits until it is up to date. */
  async open(path: string): Promise<void> {
    await this.page.goto(this.url + path);
    await this.live();
  }

  async live(): Promise<void> {
    await this.page.locator('#chat[data-live]').waitFor();
  }

  get input() {
    return this.page.locator('[data-slot="input"]');
  }

  async say(text: string): Promise<void> {
    // Under a dialog that is yet to close nothing takes the focus: the keys would go to the dialog.
    await this.page.locator('dialog[open]').first().waitFor({ state: 'hidden' });
    await this.input.fill(text);
    await this.input.press('Enter');
  }

  /** The row of a message that is stored, by its text. */
  message(text: string) {
    return this.page.locator('[data-slot="row"][data-seq]', {
      has: this.page.locator('[data-slot="text"]', { hasText: text }),
    });
  }

  /** A quiet line of the log, by what it says; those who listen are told the same elsewhere. */
  line(text: string | RegExp) {
    return this.page.locator('[data-slot="line"]', { hasText: text });
  }

  /** The pill of a mode that is on. */
  mode(text: string) {
    return this.page.locator('[data-slot="modes"] li', { hasText: text });
  }

  /** Opens the menu of a message and chooses; `item` is its whole name. */
  async choose(text: string, item: string): Promise<void> {
    const row = this.message(text);
    await row.hover();
    await row.locator('[data-slot="menu"]').click();
    await this.page.getByRole('menuitem', { name: item, exact: true }).click();
  }

  /** The texts of all stored messages that are shown, in order. */
  texts(): Promise<string[]> {
    return this.page.locator('[data-slot="row"][data-seq] [data-slot="text"]').allTextContents();
  }

  /** Keeps a picture for people to look at, of a page on which nothing moves. */
  async picture(name: string): Promise<void> {
    mkdirSync(OUTPUT, { recursive: true });
    await this.still(() => this.page.screenshot({ path: `${OUTPUT}/${name}.png` }));
  }

  /** What axe finds against WCAG 2.2 AA, in words; `within`: the part to look at, a selector. */
  async barriers(within = 'html'): Promise<string[]> {
    return this.still(async () => {
      const { violations } = await new AxeBuilder({ page: this.page })
        .include(within)
        .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
        .analyze();
      return violations.map(
        ({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
      );
    });
  }

  /**
   * Looks at the page while nothing moves: fonts and pictures are there, what was appearing has appeared, and what comes
   * meanwhile, such as the line of who has left, comes at once. What is half faded in has every contrast on its way.
   */
  private async still<T>(look: () => Promise<T>): Promise<T> {
    await this.page.emulateMedia({ reducedMotion: 'reduce' });
    await this.page.evaluate(SETTLED);
    const seen = await look();
    await this.page.emulateMedia({ reducedMotion: this.reducedMotion });
    return seen;
  }

  close(): Promise<void> {
    return this.page.context().close();
  }
}

/** Resolves when a frame was drawn with all fonts and pictures, in which nothing moves but what never stops or is yet to begin. */
const SETTLED = `(async () => {
  const loaded = [...document.images]
    .filter(({ complete, loading }) => !complete && loading !== 'lazy')
    .map((image) => new Promise((resolve) => {
      image.addEventListener('load', resolve);
      image.addEventListener('error', resolve);
    }));
  await Promise.all([document.fonts.ready, ...loaded]);
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  await frame();
  await Promise.all(
    document.getAnimations()
      .map((animation) => ({ animation, timing: animation.effect.getComputedTiming() }))
      .filter(({ timing }) => timing.endTime < Infinity && timing.progress !== null)
      .map(({ animation }) => animation.finished.catch(() => undefined)),
  );
  await frame();
})()`;

const execFileAsync = promisify(execFile);

/** `npm run init-admin` for the server of a test, and a client that has logged in as that person. */
export async function anAdminOf(server: ServerProcess): Promise<ApiClient> {
  const username = uniqueName('a');
  const password = 'correct horse 1';
  await execFileAsync(process.execPath, ['dist/auth/init-admin.js'], {
    env: {
      PATH: process.env['PATH'],
      ...testEnv(server.dir),
      ADMIN_USERNAME: username,
      ADMIN_PASSWORD: password,
      ADMIN_NICKNAME: uniqueName('boss'),
    },
  });
  const client = server.client(uniqueAddress());
  const answer = await client.post('/user/login', { username, password });
  if (answer.status !== 200) {
    throw new Error(`logging in as ${username} failed: ${answer.status} ${answer.text}`);
  }
  return client;
}

/** Posts by HTTP, in order; staff may do so as fast as they like. */
export async function post(client: ApiClient, slug: string, texts: readonly string[]): Promise<void> {
  for (const text of texts) {
    const answer = await client.post(`/api/rooms/${slug}/messages`, { text, nonce: randomUUID() });
    if (answer.status !== 201) {
      throw new Error(`posting failed: ${answer.status} ${answer.text}`);
    }
  }
}
