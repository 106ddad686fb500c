import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { ApiClient } from './support/api-client.js';
import { startApp, type TestApp } from './support/app.js';
import { aUser, anAdmin, uniqueAddress, uniqueName, type TestUser } from './support/factories.js';

const SITE = 'https://site.example';
const PASSWORD = 'correct horse 1';

let app: TestApp;
let admin: TestUser;
let person: TestUser;
let guest: ApiClient;
beforeAll(async () => {
  app = await startApp({ env: { ALLOWED_ORIGINS: SITE } });
  [admin, person] = await Promise.all([anAdmin(app), aUser(app)]);
  guest = app.client(uniqueAddress());
});
afterAll(() => app.stop());

const as = (who: string) => ({ guest, person: person.client, admin: admin.client })[who]!;
const html = (language: string) => ({ headers: { 'accept-language': language, accept: 'text/html' } });
const say = (who: TestUser, slug: string, text: string) =>
  who.client.post(`/api/rooms/${slug}/messages`, { text, nonce: randomUUID() });

const PAGES: [string, string][] = [
  ['/', 'guest'],
  ['/', 'person'],
  ['/chat/lobby', 'guest'],
  ['/chat/lobby', 'person'],
  ['/streaming', 'guest'],
  ['/streaming/main', 'guest'],
  ['/streaming/main', 'admin'],
  ['/streaming/main/popout', 'person'],
  ['/streaming/main/overlay', 'guest'],
  ['/streaming/main/embed', 'guest'],
  ['/user/login', 'guest'],
  ['/user/register', 'guest'],
  ['/user/settings', 'person'],
  ['/admin', 'admin'],
  ['/admin/people', 'admin'],
  ['/admin/rooms', 'admin'],
  ['/admin/share', 'admin'],
  ['/styleguide', 'guest'],
];

describe.each(PAGES)('%s as %s', (path, who) => {
  it.each(['ko', 'en'])('speaks %s, without a script or style of its own', async (language) => {
    const answer = await as(who).get(path, html(language));

    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.text).toContain(`<html lang="${language}"`);
    expect(answer.text).toMatch(/<title>[^<]+ · (?:마당|Madang)<\/title>/);
    expect(answer.text).toMatch(/<main [^>]*id="main"/);
    expect(answer.text).toMatch(/<h1/);

    const policy = answer.headers.get('content-security-policy')!;
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toMatch(/unsafe-|\*/);
    expect(answer.text).not.toMatch(/<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)|javascript:/i);
    // A key that nobody translated would show as itself.
    expect(answer.text.replaceAll(/<[^>]*>/g, '')).not.toMatch(/\b(?:page|client|field|error)\.[a-z]/);
  });

  it('is the same page whatever the query says', async () => {
    for (const query of [
      'layout=../package.json',
      'layout=/etc/passwd',
      'settings[views]=/',
      'cache=1',
      'locale=xx',
      'body=x',
      'title=<b>x',
      '_locals=1',
    ]) {
      const [plain, probed] = await Promise.all([
        as(who).get(path, html('en')),
        as(who).get(`${path}?${query}`, html('en')),
      ]);
      // Pages for people come back after the log-in, and so name their own address.
      // A form for the AI has a new nonce, and a new conversation a new id, each time.
      const bare = (text: string) =>
        text.replaceAll(/\?next=[^"]*|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '');
      expect(probed.text).not.toContain('"dependencies"');
      // These take a query and refuse what they do not know; the others have no use for one.
      const isStrict = path === '/admin/people' || path.endsWith('/overlay');
      expect(probed.status).toBe(isStrict ? 400 : 200);
      if (probed.status === 200) {
        expect(bare(probed.text)).toBe(bare(plain.text));
      }
    }
  });
});

it('says at home whether the AI is set up', async () => {
  const withModel = await startApp({ env: { OPENAI_BASE_URL: 'http://127.0.0.1:9/v1' } });
  const person = await aUser(withModel);
  const page = await person.client.get('/', { headers: { accept: 'text/html' } });
  expect(page.text).toContain('Ask the AI anything.');
  await withModel.stop();
});

