import type { WebSocketRoute } from 'playwright-core';
import { describe, expect, it } from 'vitest';

import { en } from '../src/common/i18n/en.js';
import { ko } from '../src/common/i18n/ko.js';
import { PHONE } from './support/browser.js';
import { browserSuite } from './support/browser-suite.js';
import { aUser } from './support/factories.js';

describe('questions in a browser', () => {
  const suite = browserSuite();

  it('are switched on by a command, asked and voted for in a dialog, and answered by staff, live', async () => {
    const path = `/chat/${await suite.aRoom()}`;
    const { person: host } = await suite.host();
    const [ann, bob] = [
      await suite.member(),
      await suite.member(undefined, { viewport: PHONE, locale: 'ko-KR', colorScheme: 'dark' }),
    ];
    await Promise.all([host, ann, bob].map((person) => person.open(path)));
    const button = ann.page.getByRole('button', { name: en['client.questions.title'], exact: true });
    expect(await button.count()).toBe(0);
    await host.say('/questions on');
    await button.click();
    await bob.page.getByRole('button', { name: ko['client.questions.title'], exact: true }).click();
    const [mine, theirs] = [ann.page.getByRole('dialog'), bob.page.getByRole('dialog')];
    await mine.getByText(en['client.questions.none']).waitFor();
    await mine.getByLabel(en['client.questions.ask']).fill('Who plays next?');
    await mine.getByRole('button', { name: en['client.questions.send'], exact: true }).click();
    const row = theirs.locator('li', { hasText: 'Who plays next?' });
    await row.getByRole('button', { pressed: false }).click();
    await row.getByRole('button', { pressed: true }).waitFor();
    await mine.getByText('1 vote').waitFor();
    await row.getByText('1표').waitFor();
    await mine.getByLabel(en['client.questions.ask']).fill('And then?');
    await mine.getByRole('button', { name: en['client.questions.send'], exact: true }).click();
    await mine
      .getByRole('alert')
      .getByText(/Try again in/)
      .waitFor();
    expect(await mine.getByLabel(en['client.questions.ask']).inputValue()).toBe('And then?');
    await bob.picture('questions-phone');
    expect(await bob.barriers()).toEqual([]);
    expect(await ann.barriers()).toEqual([]);

    await host.page.getByRole('button', { name: en['client.questions.title'], exact: true }).click();
    const desk = host.page.getByRole('dialog');
    await desk.locator('li button[data-verb="who"]').click();
    await host.page
      .getByRole('dialog')
      .last()
      .getByRole('button', { name: en['client.message.ban'] })
      .waitFor();
    await host.page.keyboard.press('Escape');
    await desk.getByRole('button', { name: new RegExp(en['client.questions.answer']) }).click();
    await theirs.getByText(ko['client.questions.answered'], { exact: true }).waitFor();
    await host.picture('questions-staff');
    await desk.getByRole('button', { name: new RegExp(`^${en['client.questions.remove']}`) }).click();
    await mine.getByText(en['client.questions.none']).waitFor();
  });

  it('are settled by commands as well, and what waits for review with them', async () => {
    const path = `/chat/${await suite.aRoom()}`;
    const { person: host } = await suite.host();
    const [ann, bob] = [await suite.member('Annabel Bee'), await suite.member('Bobbert')];
    await Promise.all([host, ann, bob].map((person) => person.open(path)));
    await host.say('/questions on');
    await ann.page.getByRole('button', { name: en['client.questions.title'], exact: true }).waitFor();
    await ann.say('/ask Who plays first?');
    await ann.page.getByText(en['client.command.done-ask']).waitFor();
    await host.say('/answered @"Annabel Bee"');
    await host.page.getByText('The question of Annabel Bee is answered.').waitFor();
    await host.say('/answered @"Annabel Bee" second');
    await host.page
      .getByText('There is nothing of Annabel Bee to decide, or nothing with these words.')
      .waitFor();
    await expect.poll(() => host.input.inputValue()).toBe('/answered @"Annabel Bee" second');
    await host.input.fill('');

    await host.say('/hold');
    await bob.mode(en['client.mode.hold']).waitFor();
    await bob.say('/ask May I come in?');
    await bob.page.getByText(en['client.command.done-ask']).waitFor();
    await host.page.getByRole('button', { name: 'Questions: 1 waits for a decision' }).waitFor();
    await host.picture('question-waits');
    await bob.say('let me in');
    await host.page.getByRole('button', { name: 'Tools for staff: 1 waits for a decision' }).waitFor();
    await host.say('/approve @Bobbert');
    await host.page.getByText('There is more than one of Bobbert').waitFor();
    await host.input.fill('');
    await host.say('/deny @Bobbert let me');
    await host.page.getByText(en['client.command.done-deny']).waitFor();
    await bob.page.getByText(en['error.text.denied']).first().waitFor();
    await host.say('/approve @Bobbert');
    await host.page.getByText(en['client.command.done-approve']).waitFor();
    await host.page.getByRole('button', { name: en['client.questions.title'], exact: true }).waitFor();
    await ann.page.getByRole('button', { name: en['client.questions.title'], exact: true }).click();
    await ann.page.getByRole('dialog').getByText('May I come in?').waitFor();
    await host.say('/unask @Bobbert');
    await ann.page.getByText('May I come in?').waitFor({ state: 'detached' });
  });

  it('stay where they are while somebody is at one of them, whatever others vote', async () => {
    const slug = await suite.aRoom();
    const api = `/api/rooms/${slug}`;
    await suite.admin.patch(api, { settings: { questions: true } });
    const ask = async (text: string): Promise<string> =>
      (await suite.admin.post(`${api}/questions`, { text })).body.question.id;
    await ask('the elder one');
    const younger = await ask('the younger one');
    const [ann, bob] = [await suite.member(), await suite.member()];
    const sockets: WebSocketRoute[] = [];
    let isUp = true;
    await ann.page.routeWebSocket(/\/ws/, (socket) => {
      if (isUp) {
        socket.connectToServer();
        sockets.push(socket);
      } else {
        void socket.close();
      }
    });
    await Promise.all([ann.open(`/chat/${slug}`), bob.open(`/chat/${slug}`)]);
    const button = { name: en['client.questions.title'], exact: true };
    await Promise.all([ann, bob].map(({ page }) => page.getByRole('button', button).click()));
    const texts = () => ann.page.locator('.question-text').allTextContents();
    const row = ({ page }: typeof ann, text: string) => page.locator('.questions li', { hasText: text });
    const vote = row(ann, 'the elder one').getByRole('button');
    await vote.focus();
    await row(bob, 'the younger one').getByRole('button').click();
    await row(ann, 'the younger one').getByText('1 vote').waitFor();
    expect(await texts()).toEqual(['the elder one', 'the younger one']);
    await expect.poll(() => vote.evaluate('document.activeElement.dataset.verb')).toBe('vote');
    await ann.page.getByLabel(en['client.questions.ask']).focus();
    await expect.poll(texts).toEqual(['the younger one', 'the elder one']);

    // What is answered while there is no connection is known when it is back.
    isUp = false;
    await Promise.all(sockets.map((socket) => socket.close()));
    await ann.page.locator('[data-slot="state"]:not([hidden])').waitFor({ state: 'attached' });
    await suite.admin.post(`${api}/questions/${younger}/answer`, {});
    isUp = true;
    await row(ann, 'the younger one').getByText(en['client.questions.answered'], { exact: true }).waitFor();
  });

  it('are there when they are asked while the list is on its way', async () => {
    const slug = await suite.aRoom();
    const api = `/api/rooms/${slug}`;
    await suite.admin.patch(api, { settings: { questions: true } });
    const ann = await suite.member();
    await ann.open(`/chat/${slug}`);
    const dialog = ann.page.getByRole('dialog');
    // It is drawn by the frame before the answer, which does not know it, comes.
    await ann.page.route('**/questions', async (route) => {
      const answer = await route.fetch();
      await suite.admin.post(`${api}/questions`, { text: 'Just in time?' });
      await dialog.getByText('Just in time?').waitFor();
      await route.fulfill({ response: answer });
    });
    const answered = ann.page.waitForResponse('**/questions');
    await ann.page.getByRole('button', { name: en['client.questions.title'], exact: true }).click();
    await (await answered).finished();
    const { client: bob } = await aUser(suite.server);
    await bob.post(`${api}/questions`, { text: 'And after it?' });
    await dialog.getByText('And after it?').waitFor();
    await dialog.getByText('Just in time?').waitFor();
  });
});
