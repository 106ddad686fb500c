import { randomUUID } from 'node:crypto';

import { beforeAll, describe, expect, it } from 'vitest';

import { translate, type MessageKey } from '../src/common/i18n/translate.js';
import { DESKTOP, type Person } from './support/browser.js';
import { browserSuite } from './support/browser-suite.js';
import { aUser, uniqueName, type TestUser } from './support/factories.js';
import { chooseByKey, tabTo, walkToMessage } from './support/keyboard.js';

/** What one opens, and what the focus is to be on when it has gone. */
interface Opened {
  readonly name: string;
  /** By keys alone. */
  readonly open: (scene: Scene) => Promise<void>;
  /** What opens; a dialog if not said. */
  readonly role?: 'dialog' | 'alertdialog' | 'menu' | 'complementary';
  /** Where the focus comes back to: a slot of the panel, or the box. */
  readonly back: string;
}

interface Scene {
  readonly person: Person;
  say(key: MessageKey): string;
  /** Goes to a button of the panel and presses it. */
  press(slot: string): Promise<void>;
  /** Opens the menu of a message. */
  menu(text: string): Promise<void>;
  choose(text: string, item: MessageKey): Promise<void>;
  tool(item: MessageKey): Promise<void>;
}

const button = (slot: string) => (scene: Scene) => scene.press(slot);
const chosen = (text: string, item: MessageKey) => (scene: Scene) => scene.choose(text, item);
const tool = (item: MessageKey) => (scene: Scene) => scene.tool(item);

const OTHERS = 'somebody else said this';
const OWN = 'I said this myself';
const GONE = 'this was taken away';

const FOR_READERS: readonly Opened[] = [
  { name: 'reading', open: button('reading'), back: 'reading' },
  { name: 'questions', open: button('questions'), back: 'questions' },
  {
    name: 'shortcuts',
    open: async ({ person: { page } }) => {
      await tabTo(page, '[data-slot="reading"]');
      await page.keyboard.press('?');
    },
    back: 'reading',
  },
];

const FOR_MEMBERS: readonly Opened[] = [
  ...FOR_READERS,
  { name: 'people', open: button('presence'), back: 'presence' },
  { name: 'search', open: button('search'), back: 'search' },
  { name: 'emojis', open: button('emoji'), back: 'emoji' },
  {
    name: 'help',
    open: async ({ person: { page } }) => {
      await tabTo(page, '#composer-input');
      await page.keyboard.type('/help');
      await page.keyboard.press('Enter');
    },
    back: 'input',
  },
  { name: 'card', open: chosen(OTHERS, 'client.message.profile'), back: 'menu' },
  { name: 'menu', open: (scene) => scene.menu(OTHERS), role: 'menu', back: 'menu' },
];

const BY_MEMBERS: readonly Opened[] = [
  { name: 'remove own', open: chosen(OWN, 'client.message.remove'), back: 'menu' },
  { name: 'report', open: chosen(OTHERS, 'client.message.report'), back: 'menu' },
];

const ON_MESSAGES: readonly Opened[] = [
  { name: 'remove', open: chosen(OTHERS, 'client.message.remove'), back: 'menu' },
  {
    name: 'restore',
    open: (scene) => scene.choose(scene.say('client.message.removed-staff'), 'client.message.restore'),
    back: 'menu',
  },
  { name: 'pin', open: chosen(OTHERS, 'client.message.pin'), back: 'menu' },
  { name: 'warn', open: chosen(OTHERS, 'client.message.warn'), back: 'menu' },
  { name: 'timeout', open: chosen(OTHERS, 'client.message.timeout'), back: 'menu' },
  { name: 'hide', open: chosen(OTHERS, 'client.message.hide'), back: 'menu' },
  { name: 'ban', open: chosen(OTHERS, 'client.message.ban'), back: 'menu' },
];

const TOOLS: readonly Opened[] = [
  { name: 'tools', open: button('tools'), role: 'menu', back: 'tools' },
  { name: 'moderation', open: tool('client.tool.staff'), role: 'complementary', back: 'tools' },
  { name: 'poll', open: tool('client.tool.poll'), back: 'tools' },
  { name: 'event', open: tool('client.tool.session'), back: 'tools' },
  { name: 'raid', open: tool('client.tool.raid'), back: 'tools' },
  { name: 'modes', open: tool('client.tool.modes'), back: 'tools' },
  { name: 'rules', open: tool('client.tool.rules'), back: 'tools' },
  { name: 'timers', open: tool('client.tool.timers'), back: 'tools' },
  { name: 'clear', open: tool('client.tool.clear'), back: 'tools' },
];