describe('without JavaScript', () => {
  it('one registers, reads, logs out and logs in by plain forms', async () => {
    const client = app.client(uniqueAddress());
    const [username, nickname] = [uniqueName(), uniqueName('n')];
    await say(person, 'lobby', 'readable without a script');

    const registered = await client.post(
      '/user/register',
      { username, nickname, password: PASSWORD, next: '/chat/lobby' },
      { form: true },
    );
    expect([registered.status, registered.headers.get('location'), registered.text]).toEqual([
      303,
      '/chat/lobby',
      '',
    ]);
    const room = await client.get('/chat/lobby', html('ko'));
    expect(room.text).toContain('readable without a script');
    expect(room.text).toContain(`<bdi>${nickname}</bdi>`);

    const left = await client.post('/user/logout', {}, { form: true });
    expect([left.status, left.headers.get('location')]).toEqual([303, '/']);
    expect((await client.get('/user/me')).status).toBe(401);

    const back = await client.post('/user/login', { username, password: PASSWORD }, { form: true });
    expect([back.status, back.headers.get('location')]).toEqual([303, '/']);
    expect((await client.get('/user/me')).status).toBe(200);
  });

  it('a refused log-in shows the form again, with the name and never the password', async () => {
    const client = app.client(uniqueAddress());
    const sent = { username: person.username, password: 'wr0ng-secret', next: '/streaming/main' };
    const refused = await client.post('/user/login', sent, {
      form: true,
      headers: { 'accept-language': 'ko' },
    });

    expect(refused.status).toBe(401);
    expect(refused.headers.get('content-type')).toContain('text/html');
    expect(refused.text).toContain('아이디나 비밀번호가 맞지 않아요');
    expect(refused.text).toContain(`value="${person.username}"`);
    expect(refused.text).toContain('name="next" value="/streaming/main"');
    expect(refused.text).not.toContain('wr0ng-secret');
  });

  it('a refused registration says what is wrong beside each field', async () => {
    const client = app.client(uniqueAddress());
    const sent = { username: 'a b', nickname: 'kept name', password: 'short' };
    const refused = await client.post('/user/register', sent, {
      form: true,
      headers: { 'accept-language': 'en' },
    });

    expect(refused.status).toBe(400);
    expect(refused.text).toContain('value="kept name"');
    expect(refused.text).not.toContain('short"');
    for (const name of ['username', 'password']) {
      expect(refused.text).toMatch(new RegExp(`data-error-for="${name}">[^<]+<`));
      expect(refused.text).toMatch(new RegExp(`name="${name}"[^>]*aria-invalid="true"`));
    }
    expect(refused.text).toContain('data-error-for="nickname" hidden');

    const taken = await client.post(
      '/user/register',
      { username: person.username, nickname: uniqueName('n'), password: PASSWORD },
      { form: true },
    );
    expect(taken.status).toBe(409);
    expect(taken.text).toMatch(/data-error-for="username">[^<]+</);
  });

  it('a throttled form says how long to wait', async () => {
    const client = app.client(uniqueAddress());
    const { username } = await aUser(app);
    const wrong = () =>
      client.post(
        '/user/login',
        { username, password: 'wr0ng-secret' },
        { form: true, headers: { 'accept-language': 'en' } },
      );
    let answer = await wrong();
    for (let tries = 1; tries < 6; tries++) {
      answer = await wrong();
    }
    expect(answer.status).toBe(429);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(answer.text).toMatch(/Try again in \d+ minutes/);
    expect(answer.text).toContain(`value="${username}"`);
  });

  it('the password is changed by a form, which is refused beside its field', async () => {
    const { client, password } = await aUser(app);
    const change = (current: string) =>
      client.post(
        '/user/password',
        { current, password: 'another horse 2', next: '/user/settings?done=password' },
        { form: true, headers: { 'accept-language': 'en' } },
      );

    const refused = await change('not the 1');
    expect([400, 401]).toContain(refused.status);
    expect(refused.text).toContain('<h1>Settings</h1>');
    expect(refused.text).not.toContain('not the 1');

    const changed = await change(password);
    expect([changed.status, changed.headers.get('location')]).toEqual([303, '/user/settings?done=password']);
    expect((await client.get('/user/settings?done=password', html('en'))).text).toContain(
      'Your password has been changed.',
    );
  });

  it.each(['//e.com', '/\\e.com', 'https://e.com', '/x/..//e.com', 'javascript:1'])(
    'nobody is led away by next=%s',
    async (next) => {
      const { username, password } = await aUser(app);
      const client = app.client(uniqueAddress());
      const page = await client.get(`/user/login?next=${encodeURIComponent(next)}`);
      expect(page.text).not.toContain('name="next"');
      const answer = await client.post('/user/login', { username, password, next }, { form: true });
      expect([answer.status, answer.headers.get('location')]).toEqual([303, '/']);
    },
  );
});

