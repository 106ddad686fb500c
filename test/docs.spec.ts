import { readdirSync, readFileSync } from 'node:fs';

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
    expect(all(section(12), /^ {4}([A-Z][A-Z_]+) {2}/gm).sort()).toEqual(settings.sort());
  });
});

describe('docs/complaints.md', () => {
  const rows = [...readFileSync('docs/complaints.md', 'utf8').matchAll(/^\| .* \| ([a-z-]+): (.+) \|$/gm)];

  it.each(rows.map(([, spec, name]) => [spec!, name!]))('%s has a test of that name: %s', (spec, name) => {
    expect(readFileSync(`test/${spec}.browser-spec.ts`, 'utf8')).toContain(`'${name}'`);
  });

  it('has a line for each complaint', () => {
    expect(rows.length).toBeGreaterThan(30);
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

describe('docs/faults.md', () => {
  const table = readFileSync('docs/faults.md', 'utf8');
  /** The faults that stand in a title of this file. */
  const titled = (file: string) =>
    all(readFileSync(file, 'utf8'), /'((?:F\d+(?:, )?)+):/g).flatMap((faults) => faults.split(', '));

  it('names for each fault exactly the tests that have it in a title', () => {
    const told = [...table.matchAll(/^\| (F\d+) \|.*\| (.+) \|$/gm)].flatMap(([, fault, files]) =>
      all(files!, /`([^`]+)`/g).map((file) => `${fault} ${file}`),
    );
    const files = ['test/faults', 'test/cluster'].flatMap((dir) =>
      readdirSync(dir)
        .filter((name) => name.endsWith('-spec.ts'))
        .map((name) => `${dir}/${name}`),
    );
    const there = files.flatMap((file) => titled(file).map((fault) => `${fault} ${file}`));
    expect(told.toSorted()).toEqual(there.toSorted());
    const faults = Array.from({ length: 28 }, (_, index) => `F${index + 1}`);
    expect([...new Set(told.map((line) => line.split(' ')[0]))]).toEqual(faults);
  });
});
