import { describe, expect, it } from 'vitest';

import { en } from '../src/common/i18n/en.js';
import { ko } from '../src/common/i18n/ko.js';
import { PHONE } from './support/browser.js';
import { browserSuite } from './support/browser-suite.js';

describe('hosting a room', () => {
  const suite = browserSuite();

  it('shows the rules once before the first words, and sends what was written', async () => {
    const slug = await suite.aRoom();
    const { person: host } = await suite.host();
    const ann = await suite.member(undefined, {
      viewport: PHONE,
      locale: 'ko-KR',
      colorScheme: 'dark',
    });
    await Promise.all([host.open(`/chat/${slug}`), ann.open(`/chat/${slug}`)]);
    await host.page.getByRole('button', { name: en['page.chat.tools'] }).click();
    await host.page.getByRole('menuitem', { name: en['client.tool.rules'] }).click();
    const editor = host.page.getByRole('dialog', { name: en['client.rules.edit-title'] });
    await editor.getByLabel(en['client.rules.welcome-label']).fill('마당에 오신 것을 환영해요!');
    await editor
      .getByLabel(en['client.rules.rules-label'])
      .fill('1. 서로 존중해요.\n2. 스포일러는 쓰지 않아요.\n3. 광고는 하지 않아요.');
    expect(await host.barriers()).toEqual([]);
    await host.picture('rules-editor');
    await editor.getByRole('button', { name: en['client.mode.save'] }).click();
    await editor.waitFor({ state: 'detached' });

    await ann.say('처음 뵙겠어요');
    const dialog = ann.page.getByRole('dialog', { name: ko['client.rules.title'] });
    await dialog.getByText('서로 존중해요', { exact: false }).waitFor();
    expect(await ann.barriers()).toEqual([]);
    await ann.picture('rules-phone-korean-dark');
    await dialog.getByRole('button', { name: ko['client.rules.later'] }).click();
    expect(await ann.input.inputValue()).toBe('처음 뵙겠어요');
    await ann.input.press('Enter');
    await dialog.getByRole('button', { name: ko['client.rules.accept'] }).click();
    await host.message('처음 뵙겠어요').waitFor();
    expect(await ann.input.inputValue()).toBe('');
    await ann.say('또 왔어요');
    await host.message('또 왔어요').waitFor();

    // By command: staff write them, everybody reads them.
    await host.say('/rules 새 규칙이에요.');
    await host.page.getByText(en['client.command.done-room-text']).waitFor();
    await ann.say('/rules');
    await dialog.getByText('새 규칙이에요.').waitFor();
    await dialog.getByRole('button', { name: ko['client.rules.accept'] }).click();
    await dialog.waitFor({ state: 'detached' });
    await ann.say('이제 알아요');
    await host.message('이제 알아요').waitFor();
    await host.say('/rules off');
    await host.say('/welcome off');
    await expect
      .poll(async () => (await suite.admin.get(`/api/rooms/${slug}/rules`)).body.rules.id)
      .toBeNull();
  });

  it('says timed messages, which staff keep in a dialog and by command', async () => {
    const slug = await suite.aRoom();
    const { person: host } = await suite.host();
    await host.open(`/chat/${slug}`);
    await host.page.getByRole('button', { name: en['page.chat.tools'] }).click();
    await host.page.getByRole('menuitem', { name: en['client.tool.timers'] }).click();
    const dialog = host.page.getByRole('dialog', { name: en['client.timer.title'] });
    await dialog
      .getByRole('textbox', { name: en['client.timer.text'] })
      .fill('Follow us for the next event!');
    await dialog.getByLabel(en['client.timer.minutes']).fill('10');
    await dialog.getByRole('button', { name: en['client.timer.add'] }).click();
    await dialog.getByText('every 10 min, after 5 messages').waitFor();
    await dialog.getByRole('textbox', { name: en['client.timer.text'] }).fill('Questions go to @ai.');
    await dialog.getByLabel(en['client.timer.messages']).fill('20');
    await dialog.getByRole('button', { name: en['client.timer.add'] }).click();
    await dialog.getByText('Questions go to @ai.').waitFor();
    const second = dialog.getByLabel('Number 2 is on');
    await second.evaluate((box: { dataset: Record<string, string> }) => (box.dataset['drawn'] = 'before'));
    await second.press('Space');
    // The list is drawn anew, and who was at the switch is there again.
    await dialog.locator('[data-number="2"] input:not([data-drawn]):focus:not(:checked)').waitFor();
    await dialog.getByRole('button', { name: 'Change number 1' }).click();
    await dialog.getByRole('textbox', { name: en['client.timer.text'] }).fill('Follow us!');
    await dialog.getByRole('button', { name: 'Save number 1' }).click();
    await dialog.getByText('Follow us!', { exact: true }).waitFor();
    expect(await host.barriers()).toEqual([]);
    await host.picture('timers');
    await dialog.getByRole('button', { name: en['client.dialog.close'] }).click();
    await host.say('/timer remove 1');
    await host.page.getByText(en['client.command.done-timer']).waitFor();
    const { timers } = (await suite.admin.get(`/api/rooms/${slug}/timers`)).body;
    expect(timers).toMatchObject([{ number: 2, enabled: false, minutes: 15, messages: 20 }]);
  });

  it('starts an event with an empty chat, ends it, and keeps what was said', async () => {
    const slug = await suite.aRoom('stream');
    const { person: host } = await suite.host();
    const ann = await suite.member(undefined, { viewport: PHONE, locale: 'ko-KR' });
    await Promise.all([host.open(`/streaming/${slug}`), ann.open(`/streaming/${slug}`)]);
    await ann.say('before it all');
    await host.message('before it all').waitFor();
    const tools = host.page.getByRole('button', { name: en['page.chat.tools'] });
    await tools.click();
    await host.page.getByRole('menuitem', { name: en['client.tool.session'] }).click();
    const dialog = host.page.getByRole('dialog', { name: en['client.session.start-title'] });
    await dialog.getByLabel(en['client.session.title']).fill('The first evening');
    expect(await host.barriers()).toEqual([]);
    await host.picture('session-start');
    await dialog.getByRole('button', { name: en['client.session.start'] }).click();
    await ann.line('“The first evening” 방송이 시작됐어요.').waitFor();
    await ann.message('before it all').waitFor({ state: 'detached' });
    await ann.page.getByText(ko['client.session.live'], { exact: true }).first().waitFor();
    await ann.say('what a show');
    await host.message('what a show').waitFor();
    expect(await ann.barriers()).toEqual([]);
    await ann.picture('session-live-phone-korean');
    await ann.page.reload();
    await ann.message('what a show').waitFor();
    expect(await ann.message('before it all').count()).toBe(0);

    await host.say('/end');
    await ann.page.getByText(ko['client.session.ended'], { exact: true }).first().waitFor();
    await host.say('/live The second evening');
    await ann.message('what a show').waitFor({ state: 'detached' });
    await ann.page.goto(`${suite.server.url}/rooms/${slug}/sessions`);
    await ann.page.getByRole('link', { name: 'The first evening' }).click();
    await ann.page.getByText('what a show').waitFor();
    expect(await ann.page.getByText('before it all').count()).toBe(0);
    expect(await ann.barriers()).toEqual([]);
    await ann.picture('session-kept-phone-korean');
  });
});
