import { readFileSync } from 'node:fs';
import { request } from 'node:http';

import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { Draining } from '../src/common/draining.js';
import { startApp, type TestApp } from './support/app.js';
import { aUser } from './support/factories.js';
import { startProcess, type ServerProcess } from './support/process.js';
import { SocketClient } from './support/socket-client.js';

const TOKEN = 'a-token-for-the-tests';

/** A request as it is, without the tidying of `fetch`. Answers the status and our id of it. */
function raw(
  url: string,
  path: string,
  { headers = {}, method = 'GET' }: { headers?: Record<string, string>; method?: string } = {},
): Promise<{ status: number; id: string }> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    request({ hostname, port, path, headers, method }, (response) => {
      response.resume();
      resolve({ status: response.statusCode!, id: String(response.headers['x-request-id']) });
    })
      .on('error', reject)
      .end();
  });
}

describe('health', () => {
  it('is ready with its database and while it does not drain, and alive in any case', async () => {
    const app = await startApp();
    const status = async (probe: string) => {
      const { status, text } = await app.client().get(`/health/${probe}`);
      return `${status} ${text}`;
    };

    expect(await status('live')).toBe('200 {"status":"ok"}');
    expect(await status('ready')).toBe('200 {"status":"ok"}');

    await app.get(DataSource).destroy();
    expect(await status('ready')).toBe('503 {"status":"unavailable"}');

    app.get(Draining).begin();
    expect(await status('ready')).toBe('503 {"status":"draining"}');
    expect(await status('live')).toBe('200 {"status":"ok"}');

    await app.get(DataSource).initialize();
    await app.stop();
  });
});

