import { describe, expect, it } from 'vitest';

import { en } from '../src/common/i18n/en.js';
import { PHONE, type Person } from './support/browser.js';
import { browserSuite } from './support/browser-suite.js';

describe('a room with a delay, in a browser', () => {
  const suite = browserSuite();

  const tool = async ({ page }: Person, item: string) => {
    await page.getByRole('button', { name: en['page.chat.tools'] }).click();
    await page.getByRole('menuitem', { name: item }).click();
  };
  const rows = ({ page }: Person, text: string) =>
    page.locator('[data-slot="row"]', { has: page.locator('[data-slot="text"]', { hasText: text }) });

  it('shows everything to staff first; authors see their own, and what is removed goes at once', async () => {
    const path = `/chat/${await suite.aRoom()}`;
    const { person: host } = await suite.host();
    const [ann, korean] = [
      await suite.member(),
      await suite.member(undefined, { viewport: PHONE, locale: 'ko-KR' }),
    ];
    await Promise.all([host, ann, korean].map((person) => person.open(path)));
    await ann.say('before it began');
    await korean.message('before it began').waitFor();

    await tool(host, en['client.tool.modes']);
    await host.page.getByLabel(en['client.mode.delay-label']).selectOption('60');
    await host.picture('delay-dialog');
    expect(await host.barriers()).toEqual([]);
    await host.page.getByRole('button', { name: en['client.mode.save'] }).click();
    await ann.mode('Shown after 1 minute').waitFor();
    await korean.mode('1분 뒤에 표시').waitFor();

    await ann.say('only for staff by now');
    await host.message('only for staff by now').waitFor();
    // To its author it looks said: neither being sent, nor with anything to do about it yet.
    const own = rows(ann, 'only for staff by now');
    await expect.poll(() => own.getAttribute('data-state')).toBe('');
    await expect.poll(() => own.locator('[data-slot="note"]').isVisible()).toBe(false);
    await ann.picture('delay-author');

    const row = host.message('before it began');
    await row.hover();
    await row.locator('[data-slot="menu"]').click();
    await host.page.getByRole('menuitem', { name: en['client.message.remove'] }).click();
    await host.page
      .getByRole('dialog')
      .getByRole('button', { name: en['client.message.remove'], exact: true })
      .click();
    await korean.page.locator('[data-slot="row"][data-state="removed"]').waitFor();
    expect(await rows(korean, 'only for staff by now').count()).toBe(0);
    await korean.picture('delay-phone-korean');
    await korean.page.reload();
    await korean.live();
    expect(await rows(korean, 'only for staff by now').count()).toBe(0);

    await host.say('/delay 5 now');
    await host.page.getByText('/delay').waitFor();
    await host.say('/delay off');
    await korean.message('only for staff by now').waitFor();
    await ann.message('only for staff by now').waitFor();
    await expect.poll(() => ann.mode('Shown after').isVisible()).toBe(false);
    expect(await rows(ann, 'only for staff by now').count()).toBe(1);
  });
});
