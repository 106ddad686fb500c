import { beforeAll, describe, expect, it } from 'vitest';

import { en } from '../src/common/i18n/en.js';
import { PHONE, post } from './support/browser.js';
import { browserSuite } from './support/browser-suite.js';
import { noteTexts } from './support/page-time.js';

const PLAYLIST = 'https://stream.invalid/live.m3u8';
const VOD = `#EXTM3U
#EXT-X-VERSION:3
#EXT-X-TARGETDURATION:4
#EXTINF:4,
one.ts
#EXT-X-ENDLIST
`;

describe('the stream page', () => {
  const suite = browserSuite();
  let slug: string;

  beforeAll(async () => {
    slug = await suite.aRoom('stream');
    await suite.admin.patch(`/api/rooms/${slug}`, { embed: PLAYLIST });
    await post(
      suite.admin,
      slug,
      Array.from({ length: 30 }, (_, n) => `line ${n}`),
    );
  });

  /** Nothing of the outside is fetched: the playlist is what the test says. */
  async function watch(options = {}, playlist: { body?: string } = {}) {
    const person = await suite.member(undefined, options);
    // Its segments never come.
    await person.page.route(PLAYLIST, (route) =>
      route.fulfill({
        status: playlist.body ? 200 : 404,
        body: playlist.body ?? '',
        contentType: 'application/vnd.apple.mpegurl',
        headers: { 'access-control-allow-origin': '*' },
      }),
    );
    await person.page.route(/stream\.invalid.*\.ts$/, () => {});
    await person.page.addInitScript(`window.shifts = [];
      new PerformanceObserver((list) => window.shifts.push(...list.getEntries().map(({ value }) => value)))
        .observe({ type: 'layout-shift', buffered: true });`);
    await person.open(`/streaming/${slug}`);
    return person;
  }

  it('gives the chat the width that keys choose, keeps it, and nothing jumps at the next visit', async () => {
    const { page } = await watch();
    const divider = page.getByRole('separator', { name: en['page.stream.chat-width'] });
    const width = () => page.locator('#chat').evaluate((chat: { offsetWidth: number }) => chat.offsetWidth);
    const before = await width();
    await divider.press('ArrowLeft');
    await expect.poll(() => width()).toBe(before + 16);
    await page.locator(`#chat-divider[aria-valuenow="${before + 16}"]`).waitFor();
    await divider.press('End');
    await expect.poll(() => width()).toBe(768);
    await divider.press('ArrowLeft');
    await expect.poll(() => width()).toBe(768);
    await divider.press('Home');
    await expect.poll(() => width()).toBe(280);

    const box = (await divider.boundingBox())!;
    await page.mouse.move(box.x + 6, 300);
    await page.mouse.down();
    await page.mouse.move(box.x + 6 - 220, 320, { steps: 3 });
    await page.mouse.up();
    await expect.poll(() => width()).toBe(500);

    await page.reload();
    await page.locator('#chat[data-live]').waitFor();
    await expect.poll(() => width()).toBe(500);
    const shifts = await page.evaluate<number[]>('window.shifts');
    expect(shifts.reduce((sum, value) => sum + value, 0)).toBeLessThan(0.02);
  });

  it('has a theatre and hides the chat, both remembered, and the newest message is there when it comes back', async () => {
    const { page } = await watch();
    const press = (name: string) => page.getByRole('button', { name, exact: true }).press('Enter');
    const chat = page.locator('#chat');
    await press(en['page.stream.theatre']);
    await expect.poll(() => page.locator('.bar').isVisible()).toBe(false);
    await expect.poll(async () => (await page.locator('#player').boundingBox())!.height).toBeGreaterThan(700);
    await press(en['page.stream.hide-chat']);
    await expect.poll(() => chat.isVisible()).toBe(false);
    await page.reload();
    await expect.poll(() => page.locator('.bar').isVisible()).toBe(false);
    await expect.poll(() => chat.isVisible()).toBe(false);
    await post(suite.admin, slug, ['while nobody looked']);
    await page.getByText('while nobody looked', { exact: true }).waitFor({ state: 'attached' });
    const hide = page.getByRole('button', { name: en['page.stream.hide-chat'] });
    await expect.poll(() => hide.getAttribute('aria-pressed')).toBe('true');
    await hide.press('Enter');
    const seen = () =>
      page.evaluate(`(() => {
        const row = [...document.querySelectorAll('[data-slot="row"]')].at(-1).getBoundingClientRect();
        return row.height > 0 && row.bottom <= document.querySelector('[data-slot="scroller"]').getBoundingClientRect().bottom;
      })()`);
    await expect.poll(seen).toBe(true);
  });

  it('says whether something plays, and tries again', async () => {
    const playlist: { body?: string } = {};
    const { page } = await watch({}, playlist);
    const state = page.locator('#stream-state');
    await page.getByText(en['client.player.failed']).waitFor();
    await expect.poll(() => state.textContent()).toBe(en['client.stream.waiting']);
    playlist.body = VOD;
    await page.getByRole('button', { name: en['client.player.retry'] }).click();
    await page.locator('#stream-state', { hasText: en['client.stream.recording'] }).waitFor();
    await expect.poll(() => page.getByText(en['client.player.failed']).isVisible()).toBe(false);
    playlist.body = VOD.replace('#EXT-X-ENDLIST\n', '');
    await page.reload();
    await page.locator('#stream-state.live', { hasText: en['client.stream.live'] }).waitFor();
  });

  it('has the event above its chat on a phone, and the keyboard covers neither box nor newest message', async () => {
    const person = await watch({ viewport: PHONE, hasTouch: true, isMobile: true });
    const { page, input } = person;
    const box = async (selector: string) => (await page.locator(selector).boundingBox())!;
    const player = await box('#player');
    expect([player.x, player.width]).toEqual([0, PHONE.width]);
    expect((await box('#chat')).y).toBeGreaterThanOrEqual(player.y + player.height);
    await page.locator('#player').tap({ position: { x: 20, y: 20 } });
    expect(await page.evaluate('document.activeElement.id')).not.toBe('composer-input');
    await input.tap();
    // As Chromium does for `interactive-widget=resizes-content`.
    await page.setViewportSize({ width: PHONE.width, height: 480 });
    await page.locator('html[data-keyboard]').waitFor();
    const bottom = async (selector: string) => {
      const { y, height } = await box(selector);
      return y + height;
    };
    await expect.poll(() => bottom('.composer')).toBeLessThanOrEqual(480);
    await expect.poll(async () => (await box('.chat-scroller')).height).toBeGreaterThan(150);
    const over = async () => (await bottom('[data-slot="row"] >> nth=-1')) - (await box('.composer')).y;
    await expect.poll(over).toBeLessThanOrEqual(0);
    await person.picture('stream-phone-keyboard');
    await page.setViewportSize(PHONE);
    await page.locator('html:not([data-keyboard])').waitFor();

    // A phone on its side.
    await page.setViewportSize({ width: 760, height: 360 });
    await expect.poll(async () => (await box('.chat-scroller')).height).toBeGreaterThan(150);
    await expect.poll(async () => (await box('#chat')).x - (await box('#player')).x).toBeGreaterThan(0);
    await person.picture('stream-phone-side');
  });

  it.each([
    [390, 844, 160],
    [320, 568, 90],
  ])(
    'keeps messages and box in sight at %i × %i, whatever stands above them',
    async (width, height, least) => {
      const room = await suite.aRoom('stream');
      const api = `/api/rooms/${room}`;
      const texts = Array.from({ length: 30 }, (_, n) => `one of many ${n}`);
      await suite.admin.patch(api, { embed: PLAYLIST });
      await suite.admin.patch(api, {
        settings: { slowMode: 30, noLinks: true, noDuplicates: true, emojiOnly: true, questions: true },
      });
      await post(suite.admin, room, texts);
      await suite.admin.request('PUT', `${api}/pin`, { target: 1 + texts.length });
      const choices = ['a song', 'another song', 'one more', 'and the last one'];
      await suite.admin.post(`${api}/polls`, {
        question: 'What shall be played?'.repeat(3),
        choices,
        seconds: 600,
      });
      const person = await suite.member(undefined, {
        viewport: { width, height },
        hasTouch: true,
        isMobile: true,
      });
      const { page } = person;
      await page.route(PLAYLIST, (route) => route.fulfill({ status: 404 }));
      await person.open(`/streaming/${room}`);
      const poll = page.getByRole('region', { name: en['client.poll.label'] });
      const line = poll.getByRole('button', { name: en['client.poll.open'] });
      await line.waitFor();
      const log = async () => (await page.locator('.chat-scroller').boundingBox())!.height;
      const ends = async () => {
        const { y, height: tall } = (await page.locator('.composer').boundingBox())!;
        return y + tall;
      };
      expect(await log()).toBeGreaterThan(least);
      expect(await ends()).toBeLessThanOrEqual(height);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
      expect(await person.barriers()).toEqual([]);

      // What is opened can be used, stays open, and goes back to its line.
      await line.press('Enter');
      await expect.poll(() => page.evaluate('document.activeElement.dataset.slot')).toBe('poll-close');
      await poll.getByRole('radio', { name: 'and the last one' }).check();
      await poll.getByRole('button', { name: en['client.poll.vote'] }).click();
      await poll.getByText(en['client.poll.voted'].replace('{choice}', 'and the last one')).waitFor();
      expect(await ends()).toBeLessThanOrEqual(height);
      expect(await person.barriers()).toEqual([]);
      await person.picture(`stream-everything-${width}`);
      await page.reload();
      await person.live();
      await poll.getByRole('button', { name: en['client.poll.close'] }).press('Enter');
      await expect.poll(() => page.evaluate('document.activeElement.dataset.slot')).toBe('poll-open');
      expect(await log()).toBeGreaterThan(least);
    },
  );

  it.each(['a member', 'staff'])(
    'leaves %s messages and box on the smallest phone, with everything on and the viewers led elsewhere',
    async (who) => {
      const [room, there] = [await suite.aRoom('stream'), await suite.aRoom('stream')];
      const api = `/api/rooms/${room}`;
      await suite.admin.patch(api, { embed: PLAYLIST });
      await suite.admin.patch(api, {
        settings: { slowMode: 30, noLinks: true, questions: true, reactions: true },
      });
      const words =
        'so many words that a line of the smallest phone is filled to its end, and the next one too';
      await post(
        suite.admin,
        room,
        Array.from({ length: 12 }, (_, n) => `${n} ${words}`),
      );
      await suite.admin.request('PUT', `${api}/pin`, { target: 4 });
      await suite.admin.post(`${api}/polls`, { question: 'More?', choices: ['yes', 'no'], seconds: 600 });
      const options = { viewport: { width: 320, height: 568 }, hasTouch: true, isMobile: true };
      const person =
        who === 'staff' ? (await suite.host(options)).person : await suite.member(undefined, options);
      const { page } = person;
      await page.route(PLAYLIST, (route) => route.fulfill({ status: 404 }));
      await person.open(`/streaming/${room}`);
      await page.locator('.chat-reaction').first().waitFor();
      await suite.admin.post(`${api}/raid`, { to: there, seconds: 60 });
      const raid = page.getByRole('region', { name: en['client.raid.label'] });
      await raid.getByRole('button', { name: en['client.raid.go'] }).waitFor();
      const box = async (selector: string) => (await page.locator(selector).boundingBox())!;
      // Beside the poll, whose code may come last, what is pinned is a line.
      await page.locator('[data-slot="poll-open"]').waitFor();
      await expect
        .poll(async () => (await box('.chat-scroller')).height)
        .toBeGreaterThan(who === 'staff' ? 75 : 100);
      const composer = await box('.composer');
      expect(composer.y + composer.height).toBeLessThanOrEqual(568);
      await raid.getByText('→ A quiet room').waitFor();
      expect(await person.barriers()).toEqual([]);
      await person.picture(`stream-raid-320-${who.replace('a ', '')}`);

      // What floats up hides no words.
      const floated = await noteTexts(person, '.chat-float');
      await page.locator('.chat-reaction').first().click();
      await expect.poll(floated).toHaveLength(1);
      const floats = await box('.chat-floats');
      const ends = await page
        .locator('.message-body')
        .evaluateAll((bodies: { getBoundingClientRect(): { right: number } }[]) =>
          bodies.map((body) => body.getBoundingClientRect().right),
        );
      expect(Math.max(...ends)).toBeLessThanOrEqual(floats.x);
      if (who === 'staff') {
        await person.input.focus();
        await page.getByText(en['page.chat.announce']).waitFor();
      }
    },
  );

  it('shows over a video what the address asks for', async () => {
    const member = await suite.member();
    await member.open(`/streaming/${slug}`);
    await member.say('a member speaks');
    await member.say('!song');
    await member.message('!song').waitFor();
    const overlay = async (query: string) => {
      const person = await suite.guest();
      await person.open(`/streaming/${slug}/overlay?${query}`);
      return person;
    };
    const plain = await overlay('size=32&color=ffcc00&background=00000080&commands=off&names=off&fade=3600');
    const text = plain.message('a member speaks').locator('[data-slot="text"]');
    await text.waitFor();
    await expect.poll(() => plain.message('!song').isVisible()).toBe(false);
    await expect.poll(() => plain.page.locator('[data-slot="name"]:visible').count()).toBe(0);
    const styles = await plain.page.evaluate<string[]>(`(() => {
      const row = [...document.querySelectorAll('[data-slot="row"]')].find((row) => row.textContent.includes('a member speaks'));
      return [getComputedStyle(document.body).fontSize, getComputedStyle(row).color, getComputedStyle(row).backgroundColor];
    })()`);
    expect(styles).toEqual(['32px', 'rgb(255, 204, 0)', 'rgba(0, 0, 0, 0.5)']);
    await plain.picture('overlay-options');

    const staff = await overlay('staff=on');
    await staff.message('line 29').waitFor();
    await expect.poll(() => staff.message('a member speaks').isVisible()).toBe(false);

    const fading = await overlay('fade=3');
    await post(suite.admin, slug, ['gone in three seconds']);
    await fading.message('gone in three seconds').waitFor({ state: 'attached' });
    await fading.message('gone in three seconds').waitFor({ state: 'hidden' });
  });

  it('has a page for administrators that makes the address and the snippet', async () => {
    const { person } = await suite.host();
    const { page } = person;
    await page.goto(`${suite.server.url}/admin/share`);
    const overlay = page.locator('form[data-share="overlay"]');
    await overlay.getByLabel(en['page.share.room']).selectOption(slug);
    await overlay.getByLabel(en['page.share.size']).fill('30');
    await overlay.getByLabel(en['page.share.no-names']).check();
    const address = `${suite.server.url}/streaming/${slug}/overlay?size=30&names=off`;
    await expect.poll(() => overlay.locator('[data-slot="result"]').inputValue()).toBe(address);
    const preview = page.frameLocator('form[data-share="overlay"] iframe');
    await preview.locator('body[data-nameless] #chat[data-live]').waitFor();
    const embed = page.locator('form[data-share="embed"]');
    await embed.getByLabel(en['page.share.room']).selectOption(slug);
    await expect
      .poll(() => embed.locator('[data-slot="result"]').inputValue())
      .toBe(
        `<iframe src="${suite.server.url}/streaming/${slug}/embed" width="400" height="600" style="border:0"></iframe>`,
      );

    await person.picture('admin-share');
    expect(await person.barriers()).toEqual([]);

    // Writing in an embed opens a window.
    await person.open(`/streaming/${slug}/embed`);
    const popup = page.waitForEvent('popup');
    await page.getByRole('link', { name: en['page.chat.open-to-write'] }).click();
    const window = await popup;
    await window.locator('#chat[data-live] [data-slot="input"]').waitFor();
    expect(new URL(window.url()).pathname).toBe(`/streaming/${slug}/popout`);
  });
});
