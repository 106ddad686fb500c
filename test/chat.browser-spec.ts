import { describe, expect, it } from 'vitest';

import { en } from '../src/common/i18n/en.js';
import { ko } from '../src/common/i18n/ko.js';
import { translate } from '../src/common/i18n/translate.js';
import { PHONE, post } from './support/browser.js';
import { browserSuite } from './support/browser-suite.js';

describe('talking in a browser', () => {
  const suite = browserSuite();

  it('shows two people and a guest of a stream the same messages, live and after a reload', async () => {
    const path = `/streaming/${await suite.aRoom('stream')}`;
    const ara = await suite.member('아라');
    const bora = await suite.member('bora', { viewport: PHONE, colorScheme: 'dark', locale: 'ko-KR' });
    const reader = await suite.guest();
    await Promise.all([ara.open(path), bora.open(path), reader.open(path)]);

    await ara.say('첫 곡 제목 아시는 분?');
    await bora.message('첫 곡').waitFor();
    await bora.say('@아라 다시 듣기는 https://example.com/again 이에요');
    await Promise.all([ara, reader].map((person) => person.message('다시 듣기').waitFor()));
    const { person: host } = await suite.host();
    await host.open(path);
    await host.page.locator('[data-slot="announce"]').check();
    await host.say('9시부터 질문을 받아요.');
    await Promise.all([ara, bora, reader].map((person) => person.message('9시부터').waitFor()));

    const said = [
      '첫 곡 제목 아시는 분?',
      '@아라 다시 듣기는 https://example.com/again 이에요',
      '9시부터 질문을 받아요.',
    ];
    for (const person of [ara, bora, reader]) {
      await expect.poll(() => person.texts()).toEqual(said);
    }
    const mention = ara.message('다시 듣기');
    await expect.poll(() => mention.getAttribute('data-mention')).toBe('');
    const link = mention.getByRole('link', { name: 'https://example.com/again' });
    await expect.poll(() => link.getAttribute('rel')).toBe('noopener nofollow ugc');
    const announcement = bora.message('9시부터');
    await expect.poll(() => announcement.getAttribute('data-kind')).toBe('admin');
    await expect
      .poll(() => announcement.locator('[data-slot="badge"]').textContent())
      .toBe(ko['client.badge.announcement']);
    await expect
      .poll(() => reader.page.getByRole('link', { name: en['page.nav.login'] }).count())
      .toBeGreaterThan(0);
    await expect.poll(() => reader.input.count()).toBe(0);
    await ara.picture('stream-desktop');
    await bora.picture('stream-phone-dark-ko');

    await ara.page.reload();
    await ara.live();
    await expect.poll(() => ara.texts()).toEqual(said);
  });

  it('counts people as they come and go', async () => {
    const path = `/chat/${await suite.aRoom()}`;
    const ara = await suite.member();
    await ara.open(path);
    await ara.page.getByText(here(1)).waitFor();
    const lines = await ara.page.locator('[data-slot="list"] > *').count();
    const reader = await suite.guest();
    await reader.open(path);
    await ara.page.getByText(here(2)).waitFor();
    await reader.page.goto(`${suite.server.url}/user/login`);
    await ara.page.getByText(here(1)).waitFor();
    expect(await ara.page.locator('[data-slot="list"] > *').count()).toBe(lines);
  });

  it('edits and removes by the menu of a message, with the keyboard alone', async () => {
    const slug = await suite.aRoom();
    const ara = await suite.member();
    const bora = await suite.member();
    await Promise.all([ara.open(`/chat/${slug}`), bora.open(`/chat/${slug}`)]);
    await ara.say('helo');
    await ara.message('helo').waitFor();

    await ara.message('helo').locator('[data-slot="menu"]').press('Enter');
    await ara.page.getByRole('menuitem', { name: en['client.message.reply'] }).press('End');
    await ara.page.getByRole('menuitem', { name: en['client.message.remove'] }).press('ArrowUp');
    await ara.page.getByRole('menuitem', { name: en['client.message.edit'] }).press('Enter');
    await expect.poll(() => ara.input.inputValue()).toBe('helo');
    await ara.say('hello');
    await bora.message('hello').waitFor();
    await expect.poll(() => bora.message('hello').locator('[data-slot="edited"]').isVisible()).toBe(true);

    await bora.message('hello').locator('[data-slot="menu"]').click();
    await expect
      .poll(() => bora.page.getByRole('menuitem').allTextContents())
      .toEqual([
        en['client.message.reply'],
        en['client.message.copy'],
        en['client.message.profile'],
        en['client.message.ignore'],
        en['client.message.report'],
      ]);
    await bora.page.getByRole('menuitem', { name: en['client.message.reply'] }).press('Enter');
    await bora.say('hello to you');
    await ara.message('hello to you').waitFor();
    await expect
      .poll(() => ara.message('hello to you').locator('[data-slot="quote-text"]').textContent())
      .toBe('hello');

    const { person: host } = await suite.host();
    await host.open(`/chat/${slug}`);
    await host.message('hello').first().locator('[data-slot="menu"]').press('Enter');
    await host.page.getByRole('menuitem', { name: en['client.message.remove'] }).press('Enter');
    await host.page
      .getByRole('dialog')
      .getByRole('button', { name: en['client.message.remove'] })
      .press('Enter');
    await ara.message(en['client.message.removed-staff']).waitFor();
    await expect
      .poll(() => ara.page.locator('[data-slot="list"]').textContent())
      .not.toMatch(/hello(?! to you)/);
  });

  it('stays where the reader scrolled to, counts what is new and leads back to it', async () => {
    const slug = await suite.aRoom();
    await post(suite.admin, slug, lines(1, 45));
    const reader = await suite.guest();
    await reader.open(`/chat/${slug}`);
    await reader.message('line 45').waitFor();
    await expect.poll(() => reader.message('line 45').isVisible()).toBe(true);

    await reader.page.locator('[data-slot="scroller"]').hover();
    await reader.page.mouse.wheel(0, -400);
    await expect.poll(() => reader.page.evaluate(FROM_BOTTOM)).toBeGreaterThanOrEqual(400);
    const before = await reader.message('line 30').boundingBox();
    await post(suite.admin, slug, lines(46, 48));
    const pill = reader.page.getByRole('button', { name: translate('en', 'client.new', { count: 3 }) });
    await pill.waitFor();
    await expect.poll(() => reader.message('line 30').boundingBox()).toEqual(before);
    await reader.picture('new-messages');

    await pill.click();
    await pill.waitFor({ state: 'hidden' });
    await post(suite.admin, slug, ['line 49']);
    await reader.message('line 49').waitFor();
    await expect.poll(() => reader.page.evaluate(FROM_BOTTOM)).toBeLessThan(2);
    await expect.poll(() => pill.isVisible()).toBe(false);
  });

  it('loads earlier messages on the way up, without moving what is being read', async () => {
    const slug = await suite.aRoom();
    await post(suite.admin, slug, lines(1, 120));
    const reader = await suite.guest();
    await reader.open(`/chat/${slug}`);
    await reader.message('line 120').waitFor();
    const oldest = reader.message('line 71');
    await expect.poll(() => reader.page.locator('#m-70').count()).toBe(0);

    await oldest.scrollIntoViewIfNeeded();
    await reader.page.locator('#m-30').waitFor();
    const scroller = (await reader.page.locator('[data-slot="scroller"]').boundingBox())!;
    await expect
      .poll(async () => {
        const { y, height } = (await oldest.boundingBox())!;
        return y + height > scroller.y && y < scroller.y + scroller.height;
      })
      .toBe(true);

    await reader.page.locator('#m-30').scrollIntoViewIfNeeded();
    await reader.page.locator('#m-1').waitFor({ state: 'attached' });
    await reader.page.getByRole('button', { name: en['client.history.older'] }).waitFor({ state: 'hidden' });
    await expect.poll(() => reader.texts()).toEqual(lines(1, 120));
  });

  it('keeps no more than 200 messages in the page of somebody who reads along', async () => {
    const slug = await suite.aRoom();
    const reader = await suite.guest();
    await reader.open(`/chat/${slug}`);
    await post(suite.admin, slug, lines(1, 230));
    await reader.page.locator('#m-230').waitFor();
    await reader.page.locator('#m-30').waitFor({ state: 'detached' });
    await expect.poll(() => reader.texts()).toEqual(lines(31, 230));
  });

  it('tells everybody in the room that its title has changed', async () => {
    const slug = await suite.aRoom('stream');
    const reader = await suite.guest();
    await reader.open(`/streaming/${slug}`);
    const answer = await suite.admin.patch(`/api/rooms/${slug}`, { title: 'A loud room' });
    expect(answer.status).toBe(200);
    await reader.page.locator('[data-slot="line"]', { hasText: 'A loud room' }).waitFor();
    await expect.poll(() => reader.page.title()).toContain('A loud room');
    await expect.poll(() => reader.page.locator('h1').textContent()).toContain('A loud room');
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
