import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { en } from '../src/common/i18n/en.js';
import { translate } from '../src/common/i18n/translate.js';
import { launchBrowser, Person } from './support/browser.js';
import { uniqueName } from './support/factories.js';
import { startProcess, type ServerProcess } from './support/process.js';

describe('the box people write in', () => {
  let server: ServerProcess;
  let browser: Browser;

  beforeAll(async () => {
    [server, browser] = await Promise.all([startProcess(), launchBrowser()]);
  });

  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  async function inLobby(): Promise<Person> {
    const person = await Person.member(browser, server, uniqueName('n'));
    await person.open('/chat/lobby');
    return person;
  }

  it('keeps a refused text with the reason, and the seconds to wait', async () => {
    const ara = await inLobby();
    for (let index = 1; index <= 11; index++) {
      await ara.say(`quick ${index}`);
    }
    await ara.message('quick 11').waitFor();
    await ara.say('one too many');
    await ara.page.getByText(sentence('error.rate.limited')).waitFor();
    expect(await ara.input.inputValue()).toBe('one too many');
    await ara.page.getByText(sentence('client.composer.wait')).waitFor();
    await ara.picture('refused');

    await ara.page.reload();
    await ara.live();
    expect(await ara.input.inputValue()).toBe('one too many');
  });

  it('keeps a refused text below the messages when something else is being written', async () => {
    const ara = await inLobby();
    for (let index = 1; index <= 11; index++) {
      await ara.say(`fast ${index}`);
    }
    await ara.message('fast 11').waitFor();
    // Both are written before the first answer can come.
    await ara.page.evaluate(`(() => {
      const input = document.querySelector('[data-slot="input"]');
      input.value = 'refused';
      input.form.requestSubmit();
      input.value = 'already the next';
      input.dispatchEvent(new Event('input', { bubbles: true }));
    })()`);
    const failed = ara.page.locator('[data-slot="row"][data-state="failed"]');
    await failed.waitFor();
    expect(await failed.locator('[data-slot="text"]').textContent()).toBe('refused');
    expect(await ara.input.inputValue()).toBe('already the next');
    await ara.picture('failed-row');
    await failed.getByRole('button', { name: en['client.message.discard'] }).click();
    await failed.waitFor({ state: 'detached' });
  });

  it('refuses what is too long before it is sent, counting as people do', async () => {
    const ara = await inLobby();
    await ara.say('👩‍👩‍👧‍👦'.repeat(200));
    await ara.message('👩‍👩‍👧‍👦').waitFor();
    await ara.say('가'.repeat(201));
    await ara.page.getByText(translate('en', 'client.composer.too-long', { limit: 200 })).waitFor();
    expect(
      await ara.page
        .getByText(translate('en', 'client.composer.count', { count: 201, limit: 200 }))
        .isVisible(),
    ).toBe(true);
    expect(await ara.input.inputValue()).toBe('가'.repeat(201));
  });

  it('does not send a syllable that is still being composed', async () => {
    const ara = await inLobby();
    await ara.input.focus();
    const keyboard = await ara.page.context().newCDPSession(ara.page);
    await keyboard.send('Input.imeSetComposition', { text: '안', selectionStart: 1, selectionEnd: 1 });
    // As an input method tells of it: the key goes down, and no character comes of it.
    for (const windowsVirtualKeyCode of [13, 229]) {
      const key = { key: 'Enter', code: 'Enter', windowsVirtualKeyCode };
      await keyboard.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...key });
      await keyboard.send('Input.dispatchKeyEvent', { type: 'keyUp', ...key });
    }
    expect(await ara.input.inputValue()).toBe('안');

    await keyboard.send('Input.insertText', { text: '안녕' });
    await ara.page.keyboard.press('Shift+Enter');
    await ara.page.keyboard.type('두 줄');
    await ara.page.keyboard.press('Enter');
    await ara.message('안녕').waitFor();
    expect((await ara.texts()).filter((text) => text.includes('안'))).toEqual(['안녕\n두 줄']);
  });

  it('gives the focus back after sending by the button', async () => {
    const ara = await inLobby();
    await ara.input.fill('by the button');
    await ara.page.getByRole('button', { name: en['page.chat.send'] }).click();
    await ara.message('by the button').waitFor();
    expect(await ara.page.evaluate('document.activeElement.id')).toBe('composer-input');
  });
});

/** A sentence with some number of seconds in it. */
function sentence(key: 'error.rate.limited' | 'client.composer.wait'): RegExp {
  const [before = '', after = ''] = en[key].split(/\{seconds\}|\{wait\}/).map(escaped);
  return new RegExp(`${before}\\d+( seconds?)?${after}`);
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
