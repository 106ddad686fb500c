import { describe, expect, it } from 'vitest';

import { en } from '../src/common/i18n/en.js';
import { ko } from '../src/common/i18n/ko.js';
import { PHONE, type Person } from './support/browser.js';
import { browserSuite } from './support/browser-suite.js';
import { holdTimers, noteTexts } from './support/page-time.js';

/** So long a count stays on a button. */
const COUNT_MS = 5000;

describe('reactions in a browser', () => {
  const suite = browserSuite();
  const floats = (person: Person) => person.page.locator('.chat-float');

  it('float up for everybody, and are a quiet count for who wants no motion', async () => {
    const path = `/streaming/${await suite.aRoom('stream')}`;
    const [ann, calm, guest] = await Promise.all([
      suite.member(),
      suite.member(undefined, {
        reducedMotion: 'reduce',
        viewport: PHONE,
        locale: 'ko-KR',
        colorScheme: 'dark',
      }),
      suite.guest(),
    ]);
    await Promise.all([ann, calm, guest].map((person) => person.open(path)));
    await holdTimers(calm, COUNT_MS);
    const floated = [await noteTexts(ann, '.chat-float'), await noteTexts(guest, '.chat-float')];
    const heart = ann.page.getByRole('button', { name: en['client.reactions.heart'] });
    await heart.click();
    for (const texts of floated) {
      await expect.poll(texts).toEqual(['❤️']);
    }
    const calmHeart = calm.page.getByRole('button', { name: ko['client.reactions.heart'] });
    await calmHeart.getByText('1').waitFor();
    expect(await floats(calm).count()).toBe(0);
    await calmHeart.focus();
    await calm.page.keyboard.press('Enter');
    await calmHeart.getByText('2').waitFor();
    await calm.picture('reactions-phone');
    expect(await calm.barriers()).toEqual([]);
    expect(await ann.barriers()).toEqual([]);
    // Nobody can react who cannot write, and what has floated is gone.
    expect(await guest.page.locator('[data-slot="reactions"]').count()).toBe(0);
    await expect.poll(() => floats(guest).count()).toBe(0);
  });

  it('are switched by a command, for everybody at once', async () => {
    const path = `/chat/${await suite.aRoom()}`;
    const { person: host } = await suite.host();
    const bob = await suite.member();
    await Promise.all([host.open(path), bob.open(path)]);
    const bar = bob.page.locator('[data-slot="reactions"]');
    await expect.poll(() => bar.isVisible()).toBe(false);
    await host.say('/reactions on');
    await bar.waitFor();
    await host.say('/reactions off');
    await bar.waitFor({ state: 'hidden' });
  });
});
