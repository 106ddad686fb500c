import type { Page } from 'playwright-core';

/** What has the focus, in a few words. */
export const focused = (page: Page): Promise<string> =>
  page.evaluate<string>(`(() => {
    const element = document.activeElement;
    return [element.localName, element.id, element.dataset.slot, element.textContent.trim().slice(0, 60)].filter(Boolean).join(' ');
  })()`);

/** Presses Tab until the element that matches has the focus; tells where it has been when it never comes. */
export async function tabTo(page: Page, selector: string, key = 'Tab'): Promise<void> {
  const passed: string[] = [];
  for (let steps = 0; steps < 60; steps += 1) {
    if (await page.evaluate(`document.activeElement.matches(${JSON.stringify(selector)})`)) {
      return;
    }
    passed.push(await focused(page));
    await page.keyboard.press(key);
  }
  throw new Error(`${key} never came to ${selector}: ${passed.join(' → ')}`);
}

/** Goes down an open menu to the item of this name, and takes it. */
export async function chooseByKey(page: Page, item: string): Promise<void> {
  await page.getByRole('menuitem').first().waitFor();
  const passed: string[] = [];
  for (let steps = 0; steps < 20; steps += 1) {
    const name = await page.evaluate<string>('document.activeElement.textContent.trim()');
    if (name === item) {
      await page.keyboard.press('Enter');
      return;
    }
    passed.push(name);
    await page.keyboard.press('ArrowDown');
  }
  throw new Error(`the menu has no ${item}: ${passed.join(' → ')}`);
}

/** Goes to the row with this text by arrow keys, from wherever the focus is on the page. */
export async function walkToMessage(page: Page, text: string): Promise<void> {
  await tabTo(page, '[data-slot="list"] > [tabindex="0"]');
  await page.keyboard.press('End');
  const here = `document.activeElement.querySelector('[data-slot="text"]')?.textContent ?? ''`;
  for (let steps = 0; steps < 30; steps += 1) {
    if ((await page.evaluate<string>(here)).includes(text)) {
      return;
    }
    await page.keyboard.press('ArrowUp');
  }
  throw new Error(`arrow keys never came to “${text}”`);
}
