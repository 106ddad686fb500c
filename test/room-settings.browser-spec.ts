import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { en } from '../src/common/i18n/en.js';
import { launchBrowser, Person, post } from './support/browser.js';
import { uniqueName } from './support/factories.js';
import { startProcess, type ServerProcess } from './support/process.js';

describe('the rules of a room', () => {
  let server: ServerProcess;
  let browser: Browser;

  beforeAll(async () => {
    [server, browser] = await Promise.all([startProcess(), launchBrowser()]);
  });

  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  it('are set on the page of the rooms, and hold at once', async () => {
    const { person: boss, client } = await Person.admin(browser, server);
    const ara = await Person.member(browser, server, uniqueName('n'));
    await ara.open('/chat/lobby');
    await post(client, 'lobby', ['so **bold**']);
    await ara.page.locator('[data-slot="text"] strong', { hasText: 'bold' }).waitFor();
    const said = uniqueName('mine ');
    await ara.say(said);
    await ara.message(said).waitFor();

    const { page } = boss;
    await page.goto(`${server.url}/admin/rooms`);
    const row = page.locator('.room-row', { has: page.locator('a[href="/chat/lobby"]') });
    await row.locator('summary').click();
    await row.getByLabel(en['page.admin.edits']).uncheck();
    await row.getByLabel(en['page.admin.markdown']).uncheck();
    await row.getByLabel(en['client.mode.text-limit-label']).fill('12');
    await row.getByLabel(en['page.admin.notices'], { exact: true }).fill('0');
    expect(await boss.barriers()).toEqual([]);
    await boss.picture('room-rules');
    await row.getByRole('button', { name: 'Save the rules of “마당 Lobby”' }).click();
    await row.getByText(en['client.form.saved']).waitFor();
    const { settings } = (await client.get('/api/rooms/lobby')).body.room;
    expect(settings).toMatchObject({ edits: false, markdown: false, textLimit: 12, noticesUpTo: 0 });

    await ara.message('so **bold**').waitFor();
    await ara.message(said).locator('[data-slot="menu"]').press('Enter');
    await ara.page.getByRole('menuitem', { name: en['client.message.remove'], exact: true }).waitFor();
    expect(await ara.page.getByRole('menuitem', { name: en['client.message.edit'] }).count()).toBe(0);
    await ara.page.keyboard.press('Escape');
    await ara.say('much too long for this');
    await ara.page.getByText('at most 12', { exact: false }).waitFor();

    await page.reload();
    await row.locator('summary').click();
    expect(await row.getByLabel(en['page.admin.edits']).isChecked()).toBe(false);
    await row.getByLabel(en['client.mode.text-limit-label']).fill('200');
    await row.getByLabel(en['page.admin.edits']).check();
    await row.getByRole('button', { name: 'Save the rules of “마당 Lobby”' }).click();
    await row.getByText(en['client.form.saved']).waitFor();
    // What was refused is still in the box, and goes as soon as the page knows that it may.
    await expect
      .poll(async () => {
        await ara.input.press('Enter');
        return ara.message('much too long for this').count();
      })
      .toBe(1);
    await ara.message(said).locator('[data-slot="menu"]').press('Enter');
    await ara.page.getByRole('menuitem', { name: en['client.message.edit'] }).waitFor();
    expect([...boss.faults, ...ara.faults]).toEqual([]);
  });
});
