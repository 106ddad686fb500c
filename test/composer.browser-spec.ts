import { describe, expect, it } from 'vitest';

import { en } from '../src/common/i18n/en.js';
import { translate } from '../src/common/i18n/translate.js';
import type { Person } from './support/browser.js';
import { browserSuite } from './support/browser-suite.js';
import { noteTexts } from './support/page-time.js';

describe('the box people write in', () => {
  const suite = browserSuite();

  async function inLobby(): Promise<Person> {
    const person = await suite.member();
    await person.open('/chat/lobby');
    return person;
  }

  it('keeps a refused text with the reason, and the seconds to wait', async () => {
    const ara = await inLobby();
    for (let index = 1; index <= 11; index++) {
      await ara.say(`quick ${index}`);
    }
    await ara.message('quick 11').waitFor();
    // The reason stands there for a second, then the seconds count down.
    const reasons = await noteTexts(ara, '[data-slot="composer-error"]');
    await ara.say('one too many');
    for (const key of ['error.rate.limited', 'client.composer.wait'] as const) {
      await expect.poll(reasons).toContainEqual(expect.stringMatching(sentence(key)));
    }
    await expect.poll(() => ara.input.inputValue()).toBe('one too many');
    await ara.picture('refused');

    await ara.page.reload();
    await ara.live();
    await expect.poll(() => ara.input.inputValue()).toBe('one too many');
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
    await expect.poll(() => failed.locator('[data-slot="text"]').textContent()).toBe('refused');
    await expect.poll(() => ara.input.inputValue()).toBe('already the next');
    await ara.picture('failed-row');
    await failed.getByRole('button', { name: en['client.message.discard'] }).click();
    await failed.waitFor({ state: 'detached' });
  });

  it('says what is wrong with a text that the server does not take', async () => {
    const ara = await inLobby();
    const text = `d${'\u0301'.repeat(9)}own`;
    await ara.say(text);
    await ara.page.getByText(en['field.marks']).waitFor();
    await expect.poll(() => ara.input.inputValue()).toBe(text);
  });

  it('refuses what is too long before it is sent, counting as people do', async () => {
    const ara = await inLobby();
    await ara.say('👩‍👩‍👧‍👦'.repeat(200));
    await ara.message('👩‍👩‍👧‍👦').waitFor();
    await ara.say('가'.repeat(201));
    await ara.page.getByText(translate('en', 'client.composer.too-long', { limit: 200 })).waitFor();
    await ara.page.getByText(translate('en', 'client.composer.count', { count: 201, limit: 200 })).waitFor();
    await expect.poll(() => ara.input.inputValue()).toBe('가'.repeat(201));
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
    await expect.poll(() => ara.input.inputValue()).toBe('안');

    await keyboard.send('Input.insertText', { text: '안녕' });
    await ara.page.keyboard.press('Shift+Enter');
    await ara.page.keyboard.type('두 줄');
    await ara.page.keyboard.press('Enter');
    await ara.message('안녕').waitFor();
    expect((await ara.texts()).filter((text) => text.includes('안'))).toEqual(['안녕\n두 줄']);
  });

  it('takes words before its code and the connection are there, and loses none of them', async () => {
    const ara = await inLobby();
    await ara.input.fill('left from before');
    let letCode = () => {};
    const code = new Promise<void>((resolve) => {
      letCode = resolve;
    });
    await ara.page.route('**/js/member-parts.js', async (route) => {
      await code;
      await route.continue();
    });
    let connect = () => {};
    const connecting = new Promise<void>((resolve) => {
      connect = resolve;
    });
    await ara.page.routeWebSocket(/\/ws\?/, async (socket) => {
      await connecting;
      socket.connectToServer();
    });
    await ara.page.reload({ waitUntil: 'commit' });
    await ara.input.pressSequentially('as fast as I can');
    // With its styles, which the page has by then.
    await ara.page.waitForLoadState('domcontentloaded');
    const { height } = (await ara.input.boundingBox())!;
    letCode();
    const send = ara.page.locator('[data-slot="send"]');
    await expect.poll(() => send.isEnabled()).toBe(true);
    await expect.poll(() => ara.input.inputValue()).toBe('left from before as fast as I can');
    await expect.poll(() => ara.page.evaluate('document.activeElement.id')).toBe('composer-input');
    expect((await ara.input.boundingBox())!.height).toBe(height);

    await ara.input.press('Enter');
    await expect.poll(() => send.getAttribute('aria-busy')).toBe('true');
    await expect.poll(() => ara.input.inputValue()).toBe('left from before as fast as I can');
    connect();
    await ara.message('left from before as fast as I can').waitFor();
    await expect.poll(() => ara.input.inputValue()).toBe('');
  });

  it('keeps what one can do with a message at hand, also when the line breaks', async () => {
    const ara = await inLobby();
    await ara.say('words to keep');
    await ara.message('words to keep').waitFor();
    const fetched = `performance.getEntriesByType('resource').map(({ name }) => name).join()`;
    for (const name of [
      'message-menu',
      'menu',
      'clipboard',
      'confirm-dialog',
      'report-dialog',
      'pin-dialog',
    ]) {
      await expect.poll(() => ara.page.evaluate<string>(fetched)).toContain(`/js/${name}.js`);
    }
    // And all that these need in turn.
    await ara.page.evaluate(`import('/js/message-menu.js').then(() => undefined)`);
    await ara.page.context().setOffline(true);
    await ara.choose('words to keep', en['client.message.reply']);
    await ara.page.locator('[data-slot="context"]', { hasText: 'words to keep' }).waitFor();
    await ara.page.locator('[data-slot="reading"]').click();
    await ara.page.getByText(en['client.form.offline']).waitFor();
    await ara.page.context().setOffline(false);
    await ara.page.locator('[data-slot="reading"]').click();
    await ara.page.getByRole('dialog', { name: en['client.reading.title'] }).waitFor();
  });

  it('gives the focus back after sending by the button', async () => {
    const ara = await inLobby();
    await ara.input.fill('by the button');
    await ara.page.getByRole('button', { name: en['page.chat.send'] }).click();
    await ara.message('by the button').waitFor();
    await expect.poll(() => ara.page.evaluate('document.activeElement.id')).toBe('composer-input');
  });

  it('keeps a command whose code cannot be had, and runs it once it can', async () => {
    const ara = await inLobby();
    await ara.page.route('**/js/commands.js', (route) => route.abort());
    await ara.say('/help');
    await ara.page.getByText(en['client.form.offline']).waitFor();
    await expect.poll(() => ara.input.inputValue()).toBe('/help');
    await ara.page.unroute('**/js/commands.js');
    await ara.input.press('Enter');
    await ara.page.getByRole('heading', { name: en['client.command.title'] }).waitFor();
    await expect.poll(() => ara.input.inputValue()).toBe('');
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