describe('with one app', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ env: { METRICS_TOKEN: TOKEN } });
  });
  afterAll(() => app.stop());

  it('shows the metrics to this machine and to holders of the token, and is nothing to others', async () => {
    const local = await app.client().get('/metrics');
    expect(local).toMatchObject({
      status: 200,
      text: expect.stringContaining('madang_posts_total{outcome="stored"}'),
    });
    expect(local.headers.get('content-type')).toMatch(/^text\/plain/);

    const read = (headers: Record<string, string>) => app.client().get('/metrics', { headers });
    for (const header of ['x-forwarded-for', 'forwarded', 'via', 'x-real-ip']) {
      expect(await read({ [header]: '127.0.0.1' }), header).toMatchObject({
        status: 404,
        body: { error: { code: 'not-found' } },
      });
    }

    const forwarded = { 'x-forwarded-for': '203.0.113.7' };
    expect((await read({ ...forwarded, authorization: `Bearer ${TOKEN}` })).status).toBe(200);
    expect((await read({ ...forwarded, authorization: `Bearer ${TOKEN}!` })).status).toBe(404);
  });

  it('shows the HTTP side to read, from files of its own under a policy of its own', async () => {
    const page = await app.client().get('/docs');
    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'self'; /);

    const assets = [...page.text.matchAll(/(?:src|href)="([^"#]+)"/g)].map(([, address]) => address!);
    expect(assets.length).toBeGreaterThan(4);
    for (const asset of assets) {
      expect((await app.client().get(new URL(asset, `${app.url}/docs`).pathname)).status, asset).toBe(200);
    }
    // Without this the interface would show the document to a validator on the internet.
    expect((await app.client().get('/docs/swagger-ui-init.js')).text).toMatch(/"validatorUrl": ?null/);
    expect(assets.filter((asset) => /^(https?:)?\/\//.test(asset))).toEqual([]);
    for (const kept of [
      'package.json',
      'README.md',
      'swagger-ui-bundle.js.map',
      'index.html',
      'swagger-initializer.js',
    ]) {
      expect((await app.client().get(`/docs/${kept}`)).status, kept).toBe(404);
    }
  });

  it('counts refusals by their code', async () => {
    await app.client().get('/nothing-here');
    expect((await app.client().get('/metrics')).text).toMatch(
      /madang_refusals_total\{code="not-found"\} [1-9]/,
    );
  });

  it('has every metric that the documentation names', async () => {
    const there = (await app.client().get('/metrics')).text.matchAll(/^# TYPE (\w+) (\w+)$/gm);
    const names = new Set(
      Array.from(there, ([, name, type]) =>
        type === 'histogram' ? [name, `${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
      ).flat(),
    );
    const docs = ['docs/operations.md', 'docs/performance.md', 'README.md', 'README.ko.md']
      .map((file) => readFileSync(file, 'utf8'))
      .join();
    const named = docs.match(/\b(?:madang|nodejs|process)_[a-z\d]+_[a-z\d_]+|\bmadang_[a-z]+\b/g) ?? [];
    expect(named.length).toBeGreaterThan(30);
    expect(named.filter((name) => !names.has(name))).toEqual([]);
  });

  it('counts what happens on sockets', async () => {
    const scrape = async () => (await app.client().get('/metrics')).text;
    const ann = await aUser(app);
    const [speaker, reader] = await Promise.all([
      SocketClient.open(app.url, '/ws?room=lobby', { cookie: ann.cookie }),
      SocketClient.open(app.url, '/ws?room=lobby'),
    ]);
    await SocketClient.attempt(app.url, '/ws?room=nowhere');
    const { seq } = await speaker.say('dear diary 8', { nonce: 'nonce-of-ops' });
    await speaker.say('dear diary 8', { nonce: 'nonce-of-ops' });
    await expect(speaker.say(' ')).rejects.toThrow('text.empty');
    await Promise.all(
      [speaker, reader].map((socket) => socket.find('message.posted', (data) => data.seq === seq)),
    );

    const lines = async () =>
      (await scrape()).split('\n').filter((line) => /^madang_(?!\w+_bucket)/.test(line));
    await expect
      .poll(lines)
      .toEqual(
        expect.arrayContaining([
          'madang_sockets{kind="chat"} 2',
          'madang_rooms 1',
          'madang_posts_total{outcome="stored"} 1',
          'madang_posts_total{outcome="dup"} 1',
          'madang_posts_total{outcome="refused"} 1',
          'madang_refusals_total{code="text.empty"} 1',
          'madang_handshakes_total{status="101"} 2',
          'madang_handshakes_total{status="404"} 1',
          'madang_deliveries_total 2',
        ]),
      );
    const text = await scrape();
    expect(text).toMatch(/madang_commit_seconds_count [1-9]/);
    expect(text).not.toMatch(new RegExp(`diary|lobby|${ann.username}`));

    speaker.close();
    reader.close();
    await expect.poll(scrape).toContain('madang_sockets{kind="chat"} 0\n');
    expect(await scrape()).toMatch(/madang_closes_total\{code="\d+"\} 2\n/);
  });

  it('shows the protocol as a text', async () => {
    const { text, headers } = await app.client().get('/docs/protocol');
    expect(text).toBe(readFileSync('docs/protocol.md', 'utf8'));
    expect(headers.get('content-type')).toBe('text/plain; charset=utf-8');
  });

  it('documents every route that is no page', async () => {
    const { body } = await app.client().get('/docs-json');
    const documented = Object.entries<object>(body.paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const undocumented = routesOf(app).filter((route) => !documented.includes(route));

    console.log(`Routes without an entry in /docs-json:\n  ${undocumented.join('\n  ')}`);
    const missing = undocumented.filter((route) => !PAGES.test(route));
    expect(missing, 'give these @Answers, or name them as pages').toEqual([]);
    expect(documented).toEqual(
      expect.arrayContaining(['POST /user/login', 'GET /api/users', 'GET /health/ready']),
    );
  });

  it('describes inputs, answers and refusals so that a program can be made from them', async () => {
    const { paths, components } = (await app.client().get('/docs-json')).body;

    const login = paths['/user/login'].post;
    expect(Object.keys(login.responses)).toEqual(
      expect.arrayContaining(['200', '303', '400', '401', '403', '429']),
    );
    expect(Object.keys(login.requestBody.content)).toEqual([
      'application/json',
      'application/x-www-form-urlencoded',
    ]);
    expect(components.schemas.LoginDto.required).toEqual(['username', 'password']);
    for (const [path, item] of Object.entries<Record<string, { summary?: string; responses: object }>>(
      paths,
    )) {
      for (const [method, operation] of Object.entries(item)) {
        expect(operation.summary, `${method} ${path}`).toMatch(/\w/);
      }
    }
    // Every reference leads somewhere.
    for (const [, name] of JSON.stringify({ paths, components }).matchAll(/#\/components\/schemas\/(\w+)/g)) {
      expect(Object.keys(components.schemas)).toContain(name);
    }
  });

  it.each([
    '/.env',
    '/.git/config',
    '/package.json',
    '/package-lock.json',
    '/data/madang.db',
    '/src/main.ts',
    '/main.js.map',
    '/js/..%2f..%2fpackage.json',
    '/..%2fpackage.json',
    '/../package.json',
    '/css/%2e%2e/%2e%2e/package.json',
    '/docs/..%2f..%2fpackage.json',
    '/docs/%2e%2e/package.json',
    '/docs-yaml',
    '/health',
    '/health/live/..%2f..%2f.env',
    '/metrics/',
  ])('has nothing at %s for people outside', async (path) => {
    const { status } = await raw(app.url, path, { headers: { 'x-forwarded-for': '203.0.113.7' } });
    expect([400, 401, 403, 404]).toContain(status);
  });

  it('does not answer TRACE', async () => {
    const { status } = await raw(app.url, '/', { headers: { cookie: 'sid=secret' }, method: 'TRACE' });
    expect(status).toBeGreaterThanOrEqual(400);
  });
});

/** Routes that answer with HTML or text and are for people: no entry in the document. */
const PAGES =
  /^GET (\/|\/chat\/\{slug\}|\/streaming(\/\{slug\}(\/(popout|overlay|embed))?)?|\/user\/(register|login|settings)|\/admin.*|\/rooms\/\{slug\}\/(bans|terms|emotes|actions|sessions(\/\{id\})?)|\/styleguide|\/docs.*)$/;

/** The routes as Express knows them, written as OpenAPI does. */
function routesOf(app: TestApp): string[] {
  interface Layer {
    route?: { path: string; methods: Record<string, boolean> };
  }
  const { router } = app.nest.getHttpAdapter().getInstance() as { router: { stack: Layer[] } };
  return router.stack.flatMap(({ route }) =>
    route === undefined
      ? []
      : Object.keys(route.methods)
          .filter((method) => method !== '_all')
          .map((method) => `${method.toUpperCase()} ${route.path.replaceAll(/:(\w+)/g, '{$1}')}`),
  );
}

describe('the log of a process', () => {
  let server: ServerProcess;
  beforeAll(async () => {
    server = await startProcess({ env: { LOG_LEVEL: 'debug' } });
  });
  afterAll(() => server.stop());

  it('is one line of JSON for each event, and says where it listens', () => {
    const lines = server.lines.map((line): Record<string, unknown> => JSON.parse(line));

    expect(lines).toContainEqual(
      expect.objectContaining({
        level: 'info',
        msg: 'listening',
        port: server.port,
        url: `http://localhost:${server.port}`,
      }),
    );
  });

  it('tells of a request its id, method, path, status and time, and no secret of it', async () => {
    const { client, cookie, user } = await aUser(server, { password: 'dear diary 1' });
    await client.post('/user/login', { username: 'nobody_here', password: 'dear diary 2' });
    const { headers } = await client.get('/user/me?token=dear-diary-3', {
      headers: {
        'x-request-id': 'dear-diary-4',
        'user-agent': 'dear-diary-5',
        authorization: 'Bearer dear-diary-6',
      },
    });
    const id = headers.get('x-request-id')!;
    await client.post('/user/login', '{"dear diary 7');
    const socket = await SocketClient.open(server.url, '/ws?room=lobby', { cookie });
    await socket.say('dear diary 8');
    socket.raw('{"event":"say","data":{"text":"dear diary 9"}}');
    await socket.find('error');
    socket.close();

    const line = await lineOf(server, id);
    expect(line).toEqual({
      level: 'info',
      time: expect.any(String),
      id,
      method: 'GET',
      path: '/user/me',
      status: 200,
      ms: expect.any(Number),
      msg: 'request',
    });
    const log = server.lines.join('\n');
    expect(log).not.toMatch(/dear.diary/);
    expect(log).not.toContain(cookie.split('=')[1]!.slice(0, 20));
    expect(log).not.toContain(user.username);
  });

  it('keeps a hostile path in one line, escaped and cut', async () => {
    const path = `/%0d%0a{"level":60}%1b[2J${'x'.repeat(5000)}`;
    const { id } = await raw(server.url, path);

    const line = await lineOf(server, id);
    expect(line['path']).toBe(`${path.slice(0, 200)}…`);
    for (const each of server.lines) {
      expect(JSON.parse(each)).toHaveProperty('msg');
      expect(each).toMatch(/^[\x20-\x7e\u00a0-\uffff]*$/);
    }
  });

  it('keeps probes and files at debug', async () => {
    for (const path of ['/health/ready', '/metrics', '/js/dom.js']) {
      const { headers, status } = await server.client().get(path);
      expect(status, path).toBe(200);
      expect(await lineOf(server, headers.get('x-request-id')!), path).toMatchObject({ level: 'debug' });
    }
  });
});

/** The line of a request; it is written after the answer, so it may be a moment away. */
async function lineOf(server: ServerProcess, id: string): Promise<Record<string, unknown>> {
  const found = () => server.lines.find((line) => line.includes(id));
  await expect.poll(found).toBeDefined();
  return JSON.parse(found()!) as Record<string, unknown>;
}

it('tells of a start that failed as one line of JSON too, and ends with 1', async () => {
  const failed = startProcess({ env: { DATABASE_URL: '/dev/null/madang.db' } });
  const told = await failed.then(
    () => 'it started',
    (error: Error) => error.message,
  );
  const [first, ...lines] = told.split('\n');

  expect(first).toBe('the server ended with 1:');
  expect(lines.map((line): unknown => JSON.parse(line))).toEqual([
    expect.objectContaining({
      level: 'error',
      err: expect.objectContaining({ message: expect.stringContaining('/dev/null') }),
    }),
  ]);
});
