import { randomUUID } from 'node:crypto';

import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { en } from '../src/common/i18n/en.js';
import { ko } from '../src/common/i18n/ko.js';
import type { ApiClient } from './support/api-client.js';
import { launchBrowser, Person, PHONE } from './support/browser.js';
import { aUser, uniqueName } from './support/factories.js';
import { startProcess, type ServerProcess } from './support/process.js';

describe('moderating in a browser', () => {
  let server: ServerProcess;
  let browser: Browser;
  let admin: { person: Person; client: ApiClient };
  let people: Person[] = [];

  beforeAll(async () => {
    [server, browser] = await Promise.all([startProcess(), launchBrowser()]);
    admin = await Person.admin(browser, server);
  });

  afterEach(async () => {
    expect([admin.person, ...people].flatMap(({ faults }) => faults)).toEqual([]);
    await Promise.all(people.map((person) => person.close()));
    people = [];
  });

  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  async function aRoom(): Promise<string> {
    const slug = uniqueName('r').replace('_', '-');
    const answer = await admin.client.post('/api/rooms', { slug, title: 'A quiet room', kind: 'chat' });
    expect(answer.status).toBe(201);
    return slug;
  }

  async function member(options = {}): Promise<Person> {
    const person = await Person.member(browser, server, uniqueName('n'), options);
    people.push(person);
    return person;
  }

  /** Opens the menu of a message and chooses. */
  async function choose(person: Person, text: string, item: string): Promise<void> {
    const row = person.message(text);
    await row.hover();
    await row.locator('[data-slot="menu"]').click();
    await person.page.getByRole('menuitem', { name: item }).click();
  }

  const tool = async (person: Person, item: string) => {
    await person.page.getByRole('button', { name: en['page.chat.tools'] }).click();
    await person.page.getByRole('menuitem', { name: item }).click();
  };

  it('times somebody out from their message, and they see the time run while their text stays', async () => {
    const path = `/chat/${await aRoom()}`;
    const { person: host } = admin;
    const bob = await member({ viewport: PHONE, colorScheme: 'dark' });
    await Promise.all([host.open(path), bob.open(path)]);
    await bob.say('too loud');
    await bob.input.fill('my next words');
    await choose(host, 'too loud', en['client.message.timeout']);
    await host.page.getByLabel(en['client.sanction.reason']).fill('shouting');
    await host.picture('timeout-dialog');
    expect(await host.barriers()).toEqual([]);
    await host.page.getByRole('button', { name: en['client.sanction.timeout'], exact: true }).click();

    await bob.page.getByText(/You can write again in [1-5]:\d\d\./).waitFor();
    await bob.picture('timed-out-phone');
    await expect.poll(() => bob.input.inputValue()).toBe('my next words');
    await bob.input.press('Enter');
    await bob.page.getByText(/You can write again in [1-5]:\d\d\./).waitFor();
    await expect.poll(() => bob.input.inputValue()).toBe('my next words');
    await bob.page.reload();
    await bob.live();
    await bob.page.getByText(/You can write again in [1-5]:\d\d\./).waitFor();
    expect(await bob.page.content()).not.toContain('shouting');
  });

  it('bans somebody with their messages, before everybody’s eyes', async () => {
    const path = `/chat/${await aRoom()}`;
    const { person: host } = admin;
    const [bob, reader] = [await member(), await member()];
    await Promise.all([host.open(path), bob.open(path), reader.open(path)]);
    await bob.say('first bad words');
    await bob.say('second bad words');
    await reader.message('second bad words').waitFor();
    await choose(host, 'first bad words', en['client.message.ban']);
    await host.page.getByLabel(en['client.sanction.remove-messages']).check();
    await host.page.getByRole('button', { name: en['client.sanction.ban'], exact: true }).click();

    await bob.page.getByText(en['client.state.banned']).waitFor();
    await reader.line(/may no longer take part/).waitFor();
    await expect.poll(() => reader.page.content()).not.toContain('bad words');
    await host.picture('banned');
  });

  it('brings back at once what was removed at once, from the card and from a message', async () => {
    const path = `/chat/${await aRoom()}`;
    const { person: host } = admin;
    const [bob, reader] = [await member(), await member()];
    await Promise.all([host.open(path), bob.open(path), reader.open(path)]);
    const words = ['alpha words', 'beta words', 'gamma words'];
    const ban = async () => {
      await choose(host, 'alpha words', en['client.message.ban']);
      await host.page.getByLabel(en['client.sanction.remove-messages']).check();
      await host.page.getByRole('button', { name: en['client.sanction.ban'], exact: true }).click();
      await expect.poll(() => reader.page.getByText(/(alpha|beta|gamma) words/).count()).toBe(0);
    };
    const areBack = () => Promise.all(words.map((text) => reader.message(text).waitFor()));
    for (const text of words) {
      await bob.say(text);
    }
    await reader.message('gamma words').waitFor();
    await ban();
    const gone = host.page.locator('[data-slot="row"][data-state="removed"]').first();
    await gone.hover();
    await gone.locator('[data-slot="menu"]').click();
    await host.page.getByRole('menuitem', { name: en['client.message.profile'] }).click();
    const back = host.page.getByRole('button', { name: 'Bring back 3 messages' });
    await back.scrollIntoViewIfNeeded();
    await host.picture('card-restore');
    expect(await host.barriers()).toEqual([]);
    await back.click();
    await areBack();
    await back.waitFor({ state: 'detached' });
    await host.page.keyboard.press('Escape');

    await ban();
    await gone.hover();
    await gone.locator('[data-slot="menu"]').click();
    await host.page.getByRole('menuitem', { name: en['client.message.restore'], exact: true }).click();
    await host.page.getByRole('checkbox', { name: /^All 3 messages of / }).check();
    await host.picture('restore-all');
    expect(await host.barriers()).toEqual([]);
    await host.page.getByRole('button', { name: en['client.message.restore'], exact: true }).click();
    await areBack();
  });

  it('meets a flood by commands alone: a word is blocked, and a ban takes what was written along', async () => {
    const path = `/chat/${await aRoom()}`;
    const { person: host } = admin;
    const [bob, reader] = [await member(), await member()];
    await Promise.all([host.open(path), bob.open(path), reader.open(path)]);
    await bob.say('cheap one');
    await bob.say('cheap two');
    await host.message('cheap two').waitFor();
    const name = await host.message('cheap one').locator('[data-slot="name"]').textContent();
    await host.say('/block cheap*');
    await host.page.getByText('“cheap*” is blocked here.').waitFor();
    await bob.say('cheapest three');
    await bob.page.getByText(en['error.text.blocked']).first().waitFor();
    await expect.poll(() => bob.input.inputValue()).toBe('cheapest three');
    await host.say(`/ban @"${name}" remove flooding`);
    await bob.page.getByText(en['client.state.banned']).waitFor();
    await expect.poll(() => reader.page.getByText(/^cheap (one|two)$/).count()).toBe(0);
    await host.say('/unblock CHEAP*');
    await host.page.getByText('“CHEAP*” is allowed here again.').waitFor();
    await host.say('/unblock cheap*');
    await host.page.getByText('“cheap*” is not blocked in this room.').waitFor();
    await expect.poll(() => host.input.inputValue()).toBe('/unblock cheap*');
    await host.input.fill('');
  });

  it('hides somebody silently: they notice nothing, others see nothing, staff see it marked', async () => {
    const path = `/chat/${await aRoom()}`;
    const { person: host } = admin;
    const [bob, reader] = [await member(), await member({ viewport: PHONE, colorScheme: 'dark' })];
    await Promise.all([host.open(path), bob.open(path), reader.open(path)]);
    await bob.say('seen by all');
    await choose(host, 'seen by all', en['client.message.hide']);
    await host.page.getByText(en['client.sanction.hide-text']).waitFor();
    await host.picture('hide-dialog');
    expect(await host.barriers()).toEqual([]);
    await host.page.getByRole('button', { name: en['client.sanction.hide'], exact: true }).click();
    await host.page.getByText(/only staff and they themselves see/).waitFor();

    await bob.say('into the void');
    await bob.message('into the void').waitFor();
    const marked = host.message('into the void');
    await marked.getByText(en['client.badge.hidden']).waitFor();
    await host.picture('hidden-marked');
    expect(await host.barriers()).toEqual([]);
    await host.say('after the void');
    await reader.message('after the void').waitFor();
    expect(await reader.page.content()).not.toContain('into the void');
    await reader.page.reload();
    await reader.live();
    await reader.message('after the void').waitFor();
    expect(await reader.page.content()).not.toContain('into the void');
    await bob.page.reload();
    await bob.live();
    await bob.message('into the void').waitFor();
    expect(await bob.page.locator('[data-hidden]').count()).toBe(0);
    await bob.picture('hidden-author');

    // By whatever they said, also before.
    await choose(host, 'seen by all', en['client.message.unhide']);
    await host.page
      .getByText(/^Everybody sees .* again\.$/)
      .first()
      .waitFor();
    await bob.say('back again');
    await reader.message('back again').waitFor();
  });

  it('lets a guest write under a name they choose, where staff let guests, and no longer', async () => {
    const path = `/chat/${await aRoom()}`;
    const { person: host } = admin;
    const guest = await Person.guest(browser, server, { viewport: PHONE });
    people.push(guest);
    await Promise.all([host.open(path), guest.open(path)]);
    const nickname = guest.page.getByLabel(en['page.chat.guest-name']);
    expect(await nickname.isVisible()).toBe(false);
    await host.say('/guests on');
    await nickname.waitFor();
    await guest.picture('guest-invited-phone');
    expect(await guest.barriers()).toEqual([]);
    await nickname.fill('admin');
    await guest.page.getByRole('button', { name: en['page.chat.guest-submit'] }).click();
    await guest.page.getByText(en['field.reserved']).waitFor();
    const name = uniqueName('g');
    await nickname.fill(name);
    await guest.page.getByRole('button', { name: en['page.chat.guest-submit'] }).click();
    await guest.input.waitFor();
    await guest.live();
    await guest.say('hello from outside');
    await host.message('hello from outside').getByText(en['client.badge.guest']).waitFor();
    await guest.picture('guest-writes-phone');
    expect(await guest.barriers()).toEqual([]);
    await host.picture('guest-wrote');
    await host.say('/guests off');
    await guest.page.locator('[data-slot="fields"]:disabled').waitFor({ state: 'attached' });
    await host.say('/guests on');
    await guest.page.locator('[data-slot="fields"]:enabled').waitFor({ state: 'attached' });
    await host.page.locator('button[data-slot="presence"]').click();
    const list = host.page.getByRole('dialog', { name: en['client.people.title'] });
    const wrote = list.getByRole('list', { name: en['client.people.wrote'] });
    await wrote.getByText(en['client.badge.guest']).waitFor();
    await host.picture('people-guests');
    expect(await host.barriers()).toEqual([]);
    await wrote.getByRole('button', { name }).click();
    const card = host.page.getByRole('dialog', { name });
    await card.getByRole('button', { name: en['client.message.ban'], exact: true }).click();
    await host.page.getByRole('button', { name: en['client.sanction.ban'], exact: true }).click();
    await guest.page.getByText(en['client.state.banned']).waitFor();
  });

  it('deletes an account with what it said, from its settings, before everybody’s eyes', async () => {
    const path = `/chat/${await aRoom()}`;
    const [bob, reader] = [
      await member(),
      await member({ locale: 'ko-KR', viewport: PHONE, colorScheme: 'dark' }),
    ];
    await Promise.all([bob.open(path), reader.open(path)]);
    await bob.say('soon gone');
    await reader.message('soon gone').waitFor();
    await bob.page.goto(`${server.url}/user/settings`);
    const form = bob.page.locator('form[action="/user/delete"]');
    await form.getByLabel(en['page.settings.delete-remove']).check();
    await form.getByLabel(en['page.field.current']).fill('correct horse 1');
    await form.scrollIntoViewIfNeeded();
    await bob.picture('delete-account');
    expect(await bob.barriers()).toEqual([]);
    await form.getByRole('button', { name: en['page.settings.delete-submit'] }).click();
    await bob.page.waitForURL(`${server.url}/`);
    await bob.page.getByRole('link', { name: en['page.nav.login'] }).first().waitFor();
    // The row of a removed message keeps its place, and has no name to show.
    const row = reader.page.locator('[data-slot="row"][data-seq="1"]');
    await row.locator('[data-slot="name"]', { hasText: ko['client.message.no-author'] }).waitFor({
      state: 'attached',
    });
    await expect.poll(() => reader.page.content()).not.toContain('soon gone');
    await reader.picture('account-deleted-phone-korean');
  });

  it('bans somebody from the server with their addresses, by two boxes of the dialog', async () => {
    const slug = await aRoom();
    const { client: eve, user } = await aUser(server);
    expect(
      (await eve.post(`/api/rooms/${slug}/messages`, { text: 'I am eve', nonce: randomUUID() })).status,
    ).toBe(201);
    const { person: boss } = admin;
    await boss.open(`/chat/${slug}`);
    await boss.message('I am eve').waitFor();
    await choose(boss, 'I am eve', en['client.message.ban']);
    const dialog = boss.page.getByRole('dialog');
    const everywhere = dialog.getByLabel(en['client.sanction.everywhere']);
    const address = dialog.getByLabel(en['client.sanction.address']);
    await everywhere.waitFor();
    // It is offered only for a ban from the whole server.
    await address.waitFor({ state: 'hidden' });
    await everywhere.check();
    await address.waitFor();
    await address.check();
    await everywhere.uncheck();
    await address.waitFor({ state: 'hidden' });
    await everywhere.check();
    await address.waitFor();
    expect(await boss.barriers()).toEqual([]);
    await boss.picture('ban-with-addresses');
    await dialog.getByRole('button', { name: en['client.sanction.ban'] }).click();
    await dialog.waitFor({ state: 'detached' });
    const { bans } = (await admin.client.get('/api/address-bans')).body;
    expect(bans).toMatchObject([{ address: eve.address, user: { id: user.id } }]);

    // Beside the room the staff see it, and who is staff of the server lifts it there.
    await tool(boss, en['client.tool.staff']);
    const panel = boss.page.getByRole('complementary', { name: en['client.staff.title'] });
    await panel.getByText(en['client.staff.everywhere']).waitFor();
    await panel.getByRole('button', { name: `Lift it for ${user.nickname}` }).click();
    await panel.getByText(en['client.staff.sanctions-none']).waitFor();
    // Its addresses are free again after the panel was told.
    await expect.poll(async () => (await admin.client.get('/api/address-bans')).body.bans).toEqual([]);
    await boss.page.keyboard.press('Escape');
  });

  it('shows the modes that are on to everybody, and lets staff switch them', async () => {
    const path = `/chat/${await aRoom()}`;
    const { person: host } = admin;
    const [bob, korean] = [await member(), await member({ viewport: PHONE, locale: 'ko-KR' })];
    await Promise.all([host.open(path), bob.open(path), korean.open(path)]);
    await expect
      .poll(() => bob.page.getByRole('button', { name: en['page.chat.tools'] }).isVisible())
      .toBe(false);
    await tool(host, en['client.tool.modes']);
    await host.page.getByLabel(en['client.mode.slow-label']).selectOption('30');
    await host.page.getByLabel(en['client.mode.no-links']).check();
    await host.picture('modes-dialog');
    expect(await host.barriers()).toEqual([]);
    await host.page.getByRole('button', { name: en['client.mode.save'] }).click();

    const pills = (person: Person) => person.page.locator('[data-slot="modes"] li');
    await bob.mode('Slow: 30 seconds').waitFor();
    await korean.mode('저속: 30초').waitFor();
    await korean.picture('modes-phone-korean');
    await bob.page.reload();
    await expect.poll(() => pills(bob).allTextContents()).toEqual(['Slow: 30 seconds', 'No links']);
    await bob.live();
    await bob.say('see example.com');
    await bob.page.getByText(en['error.text.links']).waitFor();
    await expect.poll(() => bob.input.inputValue()).toBe('see example.com');

    await tool(host, en['client.tool.modes']);
    await host.page.getByLabel(en['client.mode.hosts-only']).check();
    await host.page.getByRole('button', { name: en['client.mode.save'] }).click();
    await bob.page.locator('[data-slot="fields"]:disabled').waitFor({ state: 'attached' });
    await host.say('only me');
    await bob.message('only me').waitFor();
  });

  it('has messages wait for staff, who decide beside the log, by mouse and by keyboard', async () => {
    const path = `/chat/${await aRoom()}`;
    const { person: host } = admin;
    const [bob, reader] = [await member(), await member({ viewport: PHONE, locale: 'ko-KR' })];
    await Promise.all([host.open(path), bob.open(path), reader.open(path)]);
    await tool(host, en['client.tool.modes']);
    await host.page.getByLabel(en['client.mode.hold']).check();
    await host.page.getByLabel(en['client.mode.established-label']).selectOption('60');
    await host.page.getByLabel(en['client.mode.established-label']).selectOption('0');
    await host.picture('modes-dialog-all');
    await host.page.getByRole('button', { name: en['client.mode.save'] }).click();
    await reader.mode(ko['client.mode.hold']).waitFor();

    const queue = host.page.getByRole('region', { name: en['client.held.title'] });
    for (const text of ['a fine question', 'something rude', 'one more']) {
      await bob.say(text);
      await queue.getByText(text).waitFor();
    }
    await bob.picture('held-author');
    // Their own rows survive a reload, still waiting.
    await bob.page.reload();
    await bob.live();
    await expect.poll(() => bob.page.getByText(en['client.message.held']).count()).toBe(3);
    await host.picture('held-queue');
    expect(await host.barriers()).toEqual([]);

    await queue.getByRole('button', { name: /^Approve: .*a fine question/ }).click();
    await reader.message('a fine question').waitFor();
    await bob.message('a fine question').waitFor();
    // The focus goes on to the next one.
    await queue.getByText('a fine question').waitFor({ state: 'detached' });
    await expect.poll(() => queue.locator(':focus').count()).toBe(1);
    await host.page.keyboard.press('Shift+Tab');
    await host.page.keyboard.press('Enter');
    await bob.page.getByText(en['error.text.denied']).waitFor();
    await expect.poll(() => bob.input.inputValue()).toBe('something rude');
    await queue.getByText('1 message waits for review').waitFor();
    await host.page.reload();
    await queue.getByText('one more').waitFor();
    expect(await reader.page.content()).not.toMatch(/something rude|one more/);
    await reader.picture('held-reader-phone');

    // Many are decided at once.
    for (const text of ['what of this', 'what of that']) {
      await bob.say(text);
      await queue.getByText(text).waitFor();
    }
    await queue.getByRole('button', { name: en['client.queue.approve-all'], exact: true }).click();
    await host.page.getByText('Show the 3 messages that wait?').waitFor();
    await host.picture('held-approve-all');
    const sure = host.page.getByRole('dialog').getByRole('button', { name: en['client.queue.approve-all'] });
    await sure.click();
    for (const text of ['one more', 'what of this', 'what of that']) {
      await reader.message(text).waitFor();
    }
    await queue.waitFor({ state: 'hidden' });
  });

  it('shows what begins to wait while the queue is being read', async () => {
    const slug = await aRoom();
    const { person: host } = await Person.admin(browser, server);
    people.push(host);
    const { client: bob } = await aUser(server);
    await admin.client.patch(`/api/rooms/${slug}`, { settings: { hold: true } });
    const path = `/api/rooms/${slug}/messages`;
    const queue = host.page.getByRole('region', { name: en['client.held.title'] });
    // Its row is drawn by the frame before the answer, which does not know it, comes.
    await host.page.route('**/held', async (route) => {
      const answer = await route.fetch();
      await bob.post(path, { text: 'at the same time', nonce: randomUUID() });
      await queue.getByText('at the same time').waitFor();
      await route.fulfill({ response: answer });
    });
    const answered = host.page.waitForResponse('**/held');
    await host.open(`/chat/${slug}`);
    await (await answered).finished();
    await bob.post(path, { text: 'and after it', nonce: randomUUID() });
    await queue.getByText('and after it').waitFor();
    await queue.getByText('at the same time').waitFor();
  });

  it('removes with a reason, brings back, pins and clears, before everybody’s eyes', async () => {
    const path = `/chat/${await aRoom()}`;
    const { person: host } = admin;
    const bob = await member();
    const reader = await member({ viewport: PHONE, locale: 'ko-KR', colorScheme: 'dark' });
    await Promise.all([host.open(path), bob.open(path), reader.open(path)]);
    await bob.say('the doors open at eight');
    await bob.say('something else');
    await choose(host, 'the doors open', en['client.message.remove']);
    await host.page.getByLabel(en['client.sanction.reason']).fill('wrong hour');
    await host.page.getByRole('button', { name: en['client.message.remove'], exact: true }).click();
    await reader.page.getByText(ko['client.message.removed-staff']).waitFor();
    expect(await reader.page.content()).not.toContain('doors open');

    await choose(host, en['client.message.removed-staff'], en['client.message.restore']);
    await host.page.getByText(/: wrong hour$/).waitFor();
    await host.picture('restore-dialog');
    expect(await host.barriers()).toEqual([]);
    await host.page.getByRole('button', { name: en['client.message.restore'], exact: true }).click();
    await reader.message('the doors open at eight').waitFor();

    await choose(host, 'the doors open', en['client.message.pin']);
    await host.page.getByLabel(en['client.pin.span']).selectOption('600');
    await host.page.getByRole('button', { name: en['client.message.pin'], exact: true }).click();
    const pin = (person: Person) => person.page.locator('[data-slot="pin-body"]');
    await pin(reader).getByText('the doors open at eight').waitFor();
    await Promise.all([host.picture('pinned'), reader.picture('pinned-phone-korean')]);
    expect(await reader.barriers()).toEqual([]);
    await reader.page.getByRole('button', { name: ko['client.pin.close'] }).click();
    await pin(reader).waitFor({ state: 'hidden' });
    await reader.page.reload();
    await reader.live();
    await reader.page.getByRole('button', { name: ko['client.pin.open'] }).waitFor();
    await reader.picture('pin-away-phone-korean');
    await reader.page.getByRole('button', { name: ko['client.pin.open'] }).click();
    await pin(reader).getByText('the doors open at eight').waitFor();
    await choose(bob, 'the doors open', en['client.message.edit']);
    await bob.input.fill('the doors open at nine');
    await bob.input.press('Enter');
    await pin(reader).getByText('the doors open at nine').waitFor();

    await tool(host, en['client.tool.clear']);
    await host.picture('clear-dialog');
    await host.page.getByRole('button', { name: en['client.clear.action'], exact: true }).click();
    await reader.line(ko['client.line.cleared']).waitFor();
    await pin(reader).waitFor({ state: 'hidden' });
    await expect.poll(() => reader.texts()).toEqual([]);
    await reader.page.reload();
    await reader.live();
    expect(await reader.page.content()).not.toContain('the doors open');
  });

  it('takes slash commands, and explains wrong ones to whoever wrote them, in the box', async () => {
    const path = `/chat/${await aRoom()}`;
    const { person: host } = admin;
    const bob = await member({ viewport: PHONE, locale: 'ko-KR' });
    await Promise.all([host.open(path), bob.open(path)]);
    await bob.say('나 여기 있어요');
    await host.message('나 여기 있어요').waitFor();
    const name = (await host.message('나 여기 있어요').locator('[data-slot="name"]').textContent()) ?? '';

    for (const [wrong, why] of [
      // No name holds a digit: a suggestion would take the Enter.
      ['/timeuot @0', 'There is no command “/timeuot”'],
      ['/timeout', 'Write it so: /timeout @name'],
      ['/timeout @nobody-here 10m', en['error.not-found']],
    ] as const) {
      await host.say(wrong);
      await host.page.getByText(why).waitFor();
      await expect.poll(() => host.input.inputValue()).toBe(wrong);
    }
    await host.picture('command-refused');
    // What is no longer there is wrong no longer.
    await host.input.fill('');
    await host.page.getByText(en['error.not-found']).waitFor({ state: 'hidden' });
    expect(await host.input.getAttribute('aria-invalid')).toBeNull();
    await host.say(`/ignore @${name}`);
    await host.message('나 여기 있어요').waitFor({ state: 'hidden' });
    await host.say(`/unignore @${name}`);
    await host.message('나 여기 있어요').waitFor();
    await host.say('//shrug');
    await bob.message('/shrug').waitFor();
    await host.say(`/timeout @${name} 10m 도배`);
    await bob.page
      .getByText(/다시 쓸 수 있어요/)
      .first()
      .waitFor();
    await host.say(`/untimeout @${name}`);
    await host.page.getByText(`${name} may write again.`).first().waitFor();
    await bob.say('/ban @host');
    await bob.page.getByText('여기서는 “/ban” 명령어를 쓸 수 없어요.').waitFor();
    await bob.input.fill('');

    await host.say('/announce warning 번쩍이는 빛이 나와요');
    await host.say('/announce celebration 100명이 모였어요');
    await host.say('/pin 5m 공지를 읽어 주세요');
    await bob.page.locator('[data-slot="pin-body"]').getByText('공지를 읽어 주세요').waitFor();
    await host.say('/slow 10');
    await bob.mode('저속: 10초').waitFor();
    await bob.picture('announcements-phone-korean');
    expect(await bob.barriers()).toEqual([]);
    await host.say('/help');
    await host.page.getByRole('heading', { name: en['client.command.title'] }).waitFor();
    await host.picture('help');
    expect(await host.barriers()).toEqual([]);
    await host.page.getByRole('button', { name: en['client.command.close'] }).click();
    await host.say('/clear');
    await host.page.getByRole('button', { name: en['client.clear.action'], exact: true }).click();
    await bob.line(ko['client.line.cleared']).waitFor();
  });

  it('shows staff beside the room what is done, as it is done, and lets people back', async () => {
    const slug = await aRoom();
    const { person: host } = admin;
    const bob = await member();
    await Promise.all([host.open(`/chat/${slug}`), bob.open(`/chat/${slug}`)]);
    await bob.say('some words');
    await tool(host, en['client.tool.staff']);
    const panel = host.page.getByRole('complementary', { name: en['client.staff.title'] });
    await panel.getByText(en['client.staff.actions-none']).waitFor();

    await bob.message('some words').waitFor();
    const { entries } = (await admin.client.get(`/api/rooms/${slug}/messages`)).body;
    const bobs = entries[0].data.author.id;
    const { body } = await admin.client.post(`/api/rooms/${slug}/sanctions`, {
      user: bobs,
      action: 'timeout',
      reason: 'loud',
    });
    await panel.getByRole('log').getByText(en['client.act.name.user.timeout']).waitFor();
    await panel.getByRole('button', { name: `Lift it for ${body.sanction.user.nickname}` }).waitFor();
    await admin.client.patch(`/api/rooms/${slug}`, { settings: { slowMode: 30 } });
    await panel.getByText('Slow: 30 seconds').waitFor();
    expect(await host.barriers()).toEqual([]);
    await host.picture('staff-panel');

    await panel.getByRole('button', { name: `Lift it for ${body.sanction.user.nickname}` }).click();
    await panel.getByRole('log').getByText(en['client.act.name.user.lift']).waitFor();
    await panel.getByText(en['client.staff.sanctions-none']).waitFor();
    // The button went with its row; its answer brings the focus back into the panel.
    await panel.locator('h2:focus').waitFor();
    await host.page.keyboard.press('Escape');
    await panel.waitFor({ state: 'detached' });
    await expect
      .poll(() => host.page.evaluate(`document.activeElement?.getAttribute('data-slot')`))
      .toBe('tools');
  });

  it('keeps the pages of staff as things are, without a reload', async () => {
    const slug = await aRoom();
    const host = (await Person.admin(browser, server)).person;
    people.push(host);
    const bob = await member();
    await bob.open(`/chat/${slug}`);
    await bob.say('some words');
    await bob.message('some words').waitFor();
    const { entries } = (await admin.client.get(`/api/rooms/${slug}/messages`)).body;
    const { page } = host;
    await page.goto(`${server.url}/admin/actions?user=${entries[0].data.author.nickname}`);
    await page.locator('html[data-following]').waitFor();
    await page.evaluate(`document.body.setAttribute('data-same-page', '')`);
    await admin.client.post('/api/sanctions', {
      user: entries[0].data.author.id,
      action: 'timeout',
      reason: 'far too loud',
    });
    await page.getByText('far too loud').waitFor();
    await expect.poll(() => page.locator('body[data-same-page]').count()).toBe(1);
    expect(await host.barriers()).toEqual([]);
    await host.picture('admin-actions');
    await page.goto(`${server.url}/admin`);
    await page.locator(`[data-count-of="${slug}"]`, { hasText: '1' }).waitFor();
    await bob.close();
    people = people.filter((person) => person !== bob);
    await page.locator(`[data-count-of="${slug}"]`, { hasText: '0' }).waitFor();
    for (const name of ['bans', 'terms']) {
      await page.goto(`${server.url}/admin/${name}`);
      expect(await host.barriers()).toEqual([]);
      await host.picture(`admin-${name}`);
    }
  });
});
