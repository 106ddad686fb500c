import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { startApp, type TestApp } from './support/app.js';

describe('the library for HLS playlists', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await startApp();
  });

  afterAll(() => app.stop());

  it('comes from this server as a module, and nothing else of its package does', async () => {
    const player = await fetch(`${app.url}/vendor/hls.js`);
    expect(player.status).toBe(200);
    expect(player.headers.get('Content-Type')).toMatch(/javascript/);
    expect(await player.text()).toContain('export');

    const other = await fetch(`${app.url}/vendor/package.json`);
    expect(other.status).toBe(404);
  });
});
