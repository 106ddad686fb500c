import { describe, expect, it } from 'vitest';

import { en } from '../src/common/i18n/en.js';
import { ko } from '../src/common/i18n/ko.js';
import { PHONE, type Person } from './support/browser.js';
import { browserSuite } from './support/browser-suite.js';

describe('a poll in a browser', () => {
  const suite = browserSuite();

  const card = (person: Person) => person.page.locator('[data-slot="poll"]');
  const choice = (person: Person, text: string) => card(person).getByRole('radio', { name: text });
  const line = (person: Person, text: string) => person.page.locator('[data-slot="line"]', { hasText: text });

  it('is asked in a dialog, answered by mouse and keyboard, seen by everybody, and ends in the log', async () => {
    const path = `/chat/${await suite.aRoom()}`;
    const [{ person: host }, bob, guest] = await Promise.all([
      suite.host(),
      suite.member(undefined, { viewport: PHONE, colorScheme: 'dark', locale: 'ko-KR' }),
      suite.guest(),
    ]);
    await Promise.all([host, bob, guest].map((person) => person.open(path)));
    await bob.input.fill('my words stay');
    await host.page.getByRole('button', { name: en['page.chat.tools'] }).click();
    await host.page.getByRole('menuitem', { name: en['client.tool.poll'] }).click();
    const dialog = host.page.getByRole('dialog');
    await dialog.getByLabel(en['client.poll.question']).fill('Which song next?');
    await dialog.getByLabel('Choice 1').fill('Spring Day');
    await dialog.getByLabel('Choice 2').fill('Spring Day');
    // By itself it would end in a minute, which a slow machine needs for all that follows.
    await dialog.getByLabel(en['client.poll.span']).selectOption('600');
    await host.picture('poll-dialog');
    expect(await host.barriers()).toEqual([]);
    await dialog.getByRole('button', { name: en['client.poll.start'], exact: true }).click();
    await dialog.getByText(en['field.choices']).waitFor();
    await dialog.getByLabel('Choice 2').fill('밤편지');
    await dialog.getByRole('button', { name: en['client.poll.start'], exact: true }).click();
    await dialog.waitFor({ state: 'detached' });

    await choice(bob, '밤편지').check();
    await card(bob).getByRole('button', { name: ko['client.poll.vote'] }).click();
    await card(bob).getByText(ko['client.poll.voted'].replace('{choice}', '밤편지')).waitFor();
    await card(host).getByText('100% (1)').waitFor();
    await card(guest).getByText('100% (1)').waitFor();
    await card(guest).getByText(en['client.poll.login']).waitFor();
    expect(await card(guest).getByRole('radio').count()).toBe(0);

    await choice(host, 'Spring Day').focus();
    await host.page.keyboard.press('Space');
    await host.page.keyboard.press('Enter');
    await card(host).getByText(en['client.poll.voted'].replace('{choice}', 'Spring Day')).waitFor();
    // What comes in meanwhile takes neither the choice nor the focus away.
    await expect.poll(() => card(bob).getByText('50% (1)').count()).toBe(2);
    expect(await card(host).locator('button[type="submit"]:focus, input:focus').count()).toBe(1);
    for (const person of [host, bob]) {
      expect(await person.barriers()).toEqual([]);
    }
    await host.picture('poll-open');
    await bob.picture('poll-open-phone');
    expect(await bob.input.inputValue()).toBe('my words stay');

    await bob.page.reload();
    await bob.live();
    await expect.poll(() => choice(bob, '밤편지').isChecked()).toBe(true);
    await card(bob).getByRole('button', { name: ko['client.poll.close'] }).click();
    await card(bob).getByRole('button', { name: ko['client.poll.open'] }).waitFor();
    await bob.page.reload();
    await bob.live();
    await card(bob).getByRole('button', { name: ko['client.poll.open'] }).click();
    await choice(bob, 'Spring Day').check();
    await card(bob).getByRole('button', { name: ko['client.poll.change'] }).click();
    await card(host).getByText('100% (2)').waitFor();

    await card(host).getByRole('button', { name: en['client.poll.end'] }).click();
    for (const person of [host, guest, bob]) {
      await line(person, 'Spring Day 100% (2) · 밤편지 0% (0)').waitFor();
      await card(person).waitFor({ state: 'hidden' });
    }
    await host.picture('poll-over');
    await bob.page.reload();
    await line(bob, 'Spring Day 100% (2) · 밤편지 0% (0)').waitFor();
    expect(await bob.barriers()).toEqual([]);
  });

  it('is asked and ended by commands, which explain themselves in the box', async () => {
    const path = `/chat/${await suite.aRoom()}`;
    const { person: host } = await suite.host();
    await host.open(path);
    await host.say('/endpoll');
    await host.page.getByText(en['client.command.poll-none']).waitFor();
    await host.say('/poll "Lunch?" "Rice"');
    await host.page.getByText(en['client.command.poll-choices']).waitFor();
    await host.say('/poll "Lunch?" "Rice" "Noodles" 2h');
    await host.page.getByText(en['client.command.poll-span']).waitFor();
    expect(await host.input.inputValue()).toBe('/poll "Lunch?" "Rice" "Noodles" 2h');
    await host.say('/poll "Lunch?" "Rice" "Noodles" 5m');
    await card(host).getByText('Noodles').waitFor();
    await line(host, 'Lunch?').waitFor();
    await host.say('/poll "Dinner?" "Rice" "Noodles"');
    await host.page.getByText(en['error.poll.open']).waitFor();
    await host.say('/endpoll');
    await line(host, 'Rice 0% (0) · Noodles 0% (0)').waitFor();
  });
});
