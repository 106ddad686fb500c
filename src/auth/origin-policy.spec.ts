import { describe, expect, it } from 'vitest';

import { originAllowed } from './origin-policy.js';

const open = {
  config: { publicUrl: null, allowedOrigins: [] },
  port: 8000,
  localAddresses: ['192.168.1.5', 'fd00::5'],
};
const configured = {
  ...open,
  config: { publicUrl: 'https://chat.example', allowedOrigins: ['https://studio.example:8443'] },
};

describe('with nothing configured', () => {
  it.each([
    'http://localhost:8000',
    'http://127.0.0.1:8000',
    'http://127.8.9.1:8000',
    'http://[::1]:8000',
    'http://192.168.1.5:8000',
    'http://[fd00::5]:8000',
  ])('a page of %s belongs to this machine', (origin) => {
    expect(originAllowed(origin, open)).toBe(true);
  });

  it.each([
    'null',
    '',
    'http://evil.example:8000',
    'http://localhost',
    'http://localhost:3000',
    'https://localhost:8000',
    'http://localhost.evil.example:8000',
    'http://evil-localhost:8000',
    'http://localhost:8000/',
    'http://localhost:8000@evil.example',
    'http://user@localhost:8000',
    'http://192.168.1.6:8000',
    'http://0.0.0.0:8000',
    'HTTP://LOCALHOST:8000',
    'ws://localhost:8000',
    'file://',
  ])('a page of %j does not', (origin) => {
    expect(originAllowed(origin, open)).toBe(false);
  });

  it('needs no port where browsers write none', () => {
    expect(originAllowed('http://localhost', { ...open, port: 80 })).toBe(true);
  });
});

describe('with a public address', () => {
  it.each(['https://chat.example', 'https://studio.example:8443'])('a page of %s is accepted', (origin) => {
    expect(originAllowed(origin, configured)).toBe(true);
  });

  it.each([
    'http://chat.example',
    'https://chat.example:8443',
    'https://chat.example.evil.example',
    'https://evil-chat.example',
    'https://studio.example',
    'http://localhost:8000',
    'null',
  ])('a page of %s is not', (origin) => {
    expect(originAllowed(origin, configured)).toBe(false);
  });
});
