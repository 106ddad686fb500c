import { randomUUID } from 'node:crypto';
import { createServer, type AddressInfo } from 'node:net';

import lighthouse from 'lighthouse';
import { chromium } from 'playwright-core';

import { startMadang, type Madang } from './bench/madang.js';

/**
 * `npm run lighthouse`: what Lighthouse's mobile preset says of the front page, an event and the log-in, and what a first visit
 * transfers. Each page is read three times and the middle one told, for one reading depends on what else the machine does.
 */
const PAGES = { home: '/', stream: '/streaming/main', 'log-in': '/user/login' };
const CATEGORIES = ['performance', 'accessibility', 'best-practices'] as const;
const READINGS = Number(process.argv[2] ?? 3);
/** An event is there, and nothing of it is fetched: only our own bytes count. */
const EMBED = 'https://www.youtube.com/watch?v=aqz-KE-bpKQ';

const port = await freePort();
const server = await startMadang({ env: { NODE_ENV: 'production' } });
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', `--remote-debugging-port=${port}`, '--disable-quic'],
});
try {
  const url = `http://127.0.0.1:${server.port}`;
  await fill(server, url);
  console.log('page     performance accessibility best-practices |   FCP   LCP   TBT   CLS | requests KiB');
  const unwell = new Map<string, string>();
  for (const [name, path] of Object.entries(PAGES)) {
    const readings = [];
    for (let count = 0; count < READINGS; count += 1) {
      readings.push(await read(url + path, unwell));
    }
    readings.sort((a, b) => a.scores[0]! - b.scores[0]!);
    const { scores, times, requests, bytes } = readings[Math.floor(readings.length / 2)]!;
    const [performance, accessibility, practices] = scores.map((score) => String(Math.round(score * 100)));
    console.log(
      [
        name.padEnd(8),
        performance!.padStart(11),
        accessibility!.padStart(13),
        practices!.padStart(14),
        '|',
        ...times.map((time) => time.padStart(5)),
        '|',
        String(requests).padStart(8),
        (bytes / 1024).toFixed(1),
      ].join(' '),
    );
  }
  console.log([...unwell].map(([id, said]) => `  ${id}: ${said}`).join('\n'));
} finally {
  await browser.close();
  await server.stop();
}

/** Lighthouse must be told where Chromium listens, and Chromium does not tell what it chose. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => probe.once('listening', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** A room as people find it: an event, and the newest 50 messages in the page. */
async function fill({ cookie }: Madang, url: string): Promise<void> {
  const send = (method: string, path: string, body: unknown) =>
    fetch(url + path, {
      method,
      headers: { 'content-type': 'application/json', cookie },
      body: JSON.stringify(body),
    });
  await send('PATCH', '/api/rooms/main', { title: '가을 밤 라이브 — 함께 듣는 음악', embed: EMBED });
  for (let count = 0; count < 50; count += 1) {
    for (const slug of ['lobby', 'main']) {
      const text = `${count} 첫 곡 제목 아시는 분 계신가요? 정말 좋네요`;
      await send('POST', `/api/rooms/${slug}/messages`, { text, nonce: randomUUID() });
    }
  }
}

async function read(address: string, unwell: Map<string, string>) {
  const result = await lighthouse(address, {
    port,
    output: 'json',
    logLevel: 'error',
    onlyCategories: [...CATEGORIES],
    blockedUrlPatterns: ['*youtube*'],
  });
  const { audits, categories } = result!.lhr;
  for (const category of Object.values(categories)) {
    for (const { id, weight } of category.auditRefs) {
      const { score, title, displayValue = '' } = audits[id]!;
      if (weight > 0 && score !== null && score < 0.9) {
        unwell.set(`${new URL(address).pathname} ${id}`, `${title} ${displayValue}`.trim());
      }
    }
  }
  const items =
    (audits['network-requests']!.details as { items?: { transferSize?: number; url: string }[] }).items ?? [];
  const own = items.filter(({ url }) => new URL(url).origin === new URL(address).origin);
  const time = (id: string) => audits[id]!.displayValue?.replaceAll(/\s/g, '') ?? '';
  return {
    scores: CATEGORIES.map((id) => categories[id]!.score ?? 0),
    times: [
      time('first-contentful-paint'),
      time('largest-contentful-paint'),
      time('total-blocking-time'),
      time('cumulative-layout-shift'),
    ],
    requests: own.length,
    bytes: own.reduce((sum, { transferSize = 0 }) => sum + transferSize, 0),
  };
}
