import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

import { chromium, type Browser, type BrowserContext } from 'playwright-core';

import { makeDemo, type Demo } from './look-demo.js';
import { startDemoModel } from './look-model.js';

/**
 * `npm run look`: every page, on a phone and a desktop, light and dark, in Korean and English, into test-output/look, and contact
 * sheets for each size and language. The app is the built one, with demo data made through its public interface.
 * `npm run look -- streaming,login` takes only those pages.
 */
const OUT = 'test-output/look';
const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const SIZES = {
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, thumb: 234 },
  desktop: { viewport: { width: 1280, height: 800 }, isMobile: false, hasTouch: false, thumb: 480 },
};
const THEMES = ['light', 'dark'] as const;
/** Pages on one contact sheet. */
const PER_SHEET = 6;
const LOCALES = ['ko', 'en'] as const;

interface Shot {
  name: string;
  path: string;
  as: keyof Demo['cookies'] | 'guest';
  /** The whole page, not only what fits the window. */
  whole?: boolean;
  /** Fields to fill and send before the picture is taken. */
  fill?: Record<string, string>;
}

const SHOTS: Shot[] = [
  { name: 'home-guest', path: '/', as: 'guest', whole: true },
  { name: 'home', path: '/', as: 'person', whole: true },
  { name: 'conversation', path: '/?c=CONVERSATION', as: 'person' },
  { name: 'conversation-list', path: '/?c=CONVERSATION#conversations', as: 'person' },
  { name: 'chat', path: '/chat/lobby', as: 'person' },
  { name: 'chat-guest', path: '/chat/lobby', as: 'guest' },
  { name: 'chat-empty', path: '/chat/quiet', as: 'person' },
  { name: 'chat-closed', path: '/chat/closed', as: 'person' },
  { name: 'streaming-list', path: '/streaming', as: 'person' },
  { name: 'streaming', path: '/streaming/main', as: 'person' },
  { name: 'streaming-admin', path: '/streaming/main', as: 'admin' },
  { name: 'streaming-alone', path: '/streaming/alone', as: 'person' },
  { name: 'popout', path: '/streaming/main/popout', as: 'person' },
  { name: 'overlay', path: '/streaming/main/overlay', as: 'guest' },
  { name: 'embed', path: '/streaming/main/embed', as: 'guest' },
  { name: 'login', path: '/user/login', as: 'guest' },
  {
    name: 'login-refused',
    path: '/user/login',
    as: 'guest',
    fill: { username: 'ara_2026', password: 'wrong pass 1' },
  },
  { name: 'register', path: '/user/register', as: 'guest' },
  {
    name: 'register-refused',
    path: '/user/register',
    as: 'guest',
    fill: { nickname: '민서', username: 'a b', password: 'short' },
  },
  { name: 'settings', path: '/user/settings', as: 'person', whole: true },
  { name: 'admin', path: '/admin', as: 'admin', whole: true },
  { name: 'admin-people', path: '/admin/people', as: 'admin', whole: true },
  { name: 'admin-rooms', path: '/admin/rooms', as: 'admin', whole: true },
  { name: 'admin-bans', path: '/admin/bans', as: 'admin', whole: true },
  { name: 'admin-terms', path: '/admin/terms', as: 'admin', whole: true },
  { name: 'admin-actions', path: '/admin/actions', as: 'admin', whole: true },
  { name: 'admin-share', path: '/admin/share', as: 'admin', whole: true },
  { name: 'admin-ai', path: '/admin/ai', as: 'admin', whole: true },
  { name: 'not-found', path: '/nothing/here', as: 'person' },
  { name: 'forbidden', path: '/admin', as: 'person' },
  { name: 'styleguide', path: '/styleguide', as: 'guest', whole: true },
];

const wanted = process.argv[2]?.split(',');
const shots = SHOTS.filter(({ name }) => !wanted || wanted.includes(name));
const dir = await mkdtemp(join(tmpdir(), 'madang-look-'));
let server: ChildProcess | undefined;
let browser: Browser | undefined;
try {
  execFileSync('npm', ['run', 'build', '--silent'], { stdio: 'inherit' });
  const model = await startDemoModel();
  const env = {
    ...process.env,
    OPENAI_BASE_URL: model.url,
    DATABASE_URL: join(dir, 'look.db'),
    PORT: '0',
    HOST: '127.0.0.1',
    LOG_LEVEL: 'info',
  };
  server = spawn(process.execPath, ['dist/main.js'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const url = `http://127.0.0.1:${await portOf(server)}`;
  const demo = await makeDemo(url, env);
  model.close();

  await mkdir(OUT, { recursive: true });
  browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic'],
  });
  for (const size of Object.keys(SIZES) as (keyof typeof SIZES)[]) {
    for (const locale of LOCALES) {
      for (const theme of THEMES) {
        await take(browser, url, demo, size, locale, theme);
      }
      for (let from = 0; from < shots.length; from += PER_SHEET) {
        await sheet(browser, size, locale, from);
      }
    }
  }
} finally {
  await browser?.close();
  if (server?.exitCode === null) {
    server.kill();
    await once(server, 'exit');
  }
  await rm(dir, { recursive: true, force: true });
}