describe('what people write', () => {
  it.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '"><svg onload=alert(1)>',
    '{{7*7}} ${7*7} {{> nav}}',
    "' onmouseover='alert(1)",
  ])('is shown as it is: %s', async (text) => {
    const writer = await aUser(app);
    expect((await say(writer, 'lobby', text)).status).toBe(201);

    for (const path of ['/chat/lobby', '/']) {
      const page = (await guest.get(path)).text;
      const escaped = text
        .replaceAll('&', '&amp;')
        .replaceAll('<', '&lt;')
        .replaceAll('>', '&gt;')
        .replaceAll('"', '&quot;')
        .replaceAll("'", '&#x27;')
        .replaceAll('=', '&#x3D;');
      expect(page).toContain(escaped);
      expect(page).not.toMatch(/<script>alert|<img src=x|<svg onload|<[^>]* onmouseover=/);
    }
  });

  it('is escaped in names and titles too, in attributes as in text', async () => {
    const nickname = `"><b>${uniqueName('x').slice(0, 10)}`;
    const writer = await aUser(app, { nickname });
    await say(writer, 'lobby', 'a bold name');
    await admin.client.post('/api/rooms', { slug: 'x1', title: '"><img src=x>', kind: 'chat' });

    for (const path of ['/', '/chat/x1', '/chat/lobby', '/user/settings']) {
      expect((await writer.client.get(path)).text).not.toMatch(/"><b>|"><img src=x/);
    }
    for (const path of ['/admin', '/admin/people', '/admin/rooms']) {
      expect((await admin.client.get(path)).text).not.toMatch(/"><b>|"><img src=x/);
    }
  });

  it('is nowhere in the page once it is removed, and changed where it is edited', async () => {
    const slug = 'gone';
    await admin.client.post('/api/rooms', { slug, title: 'Gone', kind: 'chat' });
    const { seq } = (await say(person, slug, 'unspeakable')).body;
    const edited = (await say(person, slug, 'frist')).body.seq;
    await person.client.patch(`/api/rooms/${slug}/messages/${edited}`, {
      text: 'first',
      nonce: randomUUID(),
    });
    await person.client.delete(`/api/rooms/${slug}/messages/${seq}`, { nonce: randomUUID() });

    const page = (await guest.get(`/chat/${slug}`, html('en'))).text;
    expect(page).not.toMatch(/unspeakable|frist/);
    expect(page).toContain('This message was removed.');
    expect(page).toMatch(
      /data-slot="text" dir="auto">first<\/bdi> <span class="message-edited" data-slot="edited">/,
    );
  });

  it('of a room is its newest 50, in order', async () => {
    const slug = 'many';
    await admin.client.post('/api/rooms', { slug, title: 'Many', kind: 'chat' });
    for (let number = 1; number <= 55; number++) {
      await say(admin, slug, `line ${number}`);
    }
    const page = (await guest.get(`/chat/${slug}`)).text;
    const shown = [...page.matchAll(/dir="auto">line (\d+)</g)].map(([, number]) => Number(number));
    expect(shown).toEqual(Array.from({ length: 50 }, (_, index) => index + 6));
    expect(page).toContain('data-head="55"');
  });
});

