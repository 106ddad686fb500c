import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';

import type { ApiClient } from './api-client.js';
import { anAdminOf, launchBrowser, Person } from './browser.js';
import { uniqueName } from './factories.js';
import { startProcess, type ServerProcess } from './process.js';

/** What the tests of one file share: the built server, a browser, an administrator, and ways to bring people in. */
export interface BrowserSuite {
  readonly server: ServerProcess;
  readonly browser: Browser;
  /** An administrator without a window. */
  readonly admin: ApiClient;
  /** Somebody without an account. */
  guest(options?: BrowserContextOptions): Promise<Person>;
  /** Somebody who has just registered. */
  member(nickname?: string, options?: BrowserContextOptions): Promise<Person>;
  /** An administrator with a window, and the API client that is the same person. */
  host(options?: BrowserContextOptions): Promise<{ person: Person; client: ApiClient }>;
  /** A room of the test's own, by its slug. */
  aRoom(kind?: 'chat' | 'stream'): Promise<string>;
}

/**
 * Starts all of it before the tests of the `describe` it is called in and ends it after them. After every test its windows
 * are closed, and the test fails when a script in one of them threw or was refused by the policy.
 */
export function browserSuite({ env = {} }: { env?: Record<string, string> } = {}): BrowserSuite {
  let server: ServerProcess;
  let browser: Browser;
  let admin: ApiClient;
  const people: Person[] = [];

  beforeAll(async () => {
    [server, browser] = await Promise.all([startProcess({ env }), launchBrowser()]);
    admin = await anAdminOf(server);
  });

  afterEach(async () => {
    const left = people.splice(0);
    await Promise.all(left.map((person) => person.close()));
    expect(left.flatMap(({ faults }) => faults)).toEqual([]);
  });

  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  function came(person: Person): Person {
    people.push(person);
    return person;
  }

  return {
    get server() {
      return server;
    },
    get browser() {
      return browser;
    },
    get admin() {
      return admin;
    },
    guest: async (options) => came(await Person.guest(browser, server, options)),
    member: async (nickname = uniqueName('n'), options = {}) =>
      came(await Person.member(browser, server, nickname, options)),
    host: async (options) => {
      const host = await Person.admin(browser, server, options);
      came(host.person);
      return host;
    },
    aRoom: async (kind = 'chat') => {
      const slug = uniqueName('r').replace('_', '-');
      const answer = await admin.post('/api/rooms', { slug, title: 'A quiet room', kind });
      expect(answer.status).toBe(201);
      return slug;
    },
  };
}
