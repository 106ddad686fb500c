import { Clock } from '../../src/common/clock.js';
import { startApp, type AppOptions, type TestApp } from './app.js';
import { aModerator, anAdmin, type TestUser } from './factories.js';

/** A server with those who look after it; with a `clock`, that is the server's. */
export async function startWithStaff({
  clock,
  ...options
}: Omit<AppOptions, 'override'> & { clock?: Clock } = {}): Promise<{
  app: TestApp;
  admin: TestUser;
  moderator: TestUser;
}> {
  const app = await startApp({
    ...options,
    ...(clock && { override: (builder) => builder.overrideProvider(Clock).useValue(clock) }),
  });
  return { app, admin: await anAdmin(app), moderator: await aModerator(app) };
}
