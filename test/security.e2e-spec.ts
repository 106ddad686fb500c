import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { UsersService } from '../src/users/users.service.js';
import { startApp, type TestApp } from './support/app.js';
import { anAdmin, aUser, uniqueAddress, uniqueName, type TestUser } from './support/factories.js';
import { SocketClient } from './support/socket-client.js';

let app: TestApp;
let ann: TestUser;
beforeAll(async () => {
  app = await startApp();
  ann = await aUser(app);
});
afterAll(() => app.stop());

/** A request with headers that `fetch` would not let us set. */
function raw(method: string, path: string, headers: Record<string, string> = {}): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      app.url,
      { method, path, headers: { ...headers, connection: 'close' } },
      (answer) => {
        answer.resume();
        resolve(answer);
      },
    );
    request.on('error', reject);
    request.end();
  });
}

describe('a request that another site’s page made', () => {
  const foreign: [string, Record<string, string>][] = [
    ['a foreign Origin', { origin: 'http://evil.example' }],
    ['an opaque Origin', { origin: 'null' }],
    ['Sec-Fetch-Site: cross-site', { 'sec-fetch-site': 'cross-site' }],
    ['Sec-Fetch-Site: same-site', { 'sec-fetch-site': 'same-site' }],
    ['another port', { origin: 'http://127.0.0.1:1' }],
  ];

  it.each(foreign)('is refused by %s, on every route that changes something', async (_, headers) => {
    const attempts = await Promise.all([
      ann.client.patch('/user/me', { nickname: 'Changed By Evil' }, { headers }),
      ann.client.post('/user/password', { current: ann.password, password: 'evil horse 666' }, { headers }),
      ann.client.post('/user/logout', undefined, { headers }),
      ann.client.delete('/user/sessions', undefined, { headers }),
      app.client().post('/user/login', { username: ann.username, password: ann.password }, { headers }),
      app
        .client()
        .post('/user/login', { username: ann.username, password: ann.password }, { headers, form: true }),
      ann.client.post('/nowhere', {}, { headers }),
    ]);
    for (const { status, body, text, headers } of attempts) {
      expect(status).toBe(403);
      // A form is answered with a page, which names the code too.
      expect(body?.error.code ?? /403 · (\w+)/.exec(text)?.[1]).toBe('csrf');
      expect(headers.getSetCookie()).toEqual([]);
      expect(headers.get('access-control-allow-origin')).toBeNull();
    }
    expect((await ann.client.get('/user/me')).body.user).toEqual(ann.user);
  });

  it('is refused after DNS rebinding, when Origin and Host agree', async () => {
    const headers = { host: `evil.example:${app.port}`, origin: `http://evil.example:${app.port}` };
    expect((await raw('POST', '/user/logout', { ...headers, cookie: ann.cookie })).statusCode).toBe(403);
    expect((await ann.client.get('/user/me')).status).toBe(200);
  });

  it('gets no permission by asking first', async () => {
    const answer = await raw('OPTIONS', '/user/me', {
      origin: 'http://evil.example',
      'access-control-request-method': 'PATCH',
    });
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  });

  it('cannot hide what it is', async () => {
    const disguised = await app.client().post('/user/logout?_method=DELETE', '{"a":1}', {
      headers: { 'content-type': 'text/plain', 'x-http-method-override': 'DELETE' },
    });
    expect(disguised.status).toBe(415);
    expect(disguised.body.error.code).toBe('body.unsupported');
    const sessions = await ann.client.post('/user/sessions', '_method=DELETE', { form: true });
    expect(sessions.status).toBe(404);
  });

  it.each<Record<string, string>>([{}, { 'sec-fetch-site': 'same-origin' }, { 'sec-fetch-site': 'none' }])(
    'is none with %j from our own page, or from no page at all',
    async (headers) => {
      const own = { ...headers, origin: `http://localhost:${app.port}` };
      expect((await ann.client.patch('/user/me', {}, { headers: own })).status).toBe(200);
      expect((await ann.client.patch('/user/me', {}, { headers })).status).toBe(200);
    },
  );
});