describe('refusals', () => {
  it('lead a guest from a protected page to the log-in and back', async () => {
    for (const path of ['/user/settings', '/admin', '/admin/people?q=x']) {
      const answer = await guest.get(path, html('en'));
      expect([answer.status, answer.headers.get('location')]).toEqual([
        302,
        `/user/login?next=${encodeURIComponent(path)}`,
      ]);
    }
  });

  it.each([
    ['/nothing', 404],
    ['/chat/nothing', 404],
    ['/chat/main', 404],
    ['/streaming/lobby', 404],
    ['/streaming/nothing/embed', 404],
    ['/chat/%E0%A4%A', 400],
    ['/chat/lobby/../../../etc/passwd', 404],
  ])('of %s are pages for people and JSON for programs', async (path, status) => {
    const page = await guest.get(path, html('ko'));
    expect(page.status).toBe(status);
    expect(page.text).toContain('<html lang="ko"');
    expect(page.text).not.toMatch(/node_modules|Error:|at \w+ \(/);

    const json = await guest.get(path, { headers: { accept: 'application/json' } });
    expect(json.status).toBe(status);
    expect(json.body.error).toEqual({ code: expect.any(String), message: expect.any(String) });
  });

  it('of the API are JSON, whatever is accepted', async () => {
    for (const path of ['/api/nothing', '/api/rooms/nothing', '/user/me']) {
      expect((await guest.get(path, html('en'))).body.error.code).toBeDefined();
    }
  });

  it('keep administration to administrators, at every spelling of its address', async () => {
    for (const path of [
      '/admin',
      '/admin/people',
      '/admin/rooms',
      '/ADMIN',
      '/%61dmin',
      '/admin/',
      '//admin',
    ]) {
      const answer = await person.client.get(path, html('en'));
      expect([403, 404], path).toContain(answer.status);
      expect(answer.text).not.toContain(admin.username);
    }
  });

  it('of a form that another site sends are an error page', async () => {
    const answer = await person.client.post(
      '/user/password',
      { current: PASSWORD, password: 'another horse 2' },
      { form: true, headers: { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' } },
    );
    expect(answer.status).toBe(403);
    expect(answer.text).toContain('<html');
    expect(answer.text).toContain('csrf');
  });

  it('of the AI say that it is not set up', async () => {
    expect((await guest.post('/', { message: 'hello' })).status).toBe(401);
    expect((await person.client.post('/', {})).body.error.fields.message).toBeDefined();

    const json = await person.client.post('/', { message: 'hello' });
    expect([json.status, json.body.error.code]).toEqual([503, 'ai.off']);
    const form = await person.client.post(
      '/',
      { message: 'hello' },
      { form: true, headers: { 'accept-language': 'en' } },
    );
    expect(form.status).toBe(503);
    expect(form.text).toContain('The AI is not set up on this server.');
    expect(form.text).toContain('id="home-rooms"');
  });
});

describe('a live event', () => {
  it('plays beside its chat, and its page allows that host alone', async () => {
    const slug = 'event';
    await admin.client.post('/api/rooms', { slug, title: 'Event', kind: 'stream' });
    const embed = (address: string | null) => admin.client.patch(`/api/rooms/${slug}`, { embed: address });
    const show = async () => {
      const { text, headers } = await guest.get(`/streaming/${slug}`);
      return { text, policy: headers.get('content-security-policy')! };
    };

    const alone = await show();
    expect(alone.text).not.toMatch(/<iframe|<video/);
    expect(alone.policy).not.toContain('frame-src');

    expect((await embed('https://youtu.be/dQw4w9WgXcQ')).status).toBe(200);
    const framed = await show();
    expect(framed.text).toMatch(/<iframe src="https:\/\/www\.youtube-nocookie\.com\/embed\/dQw4w9WgXcQ"/);
    expect(framed.policy).toMatch(/frame-src https:\/\/www\.youtube-nocookie\.com(?:;|$)/);

    expect((await embed('https://cdn.example/live.m3u8')).status).toBe(200);
    const played = await show();
    expect(played.text).toContain('<video data-hls="https://cdn.example/live.m3u8"');
    expect(played.policy).toMatch(/connect-src 'self' https:\/\/cdn\.example(?:;|$)/);

    const refused = await embed('https://evil.example/page');
    expect([refused.status, refused.body.error.fields]).toEqual([400, { embed: expect.any(String) }]);
    expect((await embed(null)).status).toBe(200);
    expect((await show()).text).not.toMatch(/<iframe|<video/);
  });

  it('may be framed by the allowed sites as an embed, which reads as a guest, and nothing else may', async () => {
    const embed = await person.client.get('/streaming/main/embed');
    expect(embed.headers.get('content-security-policy')).toContain(`frame-ancestors 'self' ${SITE}`);
    expect(embed.headers.get('x-frame-options')).toBeNull();
    expect(embed.text).toContain('data-viewer="null"');
    expect(embed.text).not.toMatch(/data-slot="composer"|<form/);
    expect(embed.text).not.toContain(person.user.nickname);

    for (const path of ['/streaming/main', '/streaming/main/popout', '/user/login']) {
      const { headers } = await person.client.get(path);
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
      expect(headers.get('x-frame-options')).toBe('DENY');
    }
    // Our own pages show how it will look.
    const overlay = await guest.get('/streaming/main/overlay');
    expect(overlay.headers.get('content-security-policy')).toMatch(/frame-ancestors 'self';/);
  });

  it.each([
    'size=9',
    'size=20.5',
    'color=red',
    'background=0000',
    'fade=0',
    'names=no',
    'style=x',
    'size=20&size=21',
  ])('has an overlay that refuses %s', async (query) => {
    const refused = await guest.get(`/streaming/main/overlay?${query}`);
    expect(refused.status).toBe(400);
    expect(Object.keys(refused.body.error.fields)).toEqual([query.split('=')[0]]);
  });

  it('has an overlay whose options reach the page as they were checked', async () => {
    const { text } = await guest.get('/streaming/main/overlay?size=24&staff=on');
    expect(text).toContain('data-overlay="{&quot;size&quot;:24,&quot;staff&quot;:&quot;on&quot;}"');
  });

  it('has a composer for members, an invitation for guests, and neither in the overlay', async () => {
    expect((await person.client.get('/streaming/main/popout')).text).toContain('data-slot="composer"');
    const invited = (await guest.get('/streaming/main/popout')).text;
    expect(invited).toContain('/user/login?next=%2Fstreaming%2Fmain%2Fpopout');
    const overlay = (await person.client.get('/streaming/main/overlay')).text;
    expect(overlay).not.toMatch(/data-slot="composer"|\/user\/login/);
  });
});

describe('files', () => {
  const one = async (path: string, encoding = 'identity', headers = {}) =>
    fetch(app.url + path, { headers: { 'accept-encoding': encoding, ...headers } });

  it('are kept for ever under their version, and asked for again without it', async () => {
    const [versioned, version] = /\/v\/([\w-]+)\/css\/site\.css/.exec((await guest.get('/')).text)!;
    const cached = async (path: string) => (await one(path)).headers.get('cache-control');
    expect(await cached(versioned)).toBe('public, max-age=31536000, immutable');
    expect(await cached(`/v/${version}/vendor/marked.js`)).toBe('public, max-age=31536000, immutable');
    expect(await cached('/v/older/css/site.css')).toBe('no-cache');
    expect(await cached('/css/site.css')).toBe('no-cache');
  });

  it('are compressed for whoever can read it, and not sent again to whoever has them', async () => {
    const plain = await one('/css/site.css');
    const text = await plain.text();
    // The one stylesheet holds all that it imports.
    expect(text).toMatch(/--paper:[\s\S]*\.composer\b/);
    expect(text).not.toContain('@import');
    for (const [accepted, encoding] of [
      ['gzip, deflate, br, zstd', 'br'],
      ['gzip, deflate', 'gzip'],
    ] as const) {
      const packed = await one('/css/site.css', accepted);
      expect(packed.headers.get('content-encoding')).toBe(encoding);
      expect(packed.headers.get('vary')).toContain('Accept-Encoding');
      expect(Number(packed.headers.get('content-length'))).toBeLessThan(text.length / 3);
      expect(await packed.text()).toBe(text);
      const etag = packed.headers.get('etag')!;
      expect(etag).not.toBe(plain.headers.get('etag'));
      // As a browser asks again; `fetch` would ask for it whole.
      const again = { 'if-none-match': etag, 'cache-control': 'max-age=0' };
      expect((await one('/css/site.css', accepted, again)).status).toBe(304);
    }
  });

  it('are asked for by the page all at once, those that modules import too, and by readers only what they need', async () => {
    const asked = async (reader: ApiClient) => {
      const page = (await reader.get('/streaming/main')).text;
      const entry = /<script type="module" src="([^"]+)"/.exec(page)![1]!;
      const preloaded = [...page.matchAll(/<link rel="modulepreload"[^>]* href="([^"]+)"/g)];
      return [entry, ...preloaded.map(([, href]) => href!)];
    };
    const toRead = await asked(guest);
    const toWrite = await asked(person.client);
    for (const address of toWrite) {
      const module = await one(address);
      expect(module.status, address).toBe(200);
      for (const [, target] of (await module.text()).matchAll(/^import [^'"]*?'(\.[^']+)'/gm)) {
        const imported = new URL(target!, app.url + address).pathname;
        expect(toWrite).toContain(imported);
        expect(toRead.includes(imported) || !toRead.includes(address), address).toBe(true);
      }
    }
    expect(new Set(toWrite).size).toBe(toWrite.length);
    expect(toWrite.join()).toContain('/js/member-parts.js');
    expect(toRead.filter((address) => /composer|member-parts|menu|queue/.test(address))).toEqual([]);
    expect(toRead.length).toBeGreaterThan(20);
  });

  it('make the product installable and its links worth sharing', async () => {
    const page = await guest.get('/streaming/main', html('ko'));
    const meta = (name: string) =>
      new RegExp(`<(?:meta (?:name|property)|link rel)="${name}" (?:content|href)="([^"]+)"`).exec(
        page.text,
      )?.[1];
    const manifest = await one(meta('manifest')!);
    expect(manifest.headers.get('content-type')).toContain('application/manifest+json');
    const { lang, icons, start_url } = (await manifest.json()) as {
      lang: string;
      icons: { src: string; purpose?: string }[];
      start_url: string;
    };
    expect([lang, start_url]).toEqual(['ko', '/']);
    expect(icons.map(({ purpose }) => purpose)).toContain('maskable');
    for (const address of [
      ...icons.map(({ src }) => new URL(src, manifest.url).pathname),
      new URL(meta('og:image')!).pathname,
      meta('apple-touch-icon')!,
      '/favicon.ico',
      '/robots.txt',
    ]) {
      expect((await one(address)).status, address).toBe(200);
    }
    expect(meta('og:url')).toBe(`${app.url}/streaming/main`);
    expect(meta('og:title')).toBeTruthy();
    expect(meta('og:description')).toContain(meta('og:title'));
  });

  it('are only those of the public folder and a few libraries', async () => {
    for (const path of [
      '/v/x/../package.json',
      '/v/x/vendor/package.json',
      '/vendor/',
      '/v/x',
      '/css/%2e%2e/js/dom.js',
    ]) {
      expect((await fetch(app.url + path)).status, path).toBe(path.includes('dom.js') ? 200 : 404);
    }
  });
});

it('keeps the styleguide out of production', async () => {
  const production = await startApp({ env: { NODE_ENV: 'production' } });
  try {
    expect((await production.client().get('/styleguide', html('en'))).status).toBe(404);
  } finally {
    await production.stop();
  }
});