async function portOf(child: ChildProcess): Promise<number> {
  for await (const line of createInterface(child.stdout!)) {
    const port = line.includes('listening') && /"?port"?[":\s=]+(\d+)/.exec(line)?.[1];
    if (port) {
      child.stdout!.resume();
      return Number(port);
    }
  }
  throw new Error('the server did not start');
}

async function take(
  browser: Browser,
  url: string,
  demo: Demo,
  size: keyof typeof SIZES,
  locale: string,
  theme: (typeof THEMES)[number],
): Promise<void> {
  const { viewport, isMobile, hasTouch } = SIZES[size];
  const contexts = new Map<string, BrowserContext>();
  for (const shot of shots) {
    let context = contexts.get(shot.as);
    if (!context) {
      context = await browser.newContext({ viewport, isMobile, hasTouch, locale, colorScheme: theme });
      if (shot.as !== 'guest') {
        await context.addCookies([{ name: 'sid', value: demo.cookies[shot.as], url }]);
      }
      contexts.set(shot.as, context);
    }
    const page = await context.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) {
        console.log(`${shot.name} (${size}, ${locale}, ${theme}): ${message.text()}`);
      }
    });
    await page.goto(url + shot.path.replace('CONVERSATION', demo.conversation), { waitUntil: 'load' });
    if (shot.fill) {
      for (const [name, value] of Object.entries(shot.fill)) {
        await page.fill(`[name=${name}]`, value);
      }
      await page.locator('main form').evaluate((form: { noValidate: boolean }) => {
        form.noValidate = true;
      });
      await page.click('main button[type=submit]');
      await page.waitForLoadState('load');
    }
    // A panel with a composer is ready when its code has enabled it.
    if ((await page.locator('#chat [data-slot=fields]').count()) > 0) {
      await page
        .locator('#chat [data-slot=fields]:enabled')
        .waitFor({ timeout: 5000, state: 'attached' })
        .catch(() => console.log(`${shot.name}: the composer stays off`));
    }
    if (shot.path.includes('CONVERSATION')) {
      await page.locator('.hljs-keyword').first().waitFor({ state: 'attached' });
    }
    const path = join(OUT, fileOf(shot.name, size, locale, theme));
    await page.screenshot({ path, fullPage: shot.whole ?? false, animations: 'disabled' });
    await page.close();
  }
  for (const context of contexts.values()) {
    await context.close();
  }
}

function fileOf(name: string, size: string, locale: string, theme: string): string {
  return `${name}-${size}-${locale}-${theme}.png`;
}

/** Some pages of one size and language, light beside dark: few enough to be looked at. */
async function sheet(
  browser: Browser,
  size: keyof typeof SIZES,
  locale: string,
  from: number,
): Promise<void> {
  const { thumb } = SIZES[size];
  const figures = await Promise.all(
    shots.slice(from, from + PER_SHEET).flatMap(({ name }) =>
      THEMES.map(async (theme) => {
        const image = await readFile(join(OUT, fileOf(name, size, locale, theme)), 'base64');
        return `<figure><img src="data:image/png;base64,${image}" width="${thumb}"><figcaption>${name} · ${theme}</figcaption></figure>`;
      }),
    ),
  );
  const style = `body{margin:12px;background:#777;font:12px sans-serif;color:#fff;display:flex;flex-wrap:wrap;gap:12px;align-items:flex-start}
    figure{margin:0;max-height:720px;overflow:hidden}img{display:block}`;
  const file = join(dir, 'sheet.html');
  await writeFile(file, `<!doctype html><meta charset="utf-8"><style>${style}</style>${figures.join('')}`);
  const page = await browser.newPage({ viewport: { width: 1560, height: 900 } });
  await page.goto(pathToFileURL(file).href);
  const path = join(OUT, `sheet-${size}-${locale}-${from / PER_SHEET + 1}.png`);
  await page.screenshot({ path, fullPage: true });
  await page.close();
  console.log(path);
}