const A_MODERATOR = ['a moderator', [...FOR_MEMBERS, ...ON_MESSAGES, ...TOOLS]] as const;
const EVERYBODY = [
  ['a reader', FOR_READERS],
  ['a member', [...FOR_MEMBERS, ...BY_MEMBERS]],
  A_MODERATOR,
  ['an administrator', [...ON_MESSAGES, ...TOOLS]],
] as const;

const LOOKS = [
  ['en', 'light', DESKTOP, EVERYBODY],
  ['ko', 'dark', { width: 320, height: 568 }, EVERYBODY],
  // A desktop's window at 200 %.
  ['ko', 'light', { width: 640, height: 400 }, [A_MODERATOR]],
] as const;

describe.each(LOOKS)(
  'what opens over a room, %s, %s, %o',
  { timeout: 240_000 },
  (locale, colorScheme, viewport, people) => {
    const suite = browserSuite();
    const options = { locale, colorScheme, viewport };
    const say = (key: MessageKey) => translate(locale, key);
    let bob: TestUser;

    beforeAll(async () => {
      bob = await aUser(suite.server, { nickname: uniqueName('bob').slice(0, 20) });
    });

    it.each(people)(
      'opens by keys, has no barriers, keeps the focus and gives it back: for %s',
      async (who, all) => {
        const slug = await suite.aRoom();
        const person = await enter(who, slug);
        const { page } = person;
        const scene: Scene = {
          person,
          say,
          press: async (slot) => {
            await tabTo(page, `#chat [data-slot="${slot}"]`);
            await page.keyboard.press('Enter');
          },
          menu: async (text) => {
            await walkToMessage(page, text);
            await page.keyboard.press('Enter');
          },
          choose: async (text, item) => {
            await scene.menu(text);
            await chooseByKey(page, say(item));
          },
          tool: async (item) => {
            await scene.press('tools');
            await chooseByKey(page, say(item));
          },
        };
        const wrong: string[] = [];
        for (const { name, open, role = 'dialog', back } of all) {
          await open(scene);
          const opened = page.getByRole(role);
          await opened.waitFor();
          await expect.poll(() => opened.locator(':focus').count(), { message: name }).toBe(1);
          wrong.push(...(await faultsOfSize(person)).map((fault) => `${name}: ${fault}`));
          if (role === 'dialog') {
            expect(await escapes(person), name).toEqual([]);
          }
          // What looks for barriers may leave the focus elsewhere on the page.
          const focus = await page.evaluateHandle<{ focus(): void }>('document.activeElement');
          wrong.push(
            ...(await person.barriers('dialog[open], [popover], aside.staff')).map(
              (barrier) => `${name}: ${barrier}`,
            ),
          );
          await focus.evaluate((element) => element.focus());
          await page.keyboard.press('Escape');
          await opened.waitFor({ state: 'detached' });
          const slotOfFocus = 'document.activeElement?.dataset?.slot ?? document.activeElement?.tagName';
          await expect.poll(() => page.evaluate(slotOfFocus), { message: name }).toBe(back);
        }
        expect(wrong).toEqual([]);
      },
    );

    it('is a warning that is read out, and not answered by who was typing', async () => {
      const slug = await suite.aRoom();
      const person = await enter('a member', slug);
      await person.input.focus();
      await suite.admin.post(`/api/rooms/${slug}/warnings`, {
        user: await idOf(person),
        reason: 'Be kind to each other, please.',
        nonce: randomUUID(),
      });
      const warning = person.page.getByRole('alertdialog');
      await warning.waitFor();
      expect(await person.barriers()).toEqual([]);
      expect(await faultsOfSize(person)).toEqual([]);
      await person.page.keyboard.press('Escape');
      await warning.waitFor({ state: 'detached' });
      await expect.poll(() => person.page.evaluate('document.activeElement.id')).toBe('composer-input');
    });

    /** A room with all that is in its dialogs, where one message is another's, one the person's own and one gone. */
    async function enter(who: string, slug: string): Promise<Person> {
      const api = `/api/rooms/${slug}`;
      await suite.admin.patch(api, { settings: { questions: true, reactions: true } });
      for (const text of [OTHERS, GONE]) {
        await bob.client.post(`${api}/messages`, { text, nonce: randomUUID() });
      }
      await bob.client.post(`${api}/questions`, {
        text: `When is the next one?${' And where is that?'.repeat(8)}`,
      });
      await suite.admin.post(`${api}/questions`, { text: 'Who plays?' });
      await suite.admin.post(`${api}/timers`, {
        text: 'The doors close at ten, as they do each day.',
        minutes: 30,
      });
      await suite.admin.post(`${api}/people/${bob.user.id}/notes`, { text: 'Was told once already.' });
      const person =
        who === 'a reader'
          ? await suite.guest(options)
          : who === 'an administrator'
            ? (await suite.host(options)).person
            : await suite.member(uniqueName('w'), options);
      await person.open(`/chat/${slug}`);
      const gone = `${api}/messages/${await person.message(GONE).getAttribute('data-seq')}`;
      if (who === 'a moderator') {
        await suite.admin.request('PUT', `${api}/moderators/${await idOf(person)}`, {});
        // What an administrator removed, a moderator does not restore.
        await person.page.evaluate(`fetch('${gone}', { method: 'DELETE' })`);
        await person.page.locator('[data-slot="tools"]').waitFor();
      } else {
        await suite.admin.delete(gone, {});
      }
      if (who !== 'a reader') {
        await person.say(OWN);
        await person.message(OWN).waitFor();
      }
      await person.message(OTHERS).waitFor({ state: 'attached' });
      await person.message(GONE).waitFor({ state: 'detached' });
      return person;
    }
  },
);

