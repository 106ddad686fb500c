import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { en } from '../src/common/i18n/en.js';
import { ko } from '../src/common/i18n/ko.js';
import { translate } from '../src/common/i18n/translate.js';
import type { ApiClient } from './support/api-client.js';
import { launchBrowser, Person, PHONE, post } from './support/browser.js';
import { uniqueName } from './support/factories.js';
import { startProcess, type ServerProcess } from './support/process.js';

describe('talking in a browser', () => {
  let server: ServerProcess;
  let browser: Browser;
  let admin: { person: Person; client: ApiClient };
  let people: Person[] = [];

  beforeAll(async () => {
    [server, browser] = await Promise.all([startProcess(), launchBrowser()]);
    admin = await Person.admin(browser, server);
  });

  afterEach(async () => {
    expect(people.flatMap(({ faults }) => faults)).toEqual([]);
    await Promise.all(people.map((person) => person.close()));
    people = [];
  });

  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  /** A room of the test's own. */
  async function aRoom(kind: 'chat' | 'stream' = 'chat'): Promise<string> {
    const slug = uniqueName('r').replace('_', '-');
    const answer = await admin.client.post('/api/rooms', { slug, title: 'A quiet room', kind });
    expect(answer.status).toBe(201);
    return slug;
  }

  async function member(nickname = uniqueName('n'), options = {}): Promise<Person> {
    const person = await Person.member(browser, server, nickname, options);
    people.push(person);
    return person;
  }

  async function guest(options = {}): Promise<Person> {
    const person = await Person.guest(browser, server, options);
    people.push(person);
    return person;
  }

  it('shows two people and a guest of a stream the same messages, live and after a reload', async () => {
    const path = `/streaming/${await aRoom('stream')}`;
    const ara = await member('아라');
    const bora = await member('bora', { viewport: PHONE, colorScheme: 'dark', locale: 'ko-KR' });
    const reader = await guest();
    await Promise.all([ara.open(path), bora.open(path), reader.open(path)]);

    await ara.say('첫 곡 제목 아시는 분?');
    await bora.message('첫 곡').waitFor();
    await bora.say('@아라 다시 듣기는 https://example.com/again 이에요');
    await Promise.all([ara, reader].map((person) => person.message('다시 듣기').waitFor()));
    await admin.person.open(path);
    await admin.person.page.locator('[data-slot="announce"]').check();
    await admin.person.say('9시부터 질문을 받아요.');
    await Promise.all(people.map((person) => person.message('9시부터').waitFor()));

    const said = [
      '첫 곡 제목 아시는 분?',
      '@아라 다시 듣기는 https://example.com/again 이에요',
      '9시부터 질문을 받아요.',
    ];
    for (const person of people) {
      expect(await person.texts()).toEqual(said);
    }
    const mention = ara.message('다시 듣기');
    expect(await mention.getAttribute('data-mention')).toBe('');
    const link = mention.getByRole('link', { name: 'https://example.com/again' });
    expect(await link.getAttribute('rel')).toBe('noopener nofollow ugc');
    const announcement = bora.message('9시부터');
    expect(await announcement.getAttribute('data-kind')).toBe('admin');
    expect(await announcement.locator('[data-slot="badge"]').textContent()).toBe(
      ko['client.badge.announcement'],
    );
    expect(await reader.page.getByRole('link', { name: en['page.nav.login'] }).count()).toBeGreaterThan(0);
    expect(await reader.input.count()).toBe(0);
    await ara.picture('stream-desktop');
    await bora.picture('stream-phone-dark-ko');

    await ara.page.reload();
    await ara.live();
    expect(await ara.texts()).toEqual(said);
  });

  it('counts people as they come and go', async () => {
    const path = `/chat/${await aRoom()}`;
    const ara = await member();
    await ara.open(path);
    await ara.page.getByText(here(1)).waitFor();
    const reader = await guest();
    await reader.open(path);
    await ara.page.getByText(here(2)).waitFor();
    await reader.page.goto(`${server.url}/user/login`);
    await ara.page.getByText(here(1)).waitFor();
  });

  it('edits and removes by the menu of a message, with the keyboard alone', async () => {
    const slug = await aRoom();
    const ara = await member();
    const bora = await member();
    await Promise.all([ara.open(`/chat/${slug}`), bora.open(`/chat/${slug}`)]);
    await ara.say('helo');
    await ara.message('helo').waitFor();

    await ara.message('helo').locator('[data-slot="menu"]').press('Enter');
    await ara.page.getByRole('menuitem', { name: en['client.message.reply'] }).press('End');
    await ara.page.getByRole('menuitem', { name: en['client.message.remove'] }).press('ArrowUp');
    await ara.page.getByRole('menuitem', { name: en['client.message.edit'] }).press('Enter');
    expect(await ara.input.inputValue()).toBe('helo');
    await ara.say('hello');
    await bora.message('hello').waitFor();
    expect(await bora.message('hello').locator('[data-slot="edited"]').isVisible()).toBe(true);

    await bora.message('hello').locator('[data-slot="menu"]').click();
    expect(await bora.page.getByRole('menuitem').allTextContents()).toEqual([
      en['client.message.reply'],
      en['client.message.copy'],
    ]);
    await bora.page.getByRole('menuitem', { name: en['client.message.reply'] }).press('Enter');
    await bora.say('hello to you');
    await ara.message('hello to you').waitFor();
    expect(await ara.message('hello to you').locator('[data-slot="quote-text"]').textContent()).toBe('hello');

    await admin.person.open(`/chat/${slug}`);
    await admin.person.message('hello').first().locator('[data-slot="menu"]').press('Enter');
    await admin.person.page.getByRole('menuitem', { name: en['client.message.remove'] }).press('Enter');
    await admin.person.page
      .getByRole('dialog')
      .getByRole('button', { name: en['client.message.remove'] })
      .press('Enter');
    await ara.message(en['client.message.removed-staff']).waitFor();
    expect(await ara.page.locator('[data-slot="list"]').textContent()).not.toMatch(/hello(?! to you)/);
  });

  it('stays where the reader scrolled to, counts what is new and leads back to it', async () => {
    const slug = await aRoom();
    await post(admin.client, slug, lines(1, 45));
    const reader = await guest();
    await reader.open(`/chat/${slug}`);
    await reader.message('line 45').waitFor();
    expect(await reader.message('line 45').isVisible()).toBe(true);

    await reader.page.locator('[data-slot="scroller"]').hover();
    await reader.page.mouse.wheel(0, -400);
    await reader.page.waitForFunction(`${FROM_BOTTOM} >= 400`);
    const before = await reader.message('line 30').boundingBox();
    await post(admin.client, slug, lines(46, 48));
    const pill = reader.page.getByRole('button', { name: translate('en', 'client.new', { count: 3 }) });
    await pill.waitFor();
    expect(await reader.message('line 30').boundingBox()).toEqual(before);
    await reader.picture('new-messages');

    await pill.click();
    await pill.waitFor({ state: 'hidden' });
    await post(admin.client, slug, ['line 49']);
    await reader.message('line 49').waitFor();
    await reader.page.waitForFunction(`${FROM_BOTTOM} < 2`);
    expect(await pill.isVisible()).toBe(false);
  });

  it('loads earlier messages on the way up, without moving what is being read', async () => {
    const slug = await aRoom();
    await post(admin.client, slug, lines(1, 120));
    const reader = await guest();
    await reader.open(`/chat/${slug}`);
    await reader.message('line 120').waitFor();
    const oldest = reader.message('line 71');
    expect(await reader.page.locator('#m-70').count()).toBe(0);

    await oldest.scrollIntoViewIfNeeded();
    await reader.page.locator('#m-30').waitFor();
    const scroller = (await reader.page.locator('[data-slot="scroller"]').boundingBox())!;
    const place = (await oldest.boundingBox())!;
    expect(place.y + place.height).toBeGreaterThan(scroller.y);
    expect(place.y).toBeLessThan(scroller.y + scroller.height);

    await reader.page.locator('#m-30').scrollIntoViewIfNeeded();
    await reader.page.locator('#m-1').waitFor({ state: 'attached' });
    await reader.page.getByRole('button', { name: en['client.history.older'] }).waitFor({ state: 'hidden' });
    expect(await reader.texts()).toEqual(lines(1, 120));
  });

  it('keeps no more than 200 messages in the page of somebody who reads along', async () => {
    const slug = await aRoom();
    const reader = await guest();
    await reader.open(`/chat/${slug}`);
    await post(admin.client, slug, lines(1, 230));
    await reader.page.locator('#m-230').waitFor();
    await reader.page.locator('#m-30').waitFor({ state: 'detached' });
    expect(await reader.texts()).toEqual(lines(31, 230));
  });

  it('tells everybody in the room that its title has changed', async () => {
    const slug = await aRoom('stream');
    const reader = await guest();
    await reader.open(`/streaming/${slug}`);
    const answer = await admin.client.patch(`/api/rooms/${slug}`, { title: 'A loud room' });
    expect(answer.status).toBe(200);
    await reader.page.locator('[data-slot="line"]', { hasText: 'A loud room' }).waitFor();
    expect(await reader.page.title()).toContain('A loud room');
    expect(await reader.page.locator('h1').textContent()).toContain('A loud room');
  });
});

/** How far the reader is from the newest message, for the browser to work out. */
const FROM_BOTTOM = `(({ scrollHeight, clientHeight, scrollTop }) => scrollHeight - clientHeight - scrollTop)(
  document.querySelector('[data-slot="scroller"]'),
)`;

function here(count: number): string {
  return translate('en', 'client.presence', { count });
}

function lines(from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, index) => `line ${from + index}`);
}
