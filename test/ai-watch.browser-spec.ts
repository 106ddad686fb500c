import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { en } from '../src/common/i18n/en.js';
import { ko } from '../src/common/i18n/ko.js';
import { PHONE } from './support/browser.js';
import { browserSuite } from './support/browser-suite.js';
import { ModelServer } from './support/model-server.js';

describe('a watched room in a browser', () => {
  const env: Record<string, string> = {};
  let model: ModelServer;
  beforeAll(async () => {
    model = await ModelServer.start();
    env['OPENAI_BASE_URL'] = model.url;
    model.otherwise = (call) => call.say('93 harassment');
  });
  const suite = browserSuite({ env });
  afterAll(() => model.stop());

  it('is set in the dialog of modes, says so to everybody, and shows staff what the AI reports', async () => {
    const slug = await suite.aRoom();
    const { person: host } = await suite.host();
    const [ann, korean] = [
      await suite.member(),
      await suite.member(undefined, { viewport: PHONE, locale: 'ko-KR', colorScheme: 'dark' }),
    ];
    await Promise.all([host, ann, korean].map((person) => person.open(`/chat/${slug}`)));
    await host.page.getByRole('button', { name: en['page.chat.tools'] }).click();
    await host.page.getByRole('menuitem', { name: en['client.tool.modes'] }).click();
    await host.page.getByLabel(en['client.mode.ai-watch-label']).selectOption('flag');
    await host.page.getByLabel(en['client.mode.ai-watch-above-label']).fill('70');
    await host.picture('ai-watch-dialog');
    expect(await host.barriers()).toEqual([]);
    await host.page.getByRole('button', { name: en['client.mode.save'], exact: true }).click();
    await ann.page.getByText(en['client.mode.ai-watch'], { exact: true }).waitFor();
    await korean.page.getByText(ko['client.mode.ai-watch'], { exact: true }).waitFor();

    await ann.say('you are all wrong');
    const queue = host.page.getByRole('region', { name: en['client.reports.title'] });
    await queue.getByText('you are all wrong').waitFor();
    await queue.getByText(/Harassment or insults · 93 % sure/).waitFor();
    await host.picture('ai-watch-reported');
    expect(await host.barriers()).toEqual([]);

    await host.say('/aiwatch hold 90');
    await host.page.getByText(en['client.command.done-mode']).waitFor();
    await ann.say('even worse');
    const review = host.page.getByRole('region', { name: en['client.held.title'] });
    await review.getByText('even worse').waitFor();
    await review.getByText(/takes exception to it: Harassment or insults, 93 % sure/).waitFor();
    await host.picture('ai-watch-held');
    expect(await host.barriers()).toEqual([]);
    model.otherwise = (call) => call.say('3 other');
    await ann.say('good evening');
    await korean.message('good evening').waitFor();
    expect((await korean.texts()).join()).not.toContain('even worse');
    await korean.picture('ai-watch-phone');

    await host.say('/aiwatch off');
    await ann.page.getByText(en['client.mode.ai-watch'], { exact: true }).waitFor({ state: 'detached' });
    await host.say('/aiwatch sometimes');
    await host.page.getByText(/\/aiwatch/).waitFor();
  });
});
