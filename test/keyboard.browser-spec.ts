import { randomUUID } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import { en } from '../src/common/i18n/en.js';
import { ko } from '../src/common/i18n/ko.js';
import { post } from './support/browser.js';
import { browserSuite } from './support/browser-suite.js';
import { aUser, uniqueName } from './support/factories.js';
import { chooseByKey, focused, tabTo } from './support/keyboard.js';

describe('without a mouse', () => {
  const suite = browserSuite();

  it('the whole product can be used', async () => {
    const person = await suite.guest();
    const { page } = person;
    const nickname = uniqueName('n').slice(0, 20);
    const choose = (item: string) => chooseByKey(page, item);

    await page.goto(suite.server.url);
    await tabTo(page, 'a[href^="/user/login"]');
    await page.keyboard.press('Enter');
    await page.waitForURL(/login/);
    await tabTo(page, 'main a[href^="/user/register"]');
    await page.keyboard.press('Enter');
    await page.waitForURL(/register/);
    for (const [field, value] of [
      ['nickname', nickname],
      ['username', uniqueName('u').slice(0, 20)],
      ['password', 'correct horse 1'],
    ] as const) {
      await tabTo(page, `[name="${field}"]`);
      await page.keyboard.type(value);
    }
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: nickname }).waitFor();

    await tabTo(page, '.bar a[href="/chat/lobby"]');
    await page.keyboard.press('Enter');
    await person.live();
    await page.keyboard.press('c');
    await page.keyboard.type('first words');
    await page.keyboard.press('Enter');
    await person.message('first words').waitFor();

    // The list is one stop on the way back, and Enter offers what can be done.
    await tabTo(page, '[data-slot="row"]', 'Shift+Tab');
    await page.keyboard.press('Enter');
    await choose(en['client.message.reply']);
    await expect.poll(() => focused(page)).toContain('composer-input');
    await page.keyboard.type('an answer');
    await page.keyboard.press('Enter');
    await person.message('an answer').locator('[data-slot="quote"]').waitFor();

    await tabTo(page, '[data-slot="row"]', 'Shift+Tab');
    await page.keyboard.press('Enter');
    await choose(en['client.message.edit']);
    await page.keyboard.press('Control+A');
    await page.keyboard.type('a better answer');
    await page.keyboard.press('Enter');
    await person.message('a better answer').waitFor();

    await tabTo(page, '[data-slot="row"]', 'Shift+Tab');
    await page.keyboard.press('Enter');
    await choose(en['client.message.remove']);
    await page.getByRole('dialog').waitFor();
    await tabTo(page, 'dialog .danger');
    await page.keyboard.press('Enter');
    await person.message(en['client.message.removed']).waitFor();

    await tabTo(page, 'a[href="/user/settings"]');
    await page.keyboard.press('Enter');
    await page.waitForURL(/settings/);
    await tabTo(page, 'form[action="/user/logout"] button');
    await page.keyboard.press('Enter');
    await page.locator('a[href^="/user/login"]').first().waitFor();
  });

  it('arrows walk between messages, new ones leave the reader there, and the focus is never lost', async () => {
    const slug = await suite.aRoom();
    await post(
      suite.admin,
      slug,
      Array.from({ length: 40 }, (_, n) => `line ${n}`),
    );
    const person = await suite.member();
    const { page } = person;
    await person.open(`/chat/${slug}`);
    const here = () =>
      page.evaluate<string>(`document.activeElement.querySelector('[data-slot="text"]')?.textContent ?? ''`);
    await page.keyboard.press('m');
    await expect.poll(() => here()).toBe('line 39');
    for (let up = 0; up < 20; up += 1) {
      await page.keyboard.press('ArrowUp');
    }
    await expect.poll(() => here()).toBe('line 19');
    await post(suite.admin, slug, ['line 40']);
    await person.message('line 40').waitFor({ state: 'attached' });
    await expect.poll(() => here()).toBe('line 19');
    await page.getByRole('button', { name: '1 new message' }).waitFor();
    await expect
      .poll(() => page.evaluate(`document.querySelectorAll('[data-slot="list"] > [tabindex="0"]').length`))
      .toBe(1);
    await page.keyboard.press('End');
    await expect.poll(() => here()).toBe('line 40');
    await post(suite.admin, slug, ['line 41']);
    await person.message('line 41').waitFor();
    await expect.poll(() => here()).toBe('line 40');
    await page.keyboard.press('Escape');
    await expect.poll(() => focused(page)).toContain('composer-input');
  });

  it('what stands above the list is put away, opened, answered and decided', async () => {
    const [slug, there] = [await suite.aRoom(), await suite.aRoom()];
    const api = `/api/rooms/${slug}`;
    const { admin } = suite;
    const { person: host } = await suite.host();
    await post(admin, slug, ['to be pinned', 'and another']);
    await admin.request('PUT', `${api}/pin`, { target: 2 });
    await admin.post(`${api}/polls`, { question: 'Tea?', choices: ['Yes', 'No'], seconds: 600 });
    const [{ client }, seller] = [await aUser(suite.server), await aUser(suite.server)];
    const sold = await seller.client.post(`${api}/messages`, { text: 'buy my things', nonce: randomUUID() });
    await client.post(`${api}/messages/${sold.body.seq}/report`, { reason: 'spam' });
    await admin.patch(api, { settings: { hold: true } });
    await client.post(`${api}/messages`, { text: 'let me in', nonce: randomUUID() });
    await host.open(`/chat/${slug}`);
    const { page } = host;
    const press = async (selector: string) => {
      await tabTo(page, selector);
      await page.keyboard.press('Enter');
    };
    const isAt = (selector: string) =>
      expect
        .poll(() => page.evaluate(`document.activeElement.matches('${selector}')`), { message: selector })
        .toBe(true);
    // Beside an open poll, what is pinned is a line.
    for (const [card, from, to] of [
      ['poll', 'close', 'open'],
      ['pin', 'open', 'close'],
    ]) {
      await page.locator(`[data-slot="${card}-${from}"]`).waitFor();
      await press(`[data-slot="${card}-${from}"]`);
      await isAt(`[data-slot="${card}-${to}"]`);
      await page.keyboard.press('Enter');
      await isAt(`[data-slot="${card}-${from}"]`);
    }
    await tabTo(page, '[data-slot="poll"] input');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByText(en['client.poll.voted'].replace('{choice}', 'No')).waitFor();
    await page.locator('[data-slot="held"] [data-verb="approve"]').waitFor();
    await press('[data-slot="held"] [data-verb="approve"]');
    await host.message('let me in').waitFor();
    await isAt('[data-slot="scroller"]');
    await press('[data-slot="reports"] [data-verb="dismiss"]');
    await page.locator('[data-slot="reports"]').waitFor({ state: 'hidden' });
    await isAt('[data-slot="scroller"]');
    await admin.post(`${api}/raid`, { to: there, seconds: 60 });
    await page.locator('.chat-raid-stay').waitFor();
    await press('.chat-raid-stay');
    await isAt('#composer-input');
    await page.locator('[data-slot="raid"]').waitFor({ state: 'hidden' });
  });

  it('the rules are read before the first words, which are sent then', async () => {
    const slug = await suite.aRoom();
    await suite.admin.patch(`/api/rooms/${slug}`, { settings: { rules: 'Be kind.', welcome: 'Come in.' } });
    const person = await suite.member();
    const { page } = person;
    await person.open(`/chat/${slug}`);
    await tabTo(page, '#composer-input');
    await page.keyboard.type('here I am');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: en['client.rules.title'] });
    await dialog.waitFor();
    await expect.poll(() => dialog.locator(':focus').count()).toBe(1);
    expect(await person.barriers()).toEqual([]);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await expect.poll(() => focused(page)).toContain('composer-input');
    await expect.poll(() => person.input.inputValue()).toBe('here I am');
    await page.keyboard.press('Enter');
    await dialog.waitFor();
    await tabTo(page, 'dialog .form-actions .button:not(.quiet)');
    await page.keyboard.press('Enter');
    await person.message('here I am').waitFor();
    await expect.poll(() => focused(page)).toContain('composer-input');
  });

  it('lists its shortcuts under “?”, with a switch, and lets people type', async () => {
    const person = await suite.member();
    const { page, input } = person;
    await person.open('/chat/lobby');
    await input.focus();
    await page.keyboard.type('what? cm');
    await expect.poll(() => input.inputValue()).toBe('what? cm');
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('?');
    const dialog = page.getByRole('dialog', { name: en['client.keys.title'] });
    await dialog.waitFor();
    expect(await person.barriers()).toEqual([]);
    await person.picture('shortcuts');
    await tabTo(page, 'dialog input[type="checkbox"]');
    await page.keyboard.press('Space');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await page.keyboard.press('c');
    await page.keyboard.press('?');
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
    await expect.poll(() => focused(page)).not.toContain('composer-input');
    // Still there for whoever tabs.
    await page.getByRole('button', { name: en['client.keys.title'] }).press('Enter');
    await dialog.waitFor();
  });

  it.each([
    ['en-US', en],
    ['ko-KR', ko],
  ] as const)('lists under “?” what each reader has, and nothing else: %s', async (locale, words) => {
    const slug = await suite.aRoom('stream');
    await suite.admin.patch(`/api/rooms/${slug}`, {
      embed: 'https://stream.invalid/live.m3u8',
    });
    await suite.admin.patch(`/api/rooms/${slug}`, { settings: { edits: false } });
    const options = { locale };
    const { person: host } = await suite.host(options);
    const [guest, member] = [await suite.guest(options), await suite.member(undefined, options)];
    const lists = [];
    const narrow = await suite.guest({ ...options, viewport: { width: 640, height: 400 } });
    for (const person of [guest, member, host, narrow]) {
      await person.page.route(/stream\.invalid/, (route) => route.abort());
      await person.open(`/streaming/${slug}`);
      await tabTo(person.page, '[data-slot="reading"]');
      await person.page.keyboard.press('?');
      await person.page.getByRole('dialog', { name: words['client.keys.title'] }).waitFor();
      lists.push(
        await person.page
          .locator('.keys dl > div')
          .evaluateAll((rows: { innerText: string }[]) =>
            rows.map(({ innerText }) => innerText.split(/\n+/).join(' ')),
          ),
      );
    }
    const row = (keys: string, key: keyof typeof words) => `${keys} ${words[key]}`;
    const messages = row('m', 'client.keys.messages');
    const layout = [row('t', 'client.keys.theatre'), row('h', 'client.keys.hide-chat')];
    const anywhere = [messages, ...layout];
    const onMessages = [row('↑ ↓', 'client.keys.move'), row('Home End', 'client.keys.ends')];
    const inBox = [row('Enter', 'client.keys.send'), row('Shift Enter', 'client.keys.line')];
    const edit = row('↑', 'client.keys.edit');
    const suggest = [row('@ : /', 'client.keys.suggest'), row('Esc', 'client.keys.cancel')];
    const ask = row('?', 'client.keys.title');
    const write = row('c', 'client.keys.composer');
    const withMenu = [...onMessages, row('Enter', 'client.keys.menu'), row('Esc', 'client.keys.leave')];
    expect(lists).toEqual([
      [ask, ...anywhere, ...onMessages],
      // Nobody but staff changes what they said there.
      [ask, write, ...anywhere, ...inBox, ...suggest, ...withMenu],
      [ask, write, ...anywhere, ...inBox, edit, ...suggest, ...withMenu],
      // There the chat is below the event, and nothing else.
      [ask, messages, ...onMessages],
    ]);
    await narrow.page.keyboard.press('Escape');
    await narrow.page.keyboard.press('h');
    expect(await narrow.page.locator('html[data-chat-hidden]').count()).toBe(0);
  });

  it.each([
    [320, 640, 'no-preference', 'none'],
    // A desktop's window at 200 %.
    [640, 400, 'reduce', 'active'],
  ] as const)('nothing is lost at %i × %i CSS pixels', async (width, height, reducedMotion, forcedColors) => {
    const { person, client } = await suite.host({
      viewport: { width, height },
      reducedMotion,
      forcedColors,
    });
    const { page } = person;
    await client.patch('/api/rooms/main', { embed: 'https://stream.invalid/live.m3u8' });
    await page.route(/stream\.invalid/, (route) => route.abort());
    await post(client, 'main', ['averylongwordthathastobreaksomewhere'.repeat(4), 'last words']);
    const wide: string[] = [];
    for (const path of [
      '/',
      '/chat/lobby',
      '/streaming',
      '/streaming/main',
      '/streaming/main/popout',
      '/user/settings',
      '/admin',
      '/admin/people',
      '/admin/rooms',
      '/admin/share',
      '/nowhere',
    ]) {
      await page.goto(suite.server.url + path);
      if ((await page.locator('#chat').count()) > 0) {
        // Its head has a button more for staff when it is live.
        await person.live();
      }
      const over = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
      if (over > 0) {
        wide.push(`${path} by ${over}`);
      }
      await person.picture(`small-${width}${path.replaceAll('/', '-')}`);
    }
    expect(wide).toEqual([]);
    await person.open('/streaming/main');
    await page.locator('[data-slot="input"]:enabled').waitFor();
    const outOfView = () =>
      page.evaluate<string[]>(`(() =>
        ['.composer [data-slot="send"]', '[data-slot="row"]:last-child', '#player'].filter((selector) => {
          const { top, bottom, height } = [...document.querySelectorAll(selector)].at(-1).getBoundingClientRect();
          return height === 0 || top < 0 || bottom > innerHeight + 1;
        }))()`);
    await expect.poll(outOfView).toEqual([]);
    await expect
      .poll(() =>
        page.locator('.chat-scroller').evaluate((log: { clientHeight: number }) => log.clientHeight),
      )
      .toBeGreaterThan(100);
  });
});
