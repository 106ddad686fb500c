import { describe, expect, it } from 'vitest';

import { en } from '../src/common/i18n/en.js';
import { DESKTOP, type Person, PHONE, post } from './support/browser.js';
import { browserSuite } from './support/browser-suite.js';
import { uniqueName } from './support/factories.js';

const FOR_ADMINS = [
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
];
const FOR_GUESTS = [
  '/',
  '/chat/lobby',
  '/streaming/main',
  '/streaming/main/embed',
  '/user/login',
  '/user/register',
  '/nowhere',
];

describe('the pages', { timeout: 300_000 }, () => {
  const suite = browserSuite();

  it('let people register, log in and read without JavaScript', async () => {
    await post(suite.admin, 'lobby', ['to be read without scripts']);
    const ara = await suite.guest({ javaScriptEnabled: false });
    const { page } = ara;
    const username = uniqueName('u').slice(0, 20);
    const nickname = uniqueName('n').slice(0, 20);

    await page.goto(`${suite.server.url}/user/register`);
    await page.getByLabel(en['page.field.nickname']).fill(nickname);
    await page.getByLabel(en['page.field.username']).fill(username);
    await page.getByLabel(en['page.field.password']).fill('no digits here');
    await page.getByRole('button', { name: en['page.register.submit'] }).click();
    await expect.poll(() => page.getByLabel(en['page.field.nickname']).inputValue()).toBe(nickname);
    await expect
      .poll(() => page.getByLabel(en['page.field.password']).getAttribute('aria-invalid'))
      .toBe('true');
    await page.getByLabel(en['page.field.password']).fill('correct horse 1');
    await page.getByRole('button', { name: en['page.register.submit'] }).click();
    await page.getByRole('link', { name: nickname }).click();
    await page.getByRole('button', { name: en['page.settings.logout'], exact: true }).click();
    await page.getByRole('link', { name: en['page.nav.login'] }).first().waitFor();

    await page.goto(`${suite.server.url}/user/login?next=/chat/lobby`);
    await page.getByLabel(en['page.field.username']).fill(username);
    await page.getByLabel(en['page.field.password']).fill('wrong horse 1');
    await page.getByRole('button', { name: en['page.login.submit'] }).click();
    await page.getByText(en['error.auth.invalid']).waitFor();
    await expect.poll(() => page.getByLabel(en['page.field.username']).inputValue()).toBe(username);
    await page.getByLabel(en['page.field.password']).fill('correct horse 1');
    await page.getByRole('button', { name: en['page.login.submit'] }).click();
    await ara.message('to be read without scripts').waitFor();
    expect(new URL(page.url()).pathname).toBe('/chat/lobby');
  });

  it('save settings in place, and tell a refusal beside its field', async () => {
    const ara = await suite.member();
    const { page } = ara;
    await page.goto(`${suite.server.url}/user/settings`);
    const form = page.locator('form', { has: page.locator('#field-nickname') });
    await form.locator('#field-nickname').fill('x');
    await form.getByRole('button').click();
    await form.locator('[data-error-for="nickname"]:not([hidden])').waitFor();
    await expect.poll(() => form.locator('#field-nickname').inputValue()).toBe('x');
    const nickname = uniqueName('n').slice(0, 20);
    await form.locator('#field-nickname').fill(nickname);
    await form.getByRole('button').click();
    await page.getByRole('link', { name: nickname }).waitFor();

    await page.locator('#field-locale').selectOption('ko');
    await page
      .locator('form', { has: page.locator('#field-locale') })
      .getByRole('button')
      .click();
    await page.locator('html[lang="ko"]').waitFor();
  });

  it('let an administrator make a room and change what plays', async () => {
    const { person, client } = await suite.host();
    const { page } = person;
    const slug = uniqueName('r').replaceAll('_', '-');
    await page.goto(`${suite.server.url}/admin/rooms`);
    await page.locator('#create-title').fill('Tonight');
    await page.locator('#create-slug').fill(slug);
    await page.locator('#create-kind').selectOption('stream');
    await page.getByRole('button', { name: en['page.admin.create-submit'] }).click();
    await page.locator(`a[href="/streaming/${slug}"]`).waitFor();

    const viewer = await suite.guest();
    // Nothing of the outside is fetched; what matters is where the frame leads.
    await viewer.page.route(/youtube/, (route) => route.fulfill({ body: '' }));
    await viewer.open(`/streaming/${slug}`);
    await client.patch(`/api/rooms/${slug}`, { embed: 'https://www.youtube.com/watch?v=aqz-KE-bpKQ' });
    const frame = viewer.page.locator('#player iframe');
    await frame.waitFor();
    await expect.poll(() => frame.getAttribute('src')).toContain('youtube-nocookie.com/embed/aqz-KE-bpKQ');
  });

  it.each([
    ['light', 'en-US'],
    ['dark', 'ko-KR'],
  ] as const)(
    'have no barriers that axe finds, %s, for guests and administrators',
    async (colorScheme, locale) => {
      const { person: admin, client } = await suite.host({ colorScheme, locale });
      const reader = await suite.guest({ colorScheme, locale });
      await post(client, 'lobby', ['안녕하세요', 'https://example.com/']);
      // An event that cannot be played: the page with all its parts.
      await client.patch('/api/rooms/main', { embed: 'https://stream.invalid/live.m3u8' });
      await post(client, 'main', ['첫 곡이에요', '좋네요']);
      const found: Record<string, string[]> = {};
      for (const [who, person, paths] of [
        ['admin', admin, FOR_ADMINS],
        ['guest', reader, FOR_GUESTS],
      ] as const) {
        for (const path of paths) {
          await person.page.goto(suite.server.url + path);
          if ((await person.page.locator('#chat').count()) > 0) {
            await person.live();
          }
          await look(`${who}${path === '/' ? '-home' : path.replaceAll('/', '-')}`, person, path);
        }
      }
      await admin.open('/chat/lobby');
      await admin.message('안녕하세요').first().locator('[data-slot="menu"]').press('Enter');
      await look('menu', admin, 'the menu of a message');
      await admin.page.getByRole('menuitem').last().press('Enter');
      await admin.page.getByRole('dialog').waitFor();
      await look('dialog', admin, 'the question before removing');
      expect(found).toEqual({});

      async function look(name: string, person: Person, what: string) {
        const barriers = await person.barriers();
        if (barriers.length > 0) {
          found[`${name}: ${what}`] = barriers;
        }
        for (const [size, viewport] of [
          ['phone', PHONE],
          ['desktop', DESKTOP],
        ] as const) {
          await person.page.setViewportSize(viewport);
          await person.picture(`${name}-${colorScheme}-${size}`);
        }
      }
    },
    // Fifteen pages, each judged and looked at twice.
    240_000,
  );
});