describe('every answer', () => {
  it('is closed to scripts, frames and guesses', async () => {
    for (const path of ['/user/me', '/nowhere']) {
      const { headers } = await app.client().get(path);
      expect(headers.get('content-security-policy')).toBe(
        "default-src 'none'; script-src 'self'; script-src-attr 'none'; style-src 'self'; img-src 'self' data:; " +
          "font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; " +
          "object-src 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types dompurify",
      );
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('strict-origin-when-cross-origin');
      expect(headers.get('x-powered-by')).toBeNull();
    }
    // A file is no page: it says what it is, and that other sites have no use for it.
    const { headers } = await app.client().get('/js/dom.js');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
    expect(headers.get('x-powered-by')).toBeNull();
  });

  it('is kept by no cache, unless it is a file', async () => {
    for (const client of [ann.client, app.client()]) {
      expect((await client.get('/user/me')).headers.get('cache-control')).toBe('no-store');
    }
    const encoding = { 'accept-encoding': 'gzip' };
    const file = await app.client().get('/js/dom.js', { headers: encoding });
    expect(file.headers.get('cache-control')).toBe('no-cache');
    const again = await raw('GET', '/js/dom.js', { ...encoding, 'if-none-match': file.headers.get('etag')! });
    expect(again.statusCode).toBe(304);
  });

  it.each([
    '/.env',
    '/package.json',
    '/js/..%2f..%2fpackage.json',
    '/js/%2e%2e/%2e%2e/package.json',
    '/js',
    '/src/main.ts',
  ])('to %s is that there is nothing', async (path) => {
    expect((await raw('GET', path)).statusCode).toBe(404);
  });

  it.each([
    ['/user/me', 401],
    ['/%E0%A4%A', 404],
    ['/api/users/%FF', 400],
    ['/nowhere', 404],
  ])('to a GET of %s is a JSON refusal', async (path, status) => {
    const method = path.startsWith('/api') ? 'PATCH' : 'GET';
    const answer = await app.client().request(method, path);
    expect(answer.status).toBe(status);
    expect(answer.body.error).toEqual({ code: expect.any(String), message: expect.any(String) });
  });

  it.each([
    ['broken JSON', '{bad', 400, 'frame.malformed'],
    ['a bare word', '"text"', 400, 'frame.malformed'],
    ['a number too large', '{"username":1e400,"password":"x"}', 400, 'frame.invalid'],
    ['JSON 5,000 deep', `{"a":${'['.repeat(5000)}${']'.repeat(5000)}}`, 400, 'frame.malformed'],
    ['objects 2,500 deep', '{"a":'.repeat(2500) + '1' + '}'.repeat(2500), 400, 'frame.malformed'],
    ['70 kB', JSON.stringify({ username: 'x'.repeat(70_000) }), 413, 'body.too-large'],
  ])('to %s is a refusal that tells nothing of our inside', async (_, body, status, code) => {
    const headers = { 'content-type': 'application/json' };
    const answer = await app.client().post('/user/login', body, { headers });
    expect(answer.status).toBe(status);
    expect(answer.body.error.code).toBe(code);
    expect(answer.text).not.toMatch(/node_modules|\.js:|SyntaxError|position|Unexpected|\bat \w+ \(/);
  });

  it.each([
    'text/plain',
    'application/xml',
    'multipart/form-data; boundary=x',
    'application/json; charset=koi8-r',
  ])('to a body of %s is 415', async (type) => {
    const answer = await app.client().post('/user/login', '{}', { headers: { 'content-type': type } });
    expect(answer.status).toBe(415);
    expect(answer.body.error.code).toBe('body.unsupported');
  });

  it('is in the language of the caller', async () => {
    const headers = { 'accept-language': 'fr, ko-KR;q=0.9, en;q=0.8' };
    const answer = await app.client().get('/user/me', { headers });
    expect(answer.body.error).toEqual({ code: 'auth.required', message: '먼저 로그인해 주세요.' });
  });

  it('to a fault of ours says nothing but that', async () => {
    vi.spyOn(app.get(UsersService), 'edit').mockRejectedValueOnce(new Error('secret table at /var/db'));
    const answer = await ann.client.patch('/user/me', { locale: 'en' });
    expect(answer.status).toBe(500);
    expect(answer.text).not.toMatch(/secret|table|var/);
    expect(answer.body.error.code).toBe('internal');
  });
});

describe('people’s routes', () => {
  it.each([
    '/API/USERS',
    '/%61pi/users',
    '//api/users',
    '/api/users/',
    '/api/users;a',
    '/x/../api/users',
    '/api//users',
  ])('are closed as %s too', async (path) => {
    for (const cookie of ['', ann.cookie]) {
      for (const method of ['GET', 'HEAD']) {
        const { statusCode } = await raw(method, path, { cookie });
        expect([400, 401, 403, 404]).toContain(statusCode);
      }
    }
  });

  it('answer in time whatever is typed', async () => {
    for (const nickname of ['a'.repeat(60_000), `${'a'.repeat(50_000)}!`, `${' '.repeat(60_000)}!`]) {
      const start = performance.now();
      const answer = await app.client(uniqueAddress()).post('/user/register', {
        username: uniqueName(),
        password: 'correct horse 1',
        nickname,
      });
      console.log(`refused ${nickname.length} characters in ${Math.round(performance.now() - start)} ms`);
      expect(answer.status).toBe(400);
    }
  });
});

describe('the server', () => {
  it('stays up through half requests and resets', async () => {
    await Promise.all(
      Array.from(
        { length: 20 },
        () =>
          new Promise<void>((resolve) => {
            const socket = connect(app.port, '127.0.0.1', () => {
              socket.write('POST /user/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n');
              socket.write('Content-Length: 100\r\n\r\n{"username":');
              socket.resetAndDestroy();
            });
            socket.on('close', () => resolve());
          }),
      ),
    );
    expect((await ann.client.get('/user/me')).status).toBe(200);
  });

  it('goes on answering while many log in', { timeout: 60_000 }, async () => {
    const logins = Promise.all(
      Array.from({ length: 20 }, () =>
        app
          .client(uniqueAddress())
          .post('/user/login', { username: uniqueName(), password: 'wrong horse 1' }),
      ),
    );
    const waits: number[] = [];
    const state = { done: false };
    void logins.then(() => (state.done = true));
    while (!state.done) {
      const start = performance.now();
      expect((await ann.client.get('/user/me')).status).toBe(200);
      waits.push(performance.now() - start);
    }
    expect(new Set((await logins).map(({ status }) => status))).toEqual(new Set([401]));
    expect(waits.length).toBeGreaterThan(1);
    console.log(
      `20 log-ins; slowest of ${waits.length} requests beside them: ${Math.round(Math.max(...waits))} ms`,
    );
  });
});

it('takes text that no database holds for a mistake of the caller, wherever it stands', async () => {
  const boss = await anAdmin(app);
  const nonce = 'nonce\0nonce';
  const answers = await Promise.all([
    ann.client.get('/api/rooms/lob%00by'),
    ann.client.get('/chat/lob%00by'),
    ann.client.get('/streaming/ma%00in'),
    ann.client.get('/api/conversations?q=%00'),
    ann.client.get('/api/conversations/%00'),
    ann.client.get('/?c=%00'),
    boss.client.get('/api/users?q=%00'),
    boss.client.get('/admin/users?q=%00'),
    boss.client.patch('/api/users/%00', { role: 'user' }),
    ann.client.delete('/user/sessions/%00'),
    ann.client.post('/user/login', { username: 'an\0na', password: 'correct horse 1' }),
    ann.client.post('/api/rooms/lobby/messages', { text: 'hello', nonce }),
    ann.client.post('/api/rooms/lobby/messages', { text: 'hello', nonce: 'nonce-nonce-\ud83d' }),
    ann.client.delete('/api/rooms/lobby/messages/1', { nonce: 'nonce-nonce', reason: '\0' }),
  ]);
  for (const { status, text } of answers) {
    expect(status, text).toBeLessThan(500);
  }
  const refusal = await SocketClient.attempt(app.url, '/ws?room=lob%00by', { cookie: ann.cookie });
  expect(refusal).toMatchObject({ status: 404 });
  const socket = await SocketClient.open(app.url, '/ws?room=lobby', { cookie: ann.cookie });
  socket.send('say', { text: 'hello', nonce });
  expect(await socket.find('error')).toMatchObject({ code: 'frame.invalid' });
  socket.close();
});
