import type { Person } from './browser.js';

/**
 * Timers that the page sets from now on for so many milliseconds end when the test lets them go, and not by themselves: a slow
 * test would look when they are over.
 */
export async function holdTimers({ page }: Person, from: number, to = from): Promise<() => Promise<void>> {
  const held = await page.evaluateHandle<{ letGo(): void }>(`(() => {
    const real = globalThis.setTimeout;
    const acts = [];
    // No timer has this number: what is taken back takes back no other.
    const hold = (act) => acts.push(act) && 0;
    globalThis.setTimeout = (act, ms, ...more) =>
      ms >= ${from} && ms <= ${to} ? hold(() => act(...more)) : real(act, ms, ...more);
    return {
      letGo: () => {
        globalThis.setTimeout = real;
        acts.forEach((act) => act());
      },
    };
  })()`);
  return () => held.evaluate((timers) => timers.letGo());
}

/** Notes from now on whatever text stands at a selector, however short: a slow test would look when it has gone. */
export async function noteTexts({ page }: Person, selector: string): Promise<() => Promise<string[]>> {
  const noted = await page.evaluateHandle<Set<string>>(`(() => {
    const texts = new Set();
    new MutationObserver(() => {
      document.querySelectorAll(${JSON.stringify(selector)}).forEach(({ textContent }) => texts.add(textContent));
    }).observe(document, { childList: true, characterData: true, subtree: true });
    return texts;
  })()`);
  return () => noted.evaluate((texts) => [...texts]);
}
