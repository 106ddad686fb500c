import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { startApp, type TestApp } from './support/app.js';
import { aUser, uniqueName } from './support/factories.js';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.stop());

describe('registering', () => {
  it('makes an account and signs it in', async () => {
    const nickname = uniqueName('n');
    const ann = await aUser(app, { nickname });

    expect(ann.user).toEqual({
      id: expect.any(String),
      username: ann.username,
      nickname,
      role: 'user',
      locale: null,
      color: expect.any(Number),
    });
    expect((await ann.client.get('/user/me')).body).toEqual({ user: ann.user });
  });
});
