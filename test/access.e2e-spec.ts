import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { ModulesContainer } from '@nestjs/core';
import { RequestMethod } from '@nestjs/common';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { REQUIRED_ROLE } from '../src/common/decorators.js';
import { startApp, type TestApp } from './support/app.js';
import { aModerator, aUser, type TestUser } from './support/factories.js';

/** Every route that guests may use. Whoever opens one writes it down here. */
const OPEN = [
  // What guests may write where, the service decides.
  'DELETE /api/rooms/:slug/messages/:seq',
  'DELETE /api/rooms/:slug/questions/:id',
  'DELETE /api/rooms/:slug/questions/:id/vote',
  'GET /',
  'GET /api/emoji',
  'GET /api/rooms',
  'GET /api/rooms/:slug',
  'GET /api/rooms/:slug/access',
  'GET /api/rooms/:slug/emotes',
  'GET /api/rooms/:slug/messages',
  'GET /api/rooms/:slug/pin',
  'GET /api/rooms/:slug/polls',
  'GET /api/rooms/:slug/rules',
  'GET /api/rooms/:slug/sessions',
  'GET /api/rooms/:slug/warnings',
  'GET /rooms/:slug/sessions',
  'GET /rooms/:slug/sessions/:id',
  'GET /api/rooms/:slug/questions',
  'GET /chat/:slug',
  'GET /docs',
  'GET /docs-json',
  'GET /docs/*',
  'GET /emotes/:id',
  'GET /emotes/:id/still',
  'GET /health/live',
  'GET /health/ready',
  'GET /metrics',
  'GET /streaming',
  'GET /streaming/:slug',
  'GET /streaming/:slug/embed',
  'GET /streaming/:slug/overlay',
  'GET /streaming/:slug/popout',
  'GET /styleguide',
  'GET /user/login',
  'GET /user/register',
  'PATCH /api/rooms/:slug/messages/:seq',
  'POST /api/rooms/:slug/messages',
  'POST /api/rooms/:slug/questions',
  'PUT /api/rooms/:slug/polls/:id/vote',
  'POST /api/rooms/:slug/rules/accept',
  'POST /api/rooms/:slug/warnings/:id/acknowledge',
  'PUT /api/rooms/:slug/questions/:id/vote',
  'POST /user/guest',
  'POST /user/login',
  'POST /user/logout',
  'POST /user/register',
];

interface Route {
  method: string;
  path: string;
}

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.stop());

/** What Express really serves, whoever registered it. */
function routes(): Route[] {
  const { stack } = app.nest.getHttpAdapter().getInstance().router as { stack: Layer[] };
  return stack.flatMap(({ route }) =>
    route
      ? Object.keys(route.methods).map((method) => ({
          method: method.toUpperCase(),
          path: String(route.path),
        }))
      : [],
  );
}

interface Layer {
  route?: { path: unknown; methods: Record<string, boolean> };
}

/** The routes that demand a role, as their controllers declare it. */
function routesByRole(): (Route & { role: string })[] {
  const found: (Route & { role: string })[] = [];
  for (const { controllers } of app.nest.get(ModulesContainer).values()) {
    for (const { metatype } of controllers.values()) {
      if (typeof metatype !== 'function') {
        continue;
      }
      const prototype = metatype.prototype as Record<string, unknown>;
      for (const name of Object.getOwnPropertyNames(prototype)) {
        const handler = prototype[name] as object;
        const role =
          Reflect.getMetadata(REQUIRED_ROLE, handler) ?? Reflect.getMetadata(REQUIRED_ROLE, metatype);
        if (Reflect.hasMetadata(METHOD_METADATA, handler) && role) {
          const path = [metatype, handler].map((target) =>
            String(Reflect.getMetadata(PATH_METADATA, target)),
          );
          found.push({
            role,
            method: RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler) as number]!,
            path: `/${path.join('/')}`.replaceAll(/\/+/g, '/').replace(/(.)\/$/, '$1'),
          });
        }
      }
    }
  }
  return found;
}

/** The pages of the documentation are files of a library, one route each. */
const nameOf = ({ method, path }: Route) => `${method} ${path.replace(/^\/docs\/.*/, '/docs/*')}`;

const call = (person: Pick<TestUser, 'client'>, { method, path }: Route) =>
  person.client.request(method, path.replaceAll(/[:*]\w+/g, 'x'));

it('every route answers 401 to guests, unless it is on the list of open ones', async () => {
  const guest = { client: app.client() };
  const open = new Set<string>();
  for (const route of routes()) {
    const name = nameOf(route);
    const { status } = await call(guest, route);
    expect(status, name).not.toBe(500);
    if (status !== 401 || OPEN.includes(name)) {
      open.add(name);
    }
  }
  console.log(`open to guests:\n  ${[...open].join('\n  ')}`);
  expect([...open].sort()).toEqual([...OPEN].sort());
});

it('every route for staff answers 403 to those without the role', async () => {
  const [user, moderator] = [await aUser(app), await aModerator(app)];
  const guarded = routesByRole();
  expect(guarded.map(({ method, path }) => `${method} ${path}`)).toContain('PATCH /api/users/:id');
  for (const route of guarded) {
    for (const person of route.role === 'moderator' ? [user] : [user, moderator]) {
      const { status } = await call(person, route);
      expect(status, `${route.method} ${route.path} as ${person.user.role}`).toBe(403);
    }
  }
});
