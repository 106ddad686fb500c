import { describe, expect, it } from 'vitest';

import { en } from '../src/common/i18n/en.js';
import { ko } from '../src/common/i18n/ko.js';
import { PHONE, type Person } from './support/browser.js';
import { browserSuite } from './support/browser-suite.js';
import { uniqueName } from './support/factories.js';

describe('the desk of the staff', () => {
  const suite = browserSuite();
  const member = (options = {}) => suite.member(undefined, options);

  const nameOf = async (person: Person, text: string) =>
    (await person.message(text).locator('[data-slot="name"]').textContent()) ?? '';

  async function staffPanel(person: Person) {
    await person.page.getByRole('button', { name: en['page.chat.tools'] }).click();
    await person.page.getByRole('menuitem', { name: en['client.tool.staff'] }).click();
    return person.page.getByRole('complementary', { name: en['client.staff.title'] });
  }

  it('takes reports from people, by menu and by command, and has staff decide beside the log', async () => {
    const slug = await suite.aRoom();
    const { person: host } = await suite.host();
    const bob = await member();
    const ann = await member({ viewport: PHONE, locale: 'ko-KR', colorScheme: 'dark' });
    await Promise.all([host.open(`/chat/${slug}`), bob.open(`/chat/${slug}`), ann.open(`/chat/${slug}`)]);
    for (const text of ['buy my things', 'you are all fools', 'nothing wrong']) {
      await bob.say(text);
      await ann.message(text).waitFor();
    }

    await ann.choose('buy my things', ko['client.message.report']);
    const dialog = ann.page.getByRole('dialog', { name: ko['client.report.title'] });
    await dialog.getByLabel(ko['client.report.spam']).check();
    await dialog.getByLabel(ko['client.report.words']).fill('하루 종일 광고해요');
    expect(await ann.barriers()).toEqual([]);
    await ann.picture('report-dialog-phone-korean-dark');
    await dialog.getByRole('button', { name: ko['client.report.send'], exact: true }).click();
    await ann.page.getByText(ko['client.command.done-reported']).waitFor();
    await ann.choose('you are all fools', ko['client.message.reply']);
    await ann.say('/report 괴롭힘 심한 말이에요');
    const queue = host.page.getByRole('region', { name: en['client.reports.title'] });
    await queue.getByText('2 messages were reported').waitFor();
    await ann.choose('nothing wrong', ko['client.message.reply']);
    await ann.say('/report');
    await queue.getByText('3 messages were reported').waitFor();
    await queue.getByText('하루 종일 광고해요').waitFor();
    // The button of the tools says it, too, to whoever looks elsewhere.
    const tools = host.page.locator('[data-slot="tools"]');
    await host.page.getByRole('button', { name: 'Tools for staff: 3 wait for a decision' }).waitFor();
    await expect.poll(() => tools.locator('.waiting-count').textContent()).toBe('3');
    await host.picture('report-queue');
    expect(await host.barriers()).toEqual([]);
    // Whoever is named is a step away: who wrote it, and who reported it.
    for (const place of ['p', '.report-words']) {
      const name = queue.locator(`${place} button[data-verb="who"]`).first();
      const card = host.page.getByRole('dialog', { name: (await name.textContent()) ?? '' });
      await name.click();
      await card.getByRole('button', { name: en['client.message.ban'], exact: true }).waitFor();
      await host.page.keyboard.press('Escape');
      await card.waitFor({ state: 'hidden' });
    }

    // The same beside the room, where it is not shown twice.
    const panel = await staffPanel(host);
    await panel.getByText('3 messages were reported').waitFor();
    expect(await queue.filter({ visible: true }).count()).toBe(1);
    expect(await host.barriers()).toEqual([]);
    await host.picture('staff-panel-reports');

    await panel.getByRole('button', { name: /^Dismiss: .*nothing wrong/ }).click();
    await panel.getByText('2 messages were reported').waitFor();
    await panel.getByRole('log').getByText(en['client.act.name.report.dismiss']).waitFor();
    await panel.getByRole('button', { name: /^Remove: .*buy my things/ }).click();
    await host.page
      .getByRole('dialog')
      .getByRole('button', { name: en['client.message.remove'], exact: true })
      .click();
    await panel.getByText('1 message was reported').waitFor();
    await ann.page.getByText(ko['client.message.removed-staff']).waitFor();
    await panel.getByRole('button', { name: /^Time out….*fools/ }).click();
    await host.page.getByRole('button', { name: en['client.sanction.timeout'], exact: true }).click();
    await panel.getByText(en['client.staff.reports-none']).waitFor();
    await host.page.getByRole('button', { name: en['page.chat.tools'], exact: true }).waitFor();
    expect(await tools.locator('.waiting-count').count()).toBe(0);
    await bob.page.getByText(/You can write again in/).waitFor();
    expect(await bob.page.content()).not.toContain('광고');
    // The decision is told before its dialog closes, which would take the key.
    await host.page.getByRole('dialog').waitFor({ state: 'detached' });
    await panel.locator(':focus').waitFor();
    await host.page.keyboard.press('Escape');
    await panel.waitFor({ state: 'detached' });
  });

  it('has somebody acknowledge a warning before they write again, and keeps what they wrote', async () => {
    const slug = await suite.aRoom();
    const { person: host } = await suite.host();
    const bob = await member({ viewport: PHONE, locale: 'ko-KR' });
    await Promise.all([host.open(`/chat/${slug}`), bob.open(`/chat/${slug}`)]);
    await bob.say('너무 시끄러워요');
    await host.message('너무 시끄러워요').waitFor();
    await bob.input.fill('쓰던 글');
    await host.choose('너무 시끄러워요', en['client.message.warn']);
    const form = host.page.getByRole('dialog');
    await form.getByRole('textbox').fill('조금만 조용히 부탁드려요');
    await host.picture('warn-dialog');
    expect(await host.barriers()).toEqual([]);
    await form.getByRole('button', { name: en['client.warn.send'], exact: true }).click();

    const warning = bob.page.getByRole('alertdialog', { name: ko['client.warning.title'] });
    await warning.getByText('조금만 조용히 부탁드려요').waitFor();
    expect(await bob.barriers()).toEqual([]);
    await bob.picture('warning-phone-korean');
    // What is typed when it opens answers nothing.
    await bob.page.keyboard.press('Enter');
    await warning.getByRole('button', { name: ko['client.warning.later'] }).click();
    await warning.waitFor({ state: 'detached' });
    expect(await bob.input.inputValue()).toBe('쓰던 글');
    await bob.input.press('Enter');
    await warning.waitFor();
    await bob.page.reload();
    await bob.live();
    await warning.getByText('조금만 조용히 부탁드려요').waitFor();
    await host.say(`/warn @"${await nameOf(host, '너무 시끄러워요')}" 한 가지 더요`);
    await warning.getByText('한 가지 더요').waitFor();
    await warning.getByRole('button', { name: ko['client.warning.acknowledge'] }).click();
    await warning.waitFor({ state: 'detached' });
    await expect.poll(() => bob.input.inputValue()).toBe('쓰던 글');
    await bob.input.press('Enter');
    await host.message('쓰던 글').waitFor();
  });

  it('shows who somebody is, to staff with what they know, which others keep up to date', async () => {
    const slug = await suite.aRoom();
    const { person: host } = await suite.host();
    const bob = await member();
    const ann = await member({ viewport: PHONE, locale: 'ko-KR', colorScheme: 'dark' });
    await Promise.all([host.open(`/chat/${slug}`), bob.open(`/chat/${slug}`), ann.open(`/chat/${slug}`)]);
    await bob.say('some words');
    await ann.message('some words').waitFor();
    const name = await nameOf(bob, 'some words');

    await host.choose('some words', en['client.message.profile']);
    const theirs = host.page.getByRole('dialog', { name });
    await theirs.getByRole('button', { name: en['client.card.appoint'], exact: true }).click();
    await bob.page.locator('[data-slot="tools"]').waitFor();
    await host.say(`/card @${name}`);
    await theirs.getByRole('button', { name: en['client.card.dismiss'], exact: true }).click();
    await bob.page.locator('[data-slot="tools"]').waitFor({ state: 'hidden' });

    await ann.choose('some words', ko['client.message.profile']);
    const profile = ann.page.getByRole('dialog', { name });
    await profile.waitFor();
    expect(await profile.getByText(ko['client.card.notes']).count()).toBe(0);
    expect(await ann.barriers()).toEqual([]);
    await ann.picture('profile-phone-korean-dark');
    await profile.getByRole('button', { name: ko['client.card.mention'] }).click();
    await expect.poll(() => ann.input.inputValue()).toBe(`@${name} `);
    await ann.say('/card @nobody-of-that-name');
    await ann.page.getByText(ko['error.not-found']).first().waitFor();
    await ann.input.fill('');

    await host.message('some words').locator('[data-slot="name"]').click();
    const card = host.page.getByRole('dialog', { name });
    await card.getByText(en['client.card.notes-none']).waitFor();
    await card.getByLabel(en['client.card.note'], { exact: true }).fill('knows the host');
    await card.getByRole('button', { name: en['client.card.add-note'] }).click();
    await card.getByText('knows the host').waitFor();
    const { entries } = (await suite.admin.get(`/api/rooms/${slug}/messages`)).body;
    const bobs = `/api/rooms/${slug}/people/${entries[0].data.author.id}`;
    await suite.admin.post(`${bobs}/notes`, { text: 'noted elsewhere' });
    await card.getByText('noted elsewhere').waitFor();
    await card.getByRole('button', { name: 'some words' }).waitFor();
    expect(await host.barriers()).toEqual([]);
    await host.picture('person-card');
    await card.getByRole('button', { name: 'Remove the note: knows the host' }).click();
    await card.getByText('knows the host').waitFor({ state: 'detached' });
    await host.page.keyboard.press('Escape');
    await card.waitFor({ state: 'detached' });

    const nickname = uniqueName('new');
    const renamed = await bob.page.evaluate(
      `fetch('/user/me', { method: 'PATCH', headers: { 'Content-Type': 'application/json' },
         body: ${JSON.stringify(JSON.stringify({ nickname }))} }).then(({ status }) => status)`,
    );
    expect(renamed).toBe(200);
    await host.page.getByText(`${name} is called ${nickname} now.`).waitFor();
    await host.say(`/card @${nickname}`);
    const again = host.page.getByRole('dialog', { name: nickname });
    await again.getByText(en['client.card.names']).waitFor();
    await again.getByText(name, { exact: true }).waitFor();
  });
});
