import { mkdir, readFile, writeFile } from 'node:fs/promises';

import { chromium } from 'playwright-core';

/**
 * `npm run icons`: makes the pictures that a browser, a home screen and a shared link show, from the mark, into public/img.
 * They are committed; run it again when the mark or a colour changes.
 */
const PAPER = '#faf8f4';
const JADE = '#0c6b5e';
const INK = '#211d19';

const mark = (await readFile('public/img/mark.svg', 'utf8'))
  .replace(/<style>.*<\/style>/, '')
  .replace('<path', `<path stroke="${JADE}"`);

interface Icon {
  file: string;
  width: number;
  height: number;
  html: string;
}

/** The mark on paper. `share` of the side: a maskable icon may be cut to the circle inside its middle 80 %. */
function square(file: string, side: number, share: number): Icon {
  const size = Math.round(side * share);
  return { file, width: side, height: side, html: picture(size) };
}

function picture(size: number, more = ''): string {
  return `<!doctype html><meta charset="utf-8"><style>
    body{margin:0;height:100vh;display:flex;gap:64px;align-items:center;justify-content:center;background:${PAPER};color:${INK};font-family:'Noto Sans CJK KR','Noto Sans KR',sans-serif}
    svg{width:${size}px;height:${size}px} b{font-size:132px;line-height:1.2} span{font-size:44px;color:#6f675d}
  </style>${mark}${more}`;
}

const icons: Icon[] = [
  square('favicon-32.png', 32, 0.86),
  square('icon-180.png', 180, 0.6),
  square('icon-192.png', 192, 0.66),
  square('icon-512.png', 512, 0.66),
  square('icon-maskable-512.png', 512, 0.46),
  {
    file: 'share.png',
    width: 1200,
    height: 630,
    html: picture(240, '<div><b>마당 Madang</b><br><span>함께 보고, 함께 이야기해요</span></div>'),
  },
];

const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
});
try {
  await mkdir('public/img', { recursive: true });
  for (const { file, width, height, html } of icons) {
    const page = await browser.newPage({ viewport: { width, height } });
    await page.setContent(html);
    await page.screenshot({ path: `public/img/${file}` });
    await page.close();
    console.log(`public/img/${file}`);
  }
  await writeFile('public/favicon.ico', ico(await readFile('public/img/favicon-32.png'), 32));
} finally {
  await browser.close();
}

/** An .ico of one PNG: a header of six bytes, an entry of sixteen, and the file. */
function ico(png: Buffer, side: number): Buffer {
  const head = Buffer.alloc(22);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(1, 4);
  head.writeUInt8(side, 6);
  head.writeUInt8(side, 7);
  head.writeUInt16LE(1, 10);
  head.writeUInt16LE(32, 12);
  head.writeUInt32LE(png.length, 14);
  head.writeUInt32LE(head.length, 18);
  return Buffer.concat([head, png]);
}
