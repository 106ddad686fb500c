import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { en } from '../src/common/i18n/en.js';
import { launchBrowser, Person } from './support/browser.js';
import { uniqueName } from './support/factories.js';
import { startProcess, type ServerProcess } from './support/process.js';

describe('a server that dies and comes back', { timeout: 120_000 }, () => {
  let first: ServerProcess;
  let second: ServerProcess | undefined;
  let browser: Browser;

  beforeAll(async () => {
    [first, browser] = await Promise.all([startProcess(), launchBrowser()]);
  });

  afterAll(async () => {
    await browser?.close();
    await second?.stop();
    await first?.stop();
  });

  it('loses, doubles and reorders nothing, and sends what was not acknowledged', async () => {
    const ara = await Person.member(browser, first, uniqueName('n'));
    const bora = await Person.member(browser, first, uniqueName('n'));
    await Promise.all([ara.open('/chat/lobby'), bora.open('/chat/lobby')]);
    await ara.say('before');
    await bora.message('before').waitFor();

    // Some of these are acknowledged, some stored but not acknowledged, some neither: nobody can tell which.
    for (const text of ['at the last moment 1', 'at the last moment 2', 'at the last moment 3']) {
      await ara.say(text);
    }
    await first.kill('SIGKILL');
    await ara.page.locator('[data-slot="state"]:not([hidden])').waitFor();
    await ara.say('while it was down');
    await ara.page.getByText(en['client.message.waiting']).last().waitFor();
    await expect.poll(() => ara.input.inputValue()).toBe('');
    await ara.input.fill('half a thou');
    await ara.picture('no-connection');

    second = await startProcess({ dir: first.dir, env: { PORT: String(first.port) } });
    await Promise.all([ara, bora].map((person) => person.message('while it was down').waitFor()));

    const said = [
      'before',
      'at the last moment 1',
      'at the last moment 2',
      'at the last moment 3',
      'while it was down',
    ];
    await expect.poll(() => ara.texts()).toEqual(said);
    await expect.poll(() => bora.texts()).toEqual(said);
    await expect.poll(() => ara.page.locator('[data-slot="row"][data-nonce]').count()).toBe(0);
    await expect.poll(() => ara.input.inputValue()).toBe('half a thou');

    await ara.page.reload();
    await ara.live();
    await expect.poll(() => ara.texts()).toEqual(said);
    await expect.poll(() => ara.input.inputValue()).toBe('half a thou');
    expect([...ara.faults, ...bora.faults]).toEqual([]);
  });

  it('tells somebody whose session has ended, and keeps what they were writing', async () => {
    const server = second ?? first;
    const ara = await Person.member(browser, server, uniqueName('n'));
    await ara.open('/chat/lobby');
    await ara.input.fill('not finished');
    const answer = await ara.page.request.post(`${server.url}/user/logout`);
    expect(answer.status()).toBe(204);
    await ara.page.getByText(en['client.state.session-ended']).waitFor();
    await expect.poll(() => ara.input.inputValue()).toBe('not finished');
    expect(ara.faults).toEqual([]);
  });
});
