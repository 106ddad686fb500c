import { randomUUID } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import { en } from '../src/common/i18n/en.js';
import { post, type Person } from './support/browser.js';
import { browserSuite } from './support/browser-suite.js';
import { aUser } from './support/factories.js';
import { holdTimers, noteTexts } from './support/page-time.js';

/** So long the announcer rests after it has spoken. */
const REST_MS = 2000;

describe('what a room tells those who listen', () => {
  const suite = browserSuite();

  /** Notes from now on what is put into any live region, and whether the focus is taken from where it is. */
  async function listen({ page }: Person) {
    await page.evaluate(`(() => {
      globalThis.said = [];
      globalThis.lost = 0;
      for (const region of document.querySelectorAll('[aria-live="polite"], [role="status"], [role="alert"]')) {
        new MutationObserver(() => region.textContent.trim() && said.push(...region.textContent.trim().split('\\n')))
          .observe(region, { childList: true });
      }
      document.addEventListener('focusout', () => { lost += 1; });
    })()`);
    const said = () => page.evaluate<string[]>('said');
    return {
      said,
      hears: (words: string) => expect.poll(said, { message: words }).toContain(words),
      lost: () => page.evaluate<number>('lost'),
    };
  }

  it('is each thing once, in one place, while somebody goes on writing', async () => {
    const [slug, there] = [await suite.aRoom('stream'), await suite.aRoom('stream')];
    const api = `/api/rooms/${slug}`;
    const { admin } = suite;
    await admin.patch(api, { settings: { questions: true, reactions: true } });
    await post(admin, slug, ['words to be pinned']);
    const [ann, bob] = [await suite.member(), await suite.member()];
    await Promise.all([ann.open(`/streaming/${slug}`), bob.open(`/streaming/${slug}`)]);
    await ann.input.fill('half a sentence');
    await ann.input.focus();
    const { said, hears, lost } = await listen(ann);

    await admin.patch(api, { settings: { slowMode: 30, noLinks: true } });
    await hears('Modes of this room now: Slow: 30 seconds, No links.');
    await admin.patch(api, { settings: { slowMode: 0, noLinks: false } });
    await hears(en['client.news.modes-none']);
    const target = Number(await ann.message('words to be pinned').getAttribute('data-seq'));
    await admin.request('PUT', `${api}/pin`, { target });
    await hears('Pinned: words to be pinned');
    const { body } = await admin.post(`${api}/polls`, {
      question: 'Tea?',
      choices: ['Yes', 'No'],
      seconds: 60,
    });
    await hears('Poll: Tea? Yes, No');
    await admin.post(`${api}/polls/${body.poll.id}/end`);
    await hears('Result of the poll “Tea?”: Yes 0% (0) · No 0% (0)');
    const asked = await admin.post(`${api}/questions`, { text: 'Who plays next?' });
    await admin.post(`${api}/questions/${asked.body.question.id}/answer`);
    await hears('Answered: Who plays next?');
    const before = (await said()).length;
    const floated = await noteTexts(ann, '.chat-float');
    await bob.page.getByRole('button', { name: en['client.reactions.heart'] }).click();
    await expect.poll(floated).toHaveLength(1);
    expect((await said()).slice(before)).toEqual([]);
    await admin.post(`${api}/raid`, { to: there, seconds: 60 });
    await expect
      .poll(said)
      .toContainEqual(
        expect.stringMatching(
          /^Everybody is going to “A quiet room” together in \d+ seconds\. You may stay\.$/,
        ),
      );
    await admin.delete(`${api}/raid`, {});
    await hears(en['client.raid.stopped']);
    await admin.post(`${api}/clear`, {});
    await hears(en['client.line.cleared']);
    await admin.post(`${api}/sessions`, { title: 'The evening' });
    await hears('“The evening” has begun.');
    await admin.post(`${api}/sessions/end`);
    await hears('“The evening” has ended.');

    const all = await said();
    expect(all.filter((words, at) => all.indexOf(words) !== at)).toEqual([]);
    expect(await lost()).toBe(0);
    expect(await ann.input.inputValue()).toBe('half a sentence');
  });

  it('names those whom staff decided about, counts them when they are many, and tells nobody twice of themselves', async () => {
    const slug = await suite.aRoom();
    const api = `/api/rooms/${slug}`;
    const flood = await Promise.all(Array.from({ length: 8 }, () => aUser(suite.server)));
    const ann = await suite.member();
    await ann.open(`/chat/${slug}`);
    const { said } = await listen(ann);
    const timeOut = (user: string) =>
      suite.admin.post(`${api}/sanctions`, { user, action: 'timeout', seconds: 600, nonce: randomUUID() });
    // A slow machine would have told of them in ones and twos, with rests between, and counted nobody.
    const endRest = await holdTimers(ann, REST_MS);
    await Promise.all(flood.map(({ user }) => timeOut(user.id)));
    await expect.poll(() => ann.line(/may not write for a while\.$/).count()).toBe(8);
    await endRest();
    const told = async () => {
      const all = await said();
      const named = all.filter((words) => words.endsWith(' may not write for a while.')).length;
      const counted = all.flatMap((words) => /^Staff decided about (\d+) people\.$/.exec(words)?.[1] ?? []);
      return { named, counted: counted.reduce((sum, count) => sum + Number(count), 0) };
    };
    await expect.poll(async () => (({ named, counted }) => named + counted)(await told())).toBe(8);
    expect((await told()).counted).toBeGreaterThan(3);

    const id = await ann.page.evaluate<string>(
      "JSON.parse(document.getElementById('chat').dataset.viewer).id",
    );
    const before = (await said()).length;
    await timeOut(id);
    await expect.poll(said).toContainEqual(expect.stringMatching(/^You can write again in /));
    await post(suite.admin, slug, ['and life goes on']);
    await expect.poll(said).toContainEqual(expect.stringMatching(/: and life goes on$/));
    expect((await said()).slice(before).filter((words) => words.includes('may not write'))).toEqual([]);
  });

  it('is not what was removed before its turn came', async () => {
    const slug = await suite.aRoom();
    const ann = await suite.member();
    await ann.open(`/chat/${slug}`);
    const { said } = await listen(ann);
    // The rest after an announcement lasts until the test ends it: a slow machine would be past it before the removal.
    const endRest = await holdTimers(ann, REST_MS);
    await post(suite.admin, slug, ['the first words']);
    await expect.poll(said).toContainEqual(expect.stringMatching(/: the first words$/));
    await post(suite.admin, slug, ['to be taken back']);
    const gone = ann.message('to be taken back');
    await suite.admin.delete(`/api/rooms/${slug}/messages/${await gone.getAttribute('data-seq')}`, {});
    await gone.waitFor({ state: 'detached' });
    await post(suite.admin, slug, ['the last words']);
    await ann.message('the last words').waitFor();
    await endRest();
    await expect.poll(said).toContainEqual(expect.stringMatching(/: the last words$/));
    expect((await said()).filter((words) => words.includes('taken back'))).toEqual([]);
  });
});
