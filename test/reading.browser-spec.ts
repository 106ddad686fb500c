import { describe, expect, it } from 'vitest';

import { en } from '../src/common/i18n/en.js';
import { translate } from '../src/common/i18n/translate.js';
import { type Person, post } from './support/browser.js';
import { browserSuite } from './support/browser-suite.js';
import { eventually } from './support/eventually.js';
import { uniqueName } from './support/factories.js';

/** Counts the notes that are played, and lets a test look away from the page. */
const WATCH = `(() => {
  window.notes = 0;
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (...when) { window.notes++; return start.apply(this, when); };
  let away = false;
  document.hasFocus = () => !away;
  window.lookAway = (is) => { away = is; window.dispatchEvent(new Event(is ? 'blur' : 'focus')); };
})()`;

describe('reading as one likes', () => {
  const suite = browserSuite();

  async function inRoom(slug: string, nickname = uniqueName('n')): Promise<Person> {
    const person = await suite.member(nickname);
    await person.page.addInitScript({ content: WATCH });
    await person.open(`/chat/${slug}`);
    return person;
  }

  it('shows bold, italic, strike and code, live and in the HTML, where the room has not turned it off', async () => {
    const slug = await suite.aRoom();
    await post(suite.admin, slug, ['**굵게**는 *기울임* ~~지움~~ `<b>` https://x.example/a_b_c']);
    const html = await (await fetch(`${suite.server.url}/chat/${slug}`)).text();
    expect(html).toContain(
      '<strong>굵게</strong>는 <em>기울임</em> <s>지움</s> <code>&lt;b&gt;</code> <a href',
    );
    const ara = await inRoom(slug);
    await ara.say('now **live**');
    const text = ara.message('now').locator('[data-slot="text"]');
    await text.locator('strong', { hasText: 'live' }).waitFor();
    const first = ara.message('굵게').locator('[data-slot="text"]');
    await expect.poll(() => first.innerHTML()).toContain('<code>&lt;b&gt;</code>');
    await ara.picture('marks');

    expect((await suite.admin.patch(`/api/rooms/${slug}`, { settings: { markdown: false } })).status).toBe(
      200,
    );
    await text.filter({ hasText: 'now **live**' }).waitFor();
    await expect.poll(() => first.locator('strong').count()).toBe(0);
    await expect.poll(() => first.locator('a').count()).toBe(1);
  });

  it('calls back who is elsewhere: by the title, and by a sound that was asked for', async () => {
    const slug = await suite.aRoom();
    const ara = await inRoom(slug, '아라');
    const title = await ara.page.title();
    await post(suite.admin, slug, ['@아라 here already']);
    await ara.message('here already').waitFor();
    await expect.poll(() => ara.page.title()).toBe(title);

    await ara.page.evaluate('lookAway(true)');
    await post(suite.admin, slug, ['to everybody', '@아라님 come back']);
    await shows(ara, `document.title.startsWith('(1) ')`);
    await expect.poll(() => ara.page.evaluate('notes')).toBe(0);

    await ara.page.getByRole('button', { name: en['page.chat.reading'] }).click();
    await ara.page.getByLabel(en['client.reading.sound']).check();
    await ara.page.keyboard.press('Escape');
    const tried = await ara.page.evaluate<number>('notes');
    expect(tried).toBeGreaterThan(0);
    await post(suite.admin, slug, ['@아라 again']);
    await shows(ara, `notes > ${tried}`);
    await expect.poll(() => ara.page.title()).toBe(`(2) ${title}`);
    await ara.page.evaluate('lookAway(false)');
    await shows(ara, `!document.title.startsWith('(')`);
    await expect.poll(() => ara.page.title()).toBe(title);
  });

  it('lets a person be ignored for oneself alone, and taken back', async () => {
    const slug = await suite.aRoom();
    const [ara, bora, cora] = await Promise.all([inRoom(slug), inRoom(slug, '보라'), inRoom(slug)]);
    await bora.say('spam from bora');
    await ara.message('spam from bora').waitFor();
    await ara.message('spam from bora').locator('[data-slot="menu"]').press('Enter');
    await ara.page.getByRole('menuitem', { name: en['client.message.ignore'] }).press('Enter');
    await ara.page.getByText(translate('en', 'client.message.ignored', { name: '보라' })).waitFor();
    await ara.message('spam from bora').waitFor({ state: 'detached' });
    await bora.say('more spam');
    await cora.message('more spam').waitFor();
    await cora.say('hello all');
    await ara.message('hello all').waitFor();
    await expect.poll(() => ara.texts()).toEqual(['hello all']);
    await expect.poll(() => cora.texts()).toEqual(['spam from bora', 'more spam', 'hello all']);

    // It is kept with the account: another page follows, and the browser need not remember.
    const other = await ara.page.context().newPage();
    await other.goto(`${suite.server.url}/chat/${slug}`);
    await other.locator('#chat[data-live]').waitFor();
    await other.getByText('hello all').first().waitFor();
    await other.getByText('more spam').waitFor({ state: 'detached' });
    await ara.page.evaluate('localStorage.clear()');
    await ara.page.reload();
    await ara.live();
    await ara.message('hello all').waitFor();
    await ara.message('more spam').waitFor({ state: 'detached' });
    await ara.page.getByRole('button', { name: en['page.chat.reading'] }).click();
    await ara.page.getByRole('button', { name: en['client.reading.unignore'] }).click();
    await ara.page.keyboard.press('Escape');
    await ara.message('more spam').waitFor();
    await other.getByText('more spam').waitFor();
    await other.close();
  });

  it('takes whom a browser had ignored along to the account', async () => {
    const slug = await suite.aRoom();
    const bora = await inRoom(slug, '보라미');
    await bora.say('old spam');
    const ara = await inRoom(slug);
    await ara.message('old spam').waitFor();
    const kept = `{"ignored":[{"id":"${await ara.message('old spam').getAttribute('data-author')}","nickname":"보라미"}]}`;
    await ara.page.evaluate(`localStorage.setItem('madang:reading', '${kept}')`);
    await ara.page.reload();
    await ara.live();
    await ara.message('old spam').waitFor({ state: 'detached' });
    await expect
      .poll(() =>
        ara.page.evaluate(
          `fetch('/user/ignored').then((answer) => answer.json()).then(({ people }) => people.length)`,
        ),
      )
      .toBe(1);
  });

  it('tells who is here, and begins a message to one of them', async () => {
    const slug = await suite.aRoom();
    const [ara, bora] = await Promise.all([inRoom(slug), inRoom(slug, '나리')]);
    await ara.page.locator('button[data-slot="presence"]').press('Enter');
    const dialog = ara.page.getByRole('dialog', { name: en['client.people.title'] });
    await dialog.getByText('나리').waitFor();
    await expect.poll(() => dialog.getByRole('listitem').count()).toBe(2);
    expect(await ara.barriers()).toEqual([]);
    await ara.picture('people');
    await dialog.getByRole('button', { name: '나리' }).press('Enter');
    await expect.poll(() => ara.input.inputValue()).toBe('@나리 ');
    await expect.poll(() => bora.texts()).toEqual([]);
  });

  it('says in passing no more than three things at once, the newest', async () => {
    const person = await suite.guest();
    await person.open('/chat/lobby');
    // As a text, since vitest rewrites the imports of functions.
    const shown = await person.page.evaluate<string[]>(
      `import('/js/toast.js').then(({ toast }) => {
        'abcde'.split('').forEach(toast);
        return [...document.querySelectorAll('#toasts > .toast')].map(({ textContent }) => textContent);
      })`,
    );
    expect(shown).toEqual(['c', 'd', 'e']);
  });

  it('finds what was said, and leads to it where it was said', async () => {
    const slug = await suite.aRoom();
    await post(suite.admin, slug, ['아주 오래된 음악을 들었어요']);
    await post(
      suite.admin,
      slug,
      Array.from({ length: 300 }, (_, index) => `line ${index + 1}`),
    );
    await post(suite.admin, slug, ['새 음악 이야기']);
    const ara = await inRoom(slug);
    await ara.page.getByRole('button', { name: en['client.search.title'] }).press('Enter');
    await ara.page.getByLabel(en['client.search.words']).fill('음악');
    await ara.page.keyboard.press('Enter');
    const results = ara.page.locator('.search-result');
    await results.nth(1).waitFor();
    await expect
      .poll(() => results.locator('.search-text').allTextContents())
      .toEqual(['새 음악 이야기', '아주 오래된 음악을 들었어요']);
    expect(await ara.barriers()).toEqual([]);
    await ara.picture('search');
    await results.nth(1).press('Enter');
    const around = ara.page.getByRole('dialog', { name: en['client.search.around'] });
    await around.locator('.message.found').waitFor();
    await expect.poll(() => around.locator('.message').count()).toBe(31);
    await ara.picture('search-context');
    await ara.page.keyboard.press('Escape');
    await results.nth(0).press('Enter');
    await shows(ara, `location.hash === '#m-302'`);
    await expect.poll(() => ara.page.locator('dialog').count()).toBe(0);
  });

  it('shows everything, unless a reader chose otherwise; then it says so and remembers it', async () => {
    const slug = await suite.aRoom();
    const [ara, bora] = await Promise.all([inRoom(slug, '하나'), inRoom(slug)]);
    await bora.say('small talk');
    await bora.say('@하나 for you');
    await ara.message('@하나 for you').waitFor();
    await post(suite.admin, slug, ['from the staff']);
    await ara.message('from the staff').waitFor();
    await expect.poll(() => ara.texts()).toEqual(['small talk', '@하나 for you', 'from the staff']);

    await ara.page.getByRole('button', { name: en['page.chat.reading'] }).click();
    const filter = new RegExp(`^${en['client.reading.filter']}`);
    await ara.page.getByRole('combobox', { name: filter }).selectOption('me');
    await ara.page.keyboard.press('Escape');
    await ara.message('small talk').waitFor({ state: 'detached' });
    await ara.say('my own');
    await ara.message('my own').waitFor();
    await expect.poll(() => ara.texts()).toEqual(['@하나 for you', 'from the staff', 'my own']);
    expect(await ara.barriers()).toEqual([]);
    await ara.picture('filtered');

    await ara.page.reload();
    await ara.page.getByText(en['client.reading.filtered-me']).waitFor();
    await ara.message('small talk').waitFor({ state: 'detached' });
    await ara.page.getByRole('button', { name: en['page.chat.show-all'] }).click();
    await ara.message('small talk').waitFor();
    await expect.poll(() => ara.page.getByText(en['client.reading.filtered-me']).isVisible()).toBe(false);
  });
});

/** Asked from here: the page's policy lets no text be run in it again and again. */
async function shows(person: Person, what: string): Promise<void> {
  await eventually(what, () => person.page.evaluate<boolean>(what));
}
