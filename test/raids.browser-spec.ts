import { describe, expect, it } from 'vitest';

import { en } from '../src/common/i18n/en.js';
import { ko } from '../src/common/i18n/ko.js';
import { PHONE, type Person } from './support/browser.js';
import { browserSuite } from './support/browser-suite.js';

describe('raids in a browser', () => {
  const suite = browserSuite();
  const WAIT = { timeout: 30_000 };
  const bar = (person: Person, words: typeof en | typeof ko = en) =>
    person.page.getByRole('region', { name: words['client.raid.label'] });
  const at = (person: Person, path: string) =>
    expect.poll(() => new URL(person.page.url()).pathname, WAIT).toBe(path);

  it('takes along who does not choose, leaves who stays or writes, and is called back', async () => {
    const [here, there] = [await suite.aRoom('stream'), await suite.aRoom('stream')];
    await suite.admin.patch(`/api/rooms/${there}`, { title: 'The other stage' });
    const path = `/streaming/${here}`;
    const { person: host } = await suite.host();
    const [ann, bob, cat, popout, overlay] = [
      await suite.member(),
      await suite.member(undefined, { viewport: PHONE, locale: 'ko-KR', colorScheme: 'dark' }),
      await suite.member(),
      await suite.guest(),
      await suite.guest(),
    ];
    await Promise.all([
      host.open(path),
      ann.open(path),
      bob.open(path),
      cat.open(path),
      popout.open(`${path}/popout`),
      overlay.open(`${path}/overlay`),
    ]);

    // In a dialog, and called back in the bar.
    await host.page.getByRole('button', { name: en['page.chat.tools'] }).click();
    await host.page.getByRole('menuitem', { name: en['client.tool.raid'] }).click();
    const dialog = host.page.getByRole('dialog', { name: en['client.raid.title'] });
    const to = dialog.getByRole('combobox');
    await to.selectOption(there);
    await dialog.getByLabel(en['client.raid.seconds']).fill('60');
    expect(await to.locator('option', { hasText: 'A quiet room' }).count()).toBe(0);
    expect(await host.barriers()).toEqual([]);
    await host.picture('raid-dialog');
    await dialog.getByRole('button', { name: en['client.raid.start'], exact: true }).click();
    await bar(bob, ko).getByText('모두 함께 “The other stage” 방으로 가요.').waitFor();
    await bar(ann).getByText('Everybody is going to “The other stage” together.').waitFor();
    expect(await bob.barriers()).toEqual([]);
    expect(await ann.barriers()).toEqual([]);
    await bob.picture('raid-phone-korean-dark');
    await bar(host).getByText('You stay unless you go.', { exact: false }).waitFor();
    await host.picture('raid-staff');
    await bar(host).getByRole('button', { name: en['client.raid.stop'] }).click();
    await bar(ann).waitFor({ state: 'hidden' });
    await ann.page.getByText(en['client.raid.stopped']).first().waitFor();
    await bar(bob, ko).waitFor({ state: 'hidden' });

    // By command; some choose, one writes, some do nothing.
    await cat.input.fill('what I was about to say');
    // They choose as soon as they can: a slow test would look when the time is up.
    await Promise.all([
      bar(ann).getByRole('button', { name: en['client.raid.stay'] }).click(),
      bar(bob, ko).getByRole('button', { name: ko['client.raid.go'] }).click(),
      host.say(`/raid ${there} 10s`),
    ]);
    await bar(ann).waitFor({ state: 'hidden' });
    await ann.page.reload();
    await at(bob, `/streaming/${there}`);
    await at(popout, `/streaming/${there}/popout`);
    await bar(cat).getByText('you are still writing', { exact: false }).waitFor(WAIT);
    expect(await cat.barriers()).toEqual([]);
    await cat.picture('raid-asks');
    expect(new URL(cat.page.url()).pathname).toBe(path);
    expect(new URL(ann.page.url()).pathname).toBe(path);
    expect(await bar(ann).isVisible()).toBe(false);
    expect(new URL(overlay.page.url()).pathname).toBe(`${path}/overlay`);
    await bar(host).waitFor({ state: 'hidden', ...WAIT });
    expect(new URL(host.page.url()).pathname).toBe(path);
    await bar(cat).getByRole('button', { name: en['client.raid.go'] }).click();
    await at(cat, `/streaming/${there}`);
    // Who decided late may be too late to be counted.
    await bob.line(/^“A quiet room”에서 [23]명이 함께 왔어요\.$/).waitFor(WAIT);
    await bob.picture('raid-arrived-phone-korean');
    // What was being written waits where it was written.
    await cat.page.goBack();
    await expect.poll(() => cat.input.inputValue(), WAIT).toBe('what I was about to say');
  });
});
