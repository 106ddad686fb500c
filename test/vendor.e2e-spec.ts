import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { startApp, type TestApp } from './support/app.js';

describe('the libraries that browsers get', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await startApp();
  });

  afterAll(() => app.stop());

  it.each(['hls.js', 'marked.js', 'purify.js', 'highlight.js'])(
    '%s comes from this server as a module',
    async (name) => {
      const file = await fetch(`${app.url}/vendor/${name}`);
      expect(file.status).toBe(200);
      expect(file.headers.get('Content-Type')).toMatch(/javascript/);
      expect(file.headers.get('ETag')).not.toBeNull();
      expect(await file.text()).toContain('export');
    },
  );

  it.each(['package.json', 'hls.js/package.json', '..%2fpackage.json', ''])(
    '/vendor/%s is not there',
    async (name) => {
      const other = await fetch(`${app.url}/vendor/${name}`);
      expect(other.status).toBe(404);
    },
  );
});
