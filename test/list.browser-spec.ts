import { describe, expect, it } from 'vitest';

import { en } from '../src/common/i18n/en.js';
import { translate } from '../src/common/i18n/translate.js';
import { type Person, PHONE, post } from './support/browser.js';
import { browserSuite } from './support/browser-suite.js';
import { eventually } from './support/eventually.js';
import { holdTimers } from './support/page-time.js';

/** How far the reader is from the newest message, for the browser to work out. */
const FROM_BOTTOM = `(({ scrollHeight, clientHeight, scrollTop }) => scrollHeight - clientHeight - scrollTop)(
  document.querySelector('[data-slot="scroller"]'),
)`;

describe('the list of messages', () => {
  const suite = browserSuite();

  /** Asked from here: the page's policy lets no text be run in it again and again. */
  const atBottom = (person: Person) =>
    eventually('the newest message in view', () => person.page.evaluate<boolean>(`${FROM_BOTTOM} < 2`));

  it('groups what one person says within a minute, the same in the HTML and live', async () => {
    const slug = await suite.aRoom();
    await post(suite.admin, slug, ['one', 'two']);
    const reader = await suite.guest();
    const html = await (await fetch(`${suite.server.url}/chat/${slug}`)).text();
    await reader.open(`/chat/${slug}`);
    await post(suite.admin, slug, ['three']);
    await reader.message('three').waitFor();
    const marks = await reader.page
      .locator('[data-slot="row"]')
      .evaluateAll((rows) => rows.map((row) => row.hasAttribute('data-continued')));
    // The minute may have turned in between; the HTML and the page agree either way.
    expect(marks.slice(0, 2)).toEqual(
      [...html.matchAll(/<li class="message[^>]* data-seq[^>]*>/g)].map(([tag]) =>
        tag.includes('data-continued'),
      ),
    );
    const boss = reader.message('one').locator('[data-slot="name"]');
    await expect
      .poll(() => reader.message('two').locator('[data-slot="name"]').textContent())
      .toBe(await boss.textContent());
    expect(await reader.barriers()).toEqual([]);
    await reader.picture('list-grouped');
  });

  it('puts a line between days, in the calendar of the reader', async () => {
    const slug = await suite.aRoom();
    await post(suite.admin, slug, ['yesterday, by then']);
    const reader = await suite.guest();
    await reader.page.clock.install({ time: Date.now() + 24 * 60 * 60 * 1000 });
    await reader.open(`/chat/${slug}`);
    const day = reader.page.locator('.line.day');
    await day.waitFor();
    const today = new Intl.DateTimeFormat('en', { dateStyle: 'full', timeZone: 'UTC' }).format(new Date());
    await expect.poll(() => day.textContent()).toBe(today);
  });

  it('stays at the newest message, however tall it is and however the window changes', async () => {
    const slug = await suite.aRoom();
    await post(
      suite.admin,
      slug,
      Array.from({ length: 40 }, (_, index) => `line ${index}`),
    );
    const reader = await suite.guest();
    await reader.open(`/chat/${slug}`);
    await post(suite.admin, slug, [
      Array.from({ length: 39 }, () => 'tall').join('\n'),
      'after the tall one',
    ]);
    await reader.message('after the tall one').waitFor();
    await atBottom(reader);
    for (const size of [PHONE, { width: 390, height: 420 }, { width: 1280, height: 800 }]) {
      await reader.page.setViewportSize(size);
      await atBottom(reader);
    }
    // Something in a row that grows late, as a picture does.
    await reader.page.evaluate(`document.querySelector('[data-slot="row"]:last-child .message-body').append(
      Object.assign(document.createElement('div'), { className: 'grown', hidden: false }));
      document.querySelector('.grown').style.setProperty('height', '500px')`);
    await atBottom(reader);
    await expect.poll(() => reader.page.locator('[data-slot="new"]').isVisible()).toBe(false);
  });

  it('leaves what is read where it is when something comes above the list, and when it goes', async () => {
    const slug = await suite.aRoom();
    await post(
      suite.admin,
      slug,
      Array.from({ length: 45 }, (_, index) => `line ${index}`),
    );
    const reader = await suite.guest();
    await reader.open(`/chat/${slug}`);
    const row = reader.message('line 20');
    await row.evaluate((element: { scrollIntoView(where: object): void }) =>
      element.scrollIntoView({ block: 'center' }),
    );
    await reader.page.locator('[data-slot="older"]').waitFor({ state: 'hidden' });
    const place = async () => (await row.boundingBox())!.y;
    const before = await place();
    const moved = async () => Math.abs((await place()) - before);
    const choices = ['here', 'there'];
    const poll = { question: 'Where?', choices, seconds: 60 };
    const { body } = await suite.admin.post(`/api/rooms/${slug}/polls`, poll);
    const card = reader.page.getByRole('region', { name: en['client.poll.label'] });
    await card.waitFor();
    await expect.poll(moved).toBeLessThan(2);
    await suite.admin.post(`/api/rooms/${slug}/polls/${body.poll.id}/end`, {});
    await card.waitFor({ state: 'hidden' });
    await expect.poll(moved).toBeLessThan(2);
  });

  it('keeps how somebody reads: times, size, and a steady pace that skips nothing', async () => {
    const slug = await suite.aRoom();
    await post(suite.admin, slug, ['first']);
    const reader = await suite.guest();
    await reader.open(`/chat/${slug}`);
    const before = await fontSize(reader);
    const button = reader.page.getByRole('button', { name: en['page.chat.reading'] });
    await button.press('Enter');
    await reader.page.getByLabel(en['client.reading.size']).selectOption('xl');
    await reader.page.getByLabel(en['client.reading.times']).selectOption('ago');
    await reader.page.getByLabel(en['client.reading.steady']).check();
    await reader.picture('reading-dialog');
    expect(await reader.barriers()).toEqual([]);
    await reader.page.keyboard.press('Escape');
    await expect.poll(() => fontSize(reader)).toBeGreaterThan(before * 1.3);
    await expect.poll(() => reader.page.evaluate('document.activeElement.dataset.slot')).toBe('reading');

    await reader.page.reload();
    await reader.live();
    await expect.poll(() => reader.message('first').locator('time').textContent()).toMatch(/now|ago/);
    // What waits for its turn waits until the test has seen it.
    await holdTimers(reader, 1, 400);
    const burst = Array.from({ length: 20 }, (_, index) => `burst ${index}`);
    await post(suite.admin, slug, burst);
    const pill = reader.page.locator('[data-slot="new"]');
    await pill.filter({ hasText: /waiting/ }).waitFor();
    await reader.picture('steady');
    await pill.click();
    await reader.message('burst 19').waitFor();
    await expect.poll(() => reader.texts()).toEqual(['first', ...burst]);
    expect(translate('en', 'client.behind', { count: 2 })).toMatch(/waiting/);
  });
});

function fontSize(person: Person): Promise<number> {
  return person.page.evaluate(
    `Number.parseFloat(getComputedStyle(document.querySelector('[data-slot="row"]')).fontSize)`,
  );
}
