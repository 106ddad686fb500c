import type { CDPSession } from 'playwright-core';
import { describe, expect, it } from 'vitest';

import { en } from '../src/common/i18n/en.js';
import { ko } from '../src/common/i18n/ko.js';
import { type Person, PHONE } from './support/browser.js';
import { browserSuite } from './support/browser-suite.js';
import { uniqueName } from './support/factories.js';

describe('what helps people write', () => {
  const suite = browserSuite();

  async function inLobby(nickname = uniqueName('n'), options = {}): Promise<Person> {
    const person = await suite.member(nickname, options);
    await person.open('/chat/lobby');
    return person;
  }

  const suggestions = (person: Person) => person.page.getByRole('option');

  it('completes the names of people here, with the keyboard, also while a syllable is composed', async () => {
    const sora = await inLobby('안소라');
    const ara = await inLobby();
    await sora.say('안녕하세요');
    await ara.message('안녕하세요').waitFor();

    await ara.input.focus();
    await ara.page.keyboard.type('hello @');
    await suggestions(ara).filter({ hasText: '안소라' }).waitFor();
    const keyboard = await ara.page.context().newCDPSession(ara.page);
    await compose(keyboard, 'ㅇ');
    await suggestions(ara).first().waitFor();
    await expect.poll(() => suggestions(ara).allTextContents()).toEqual(['안소라']);
    await compose(keyboard, '아');
    // Enter belongs to the input method as long as it is composing.
    for (const windowsVirtualKeyCode of [13, 229]) {
      const key = { key: 'Enter', code: 'Enter', windowsVirtualKeyCode };
      await keyboard.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...key });
      await keyboard.send('Input.dispatchKeyEvent', { type: 'keyUp', ...key });
    }
    await expect.poll(() => ara.input.inputValue()).toBe('hello @아');
    await keyboard.send('Input.insertText', { text: '안' });
    await suggestions(ara).first().waitFor();
    await expect.poll(() => ara.input.getAttribute('aria-activedescendant')).toBe('suggestion-0');
    await expect.poll(() => suggestions(ara).first().getAttribute('aria-selected')).toBe('true');
    expect(await ara.barriers()).toEqual([]);
    await ara.picture('mention-completion');
    await ara.page.keyboard.press('Enter');
    await expect.poll(() => ara.input.inputValue()).toBe('hello @안소라 ');
    await ara.page.keyboard.press('Enter');
    await sora.message('hello @안소라').waitFor();
    await expect.poll(() => sora.message('hello @안소라').getAttribute('data-mention')).toBe('');
  });

  it('knows also those who have not spoken', async () => {
    await inLobby('조용한사람');
    const ara = await inLobby();
    await ara.input.focus();
    await ara.page.keyboard.type('@조용');
    await suggestions(ara).filter({ hasText: '조용한사람' }).waitFor();
    await ara.page.keyboard.press('Tab');
    await expect.poll(() => ara.input.inputValue()).toBe('@조용한사람 ');
  });

  it('completes the commands that somebody has', async () => {
    const ara = await inLobby();
    await ara.input.focus();
    await ara.page.keyboard.type('/he');
    await suggestions(ara).first().waitFor();
    await expect.poll(() => suggestions(ara).count()).toBe(1);
    await ara.page.keyboard.press('Tab');
    await expect.poll(() => ara.input.inputValue()).toBe('/help ');
    await ara.input.fill('/tim');
    await expect.poll(() => suggestions(ara).count()).toBe(0);
    await ara.input.fill('');
  });

  it('lets suggestions be dismissed, and sends what is written out', async () => {
    const bora = await inLobby('bora');
    await bora.say('here I am');
    const ara = await inLobby();
    await ara.message('here I am').waitFor();
    await ara.input.focus();
    await ara.page.keyboard.type('@bo');
    await suggestions(ara).first().waitFor();
    await ara.page.keyboard.press('Escape');
    await expect.poll(() => suggestions(ara).count()).toBe(0);
    await ara.page.keyboard.type('ra');
    await ara.page.keyboard.press('Enter');
    await bora.message('@bora').waitFor();
  });

  it('finds emojis by Korean and English names, and remembers the tone and the last ones', async () => {
    const ara = await inLobby(uniqueName('n'), { locale: 'ko-KR', viewport: PHONE, colorScheme: 'dark' });
    const open = ara.page.getByRole('button', { name: ko['page.chat.emoji'] });
    await open.press('Enter');
    const search = ara.page.getByRole('searchbox', { name: ko['client.emoji.search'] });
    const emojis = ara.page.locator('.emoji-grid button');
    await emojis.first().waitFor();
    await ara.page.getByLabel(ko['client.emoji.tone']).selectOption('3');
    await search.fill('손뼉');
    await emojis.filter({ hasText: '👏🏽' }).waitFor();
    expect(await ara.barriers()).toEqual([]);
    await ara.picture('emoji-picker-phone-dark-ko');
    await search.fill('party popper');
    await emojis.filter({ hasText: '🎉' }).waitFor();
    await search.press('ArrowDown');
    await ara.page.keyboard.press('Enter');
    await expect.poll(() => ara.input.inputValue()).toBe('🎉');
    await expect.poll(() => ara.page.evaluate('document.activeElement.id')).toBe('composer-input');

    await ara.page.keyboard.type(' :박수');
    await suggestions(ara).filter({ hasText: '👏🏽' }).waitFor();
    await ara.page.keyboard.press('Escape');
    await ara.page.reload();
    await ara.live();
    await open.click();
    await expect.poll(() => emojis.first().textContent()).toBe('🎉');
    await ara.page.keyboard.press('Escape');
    await ara.page.locator('.emoji-picker').waitFor({ state: 'detached' });
    await expect.poll(() => ara.page.evaluate('document.activeElement.dataset.slot')).toBe('emoji');
  });

  it('loads no emoji before somebody wants one', async () => {
    const ara = await suite.member();
    const asked: string[] = [];
    ara.page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await ara.open('/chat/lobby');
    await ara.input.fill('hello :)');
    expect(asked).not.toContain('/api/emoji');
    await ara.page.getByRole('button', { name: en['page.chat.emoji'] }).click();
    await ara.page.locator('.emoji-grid button').first().waitFor();
    expect(asked).toContain('/api/emoji');
  });

  it('leads from an empty box up to the last message, to edit it', async () => {
    const ara = await inLobby();
    const said = uniqueName('typo ');
    await ara.say(said);
    await ara.message(said).waitFor();
    await ara.input.press('ArrowUp');
    await expect.poll(() => ara.input.inputValue()).toBe(said);
    await ara.page.keyboard.type(', mended');
    await ara.page.keyboard.press('Enter');
    await ara.message(`${said}, mended`).locator('[data-slot="edited"]').waitFor();
    await ara.input.fill('not empty');
    await ara.input.press('ArrowUp');
    await expect.poll(() => ara.input.inputValue()).toBe('not empty');
  });
});

function compose(keyboard: CDPSession, text: string): Promise<unknown> {
  return keyboard.send('Input.imeSetComposition', {
    text,
    selectionStart: text.length,
    selectionEnd: text.length,
  });
}
