import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { en } from '../src/common/i18n/en.js';
import { ko } from '../src/common/i18n/ko.js';
import type { ApiClient } from './support/api-client.js';
import { anAdminOf, launchBrowser, Person, PHONE, post } from './support/browser.js';
import { uniqueName } from './support/factories.js';
import { gif, png } from './support/pictures.js';
import { startProcess, type ServerProcess } from './support/process.js';

const RED = [194, 55, 31] as const;
const BLUE = [63, 79, 168] as const;

describe('emotes', () => {
  let server: ServerProcess;
  let browser: Browser;
  let boss: ApiClient;
  let files: string;
  const people: Person[] = [];

  beforeAll(async () => {
    [server, browser] = await Promise.all([startProcess(), launchBrowser()]);
    boss = await anAdminOf(server);
    files = await mkdtemp(join(tmpdir(), 'madang-pictures-'));
  });

  afterEach(async () => {
    const left = people.splice(0);
    expect(left.flatMap(({ faults }) => faults)).toEqual([]);
    await Promise.all(left.map((person) => person.close()));
  });

  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    await rm(files, { recursive: true, force: true });
  });

  async function aRoom(kind: 'chat' | 'stream' = 'chat'): Promise<string> {
    const slug = uniqueName('r').replace('_', '-');
    const { status } = await boss.post('/api/rooms', { slug, title: slug, kind });
    expect(status).toBe(201);
    return slug;
  }

  async function add(slug: string, name: string, picture: Buffer): Promise<void> {
    const answer = await boss.request('PUT', `/api/rooms/${slug}/emotes/${name}`, picture, {
      headers: { 'content-type': 'image/png' },
    });
    expect(answer.status).toBe(201);
  }

  async function enter(path: string, options = {}): Promise<Person> {
    const person = await Person.member(browser, server, uniqueName('n'), options);
    people.push(person);
    await person.open(path);
    return person;
  }

  const pictures = (person: Person) => person.page.locator('[data-slot="list"] img.emote');
  const width = (person: Person) =>
    pictures(person)
      .first()
      .evaluate((image: { naturalWidth: number }) => image.naturalWidth);

  it('are added and taken away by staff, before everybody’s eyes', async () => {
    const slug = await aRoom();
    const reader = await enter(`/chat/${slug}`);
    await reader.say('hello :wave:');
    await reader.message('hello :wave:').waitFor();
    expect(await pictures(reader).count()).toBe(0);

    const { person: staff } = await Person.admin(browser, server);
    people.push(staff);
    await staff.page.goto(`${server.url}/rooms/${slug}/emotes`);
    const picture = staff.page.getByLabel(en['page.emotes.picture'], { exact: true });
    const name = staff.page.getByLabel(en['page.emotes.name'], { exact: true });
    const submit = staff.page.getByRole('button', { name: en['page.emotes.add-submit'] });
    await writeFile(join(files, 'bad.png'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
    await picture.setInputFiles(join(files, 'bad.png'));
    await name.fill('wave');
    await submit.click();
    await staff.page.getByText(en['field.picture']).waitFor();
    expect(await staff.barriers()).toEqual([]);
    await writeFile(join(files, 'wave.png'), png(56, RED));
    await picture.setInputFiles(join(files, 'wave.png'));
    await submit.click();
    await staff.page.getByText('1 emote of at most 200').waitFor();
    expect(await staff.barriers()).toEqual([]);
    await staff.picture('emotes-staff');

    // What stands there already turns into a picture, and the screen reader still hears its name.
    await pictures(reader).first().waitFor();
    expect(await pictures(reader).first().getAttribute('alt')).toBe(':wave:');
    await expect.poll(() => width(reader)).toBe(56);
    await reader.page.getByRole('img', { name: ':wave:' }).waitFor();

    await staff.page.getByRole('button', { name: 'Remove :wave:' }).click();
    await staff.page
      .getByRole('dialog')
      .getByRole('button', { name: en['page.emotes.remove'], exact: true })
      .click();
    await staff.page.getByText(en['page.emotes.none']).waitFor();
    await reader.message('hello :wave:').waitFor();
    await expect.poll(() => pictures(reader).count()).toBe(0);
  });

  it('are completed while somebody writes', async () => {
    const slug = await aRoom();
    await add(slug, 'happy_dance', png(48, BLUE));
    await add(slug, 'sad_dance', png(48, RED));
    const ara = await enter(`/chat/${slug}`, { locale: 'ko-KR', viewport: PHONE, colorScheme: 'dark' });
    const options = ara.page.getByRole('option');
    await ara.input.focus();
    await ara.page.keyboard.type('좋아요 :dance');
    await options.filter({ hasText: ':happy_dance:' }).waitFor();
    await options.filter({ hasText: ':sad_dance:' }).waitFor();
    expect(await ara.barriers()).toEqual([]);
    await ara.picture('emotes-completion-phone-dark-ko');
    await ara.page.keyboard.press('Enter');
    expect(await ara.input.inputValue()).toBe('좋아요 :happy_dance: ');
    await ara.page.keyboard.press('Enter');
    await pictures(ara).first().waitFor();
  });

  it('are found in the picker, where they are at home', async () => {
    const slug = await aRoom();
    await add(slug, 'happy_dance', png(48, BLUE));
    await add(slug, 'sad_dance', png(48, RED));
    const ara = await enter(`/chat/${slug}`, { locale: 'ko-KR', viewport: PHONE, colorScheme: 'dark' });
    const open = ara.page.getByRole('button', { name: ko['page.chat.emoji'] });
    await open.press('Enter');
    await ara.page.getByRole('heading', { name: ko['client.emoji.room'] }).waitFor();
    const choices = ara.page.locator('.emoji-grid button');
    await choices
      .filter({ has: ara.page.locator('img') })
      .nth(1)
      .waitFor();
    await ara.picture('emotes-picker-phone-dark-ko');
    const search = ara.page.getByRole('searchbox', { name: ko['client.emoji.search'] });
    await search.fill('sad_');
    await expect.poll(() => choices.count()).toBe(1);
    expect(await ara.barriers()).toEqual([]);
    await search.press('Enter');
    await expect.poll(() => ara.input.inputValue()).toBe(':sad_dance:');
    await ara.input.press('Enter');
    await pictures(ara).first().waitFor();

    // Elsewhere it is of no use.
    await ara.open('/chat/lobby');
    await open.press('Enter');
    await choices.first().waitFor();
    expect(await ara.page.getByRole('heading', { name: ko['client.emoji.room'] }).count()).toBe(0);
    expect(await choices.filter({ has: ara.page.locator('img') }).count()).toBe(0);
  });

  it('take their place before their pictures come, so that the newest message stays in view', async () => {
    const slug = await aRoom();
    await add(slug, 'late', png(200, RED));
    await post(
      boss,
      slug,
      Array.from({ length: 40 }, (_, index) => `:late: number ${index} :late:`),
    );
    const ara = await Person.guest(browser, server);
    people.push(ara);
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await ara.page.route('**/emotes/*', async (route) => {
      await held;
      await route.continue();
    });
    await ara.page.goto(`${server.url}/chat/${slug}`, { waitUntil: 'domcontentloaded' });
    await ara.live();
    await ara.message('number 39').waitFor();
    const measures = () =>
      ara.page.locator('[data-slot="scroller"]').evaluate((scroller: HTMLElementLike) => ({
        height: scroller.scrollHeight,
        below: Math.round(scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight),
      }));
    await expect.poll(async () => (await measures()).below).toBeLessThanOrEqual(1);
    const before = await measures();
    release();
    await expect.poll(() => width(ara)).toBe(200);
    expect(await measures()).toEqual(before);
    await ara.picture('emotes-list');
  });

  it('stand still for whoever wants nothing to move, and are seen in an overlay and an embed', async () => {
    const slug = await aRoom('stream');
    await add(slug, 'blink', gif(40, [RED, BLUE]));
    await post(boss, slug, ['look :blink:']);
    for (const [reducedMotion, ending] of [
      ['reduce', '/still'],
      ['no-preference', ''],
    ] as const) {
      const guest = await Person.guest(browser, server, { reducedMotion });
      people.push(guest);
      await guest.open(`/streaming/${slug}/popout`);
      await pictures(guest).first().waitFor();
      await expect.poll(() => width(guest)).toBe(40);
      const shown: string = await pictures(guest)
        .first()
        .evaluate((image: { currentSrc: string }) => image.currentSrc);
      expect(shown).toMatch(new RegExp(`/emotes/[\\w-]{22}${ending}$`));
    }
    for (const mode of ['overlay', 'embed']) {
      const guest = await Person.guest(browser, server);
      people.push(guest);
      await guest.open(`/streaming/${slug}/${mode}`);
      await expect.poll(() => width(guest)).toBe(40);
    }
  });
});

/** What is asked of an element in the page. */
interface HTMLElementLike {
  scrollHeight: number;
  scrollTop: number;
  clientHeight: number;
}
