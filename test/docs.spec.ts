import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { loadConfig } from '../src/config/app-config.js';
import { CloseCode } from '../src/protocol/close-codes.js';
import { ERROR_STATUS } from '../src/protocol/error-codes.js';

const protocol = readFileSync('docs/protocol.md', 'utf8');
const environment = readFileSync('.env.example', 'utf8');

const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, found]) => found!);
const section = (number: number) => protocol.split(/^## (?=\d)/m)[number]!;
const settings = [
  ...new Set(all(readFileSync('src/config/app-config.ts', 'utf8'), /\b(?:text|positive)\('([A-Z_]+)'/g)),
];

describe('docs/protocol.md', () => {
  const types = readFileSync('src/protocol/frames.ts', 'utf8');
  const events = all(types, /Frame<\s*('[^,>]+),/g).flatMap((union) => all(union, /'([^']+)'/g));

  it.each(events)('tells of the frame %s', (event) => {
    expect(protocol).toMatch(new RegExp(`^ {4}${event} +\\{`, 'm'));
  });

  it('knows the events from the types', () => {
    expect(events).toEqual(expect.arrayContaining(['message.posted', 'batch', 'say', 'sync']));
  });

  it('lists every error code under its status, and no other', () => {
    const told: Record<string, number> = {};
    let status = 0;
    for (const [, number, code] of section(9).matchAll(/^ {4}(\d{3})? +([a-z.-]+)\b/gm)) {
      status = Number(number ?? status);
      told[code!] = status;
    }
    expect(told).toEqual(ERROR_STATUS);
  });

  it('lists every close code, and no other', () => {
    const told = all(section(8), /^ {4}(\d{4}) {2}/gm).map(Number);
    // 1002 is the WebSocket library's own.
    expect(new Set(told)).toEqual(new Set([1002, ...Object.values(CloseCode)]));
  });

  it('lists every setting, and no other', () => {
    expect(all(section(12), /^ {4}([A-Z][A-Z_]+) {2}/gm).sort()).toEqual(
      settings.filter((name) => name !== 'REDIS_URL').sort(),
    );
  });
});

describe('.env.example', () => {
  const lines = [...environment.matchAll(/^#([A-Z_]+)=(.*)$/gm)];

  it('has every setting that is read, and no other', () => {
    expect(new Set(lines.map(([, name]) => name))).toEqual(new Set(settings));
  });

  it('shows the true defaults', () => {
    const shown = lines.filter(([, name]) => name !== 'PUBLIC_URL').map(([, name, value]) => [name, value]);
    expect(loadConfig(Object.fromEntries(shown))).toEqual(loadConfig({}));
  });
});