/** What of the open part is out of reach: wider than its place, beyond the window, or its title and buttons out of sight. */
function faultsOfSize({ page }: Person): Promise<string[]> {
  return page.evaluate<string[]>(`(() => {
    const faults = [];
    const root = [...document.querySelectorAll('dialog[open], [popover], aside.staff')].at(-1);
    const { top, bottom, left, right } = root.getBoundingClientRect();
    if (document.documentElement.scrollWidth > innerWidth || root.scrollWidth > root.clientWidth + 1) {
      faults.push('wider than its place');
    }
    if (top < 0 || left < 0 || bottom > innerHeight || right > innerWidth) {
      faults.push('beyond the window');
    }
    if (root.scrollHeight > root.clientHeight + 1 && getComputedStyle(root).overflowY === 'visible') {
      faults.push('cannot be scrolled');
    }
    if (root.localName === 'dialog') {
      for (const part of [root.querySelector('h2'), [...root.querySelectorAll('.form-actions')].at(-1)]) {
        const box = part?.getBoundingClientRect();
        if (box && (box.top < top || box.bottom > bottom)) {
          faults.push('out of sight: ' + part.textContent);
        }
      }
      for (const words of root.querySelectorAll('p, label, h3, dd, li')) {
        const { width, height } = words.getBoundingClientRect();
        if (words.textContent.trim().length > 3 && height > 0 && width < 40) {
          faults.push('a letter on a line: ' + words.textContent);
        }
      }
    }
    return faults;
  })()`);
}

/** Where Tab leads out of the open dialog; the window's own controls, which have the body, are no escape. */
async function escapes({ page }: Person): Promise<string[]> {
  const places: string[] = [];
  for (const key of ['Tab', 'Shift+Tab']) {
    for (let steps = 0; steps < 12; steps += 1) {
      await page.keyboard.press(key);
      const place = await page.evaluate<string>(`(() => {
        const at = document.activeElement;
        return at === document.body || at.closest('dialog[open], [popover]') ? '' : at.outerHTML.slice(0, 80);
      })()`);
      if (place !== '') {
        places.push(`${key} ${steps}: ${place}`);
      }
    }
  }
  return places;
}

async function idOf({ page }: Person): Promise<string> {
  return page.evaluate<string>("JSON.parse(document.getElementById('chat').dataset.viewer).id");
}
