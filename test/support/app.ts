import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Abstract, Type } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test, type TestingModuleBuilder } from '@nestjs/testing';
import { DataSource } from 'typeorm';

import { AppModule } from '../../src/app.module.js';
import { APP_OPTIONS, configureApp } from '../../src/app.setup.js';
import { loadConfig } from '../../src/config/app-config.js';
import { ApiClient } from './api-client.js';
import { databaseUrlOf, dropDatabase, makeDatabase } from './database.js';

export interface AppOptions {
  env?: Record<string, string>;
  /** A directory of an earlier app, to start again on its database. It is then the caller's to remove. */
  dir?: string;
  /** Replaces providers, such as the clock. */
  override?: (builder: TestingModuleBuilder) => TestingModuleBuilder;
}

export interface TestApp {
  url: string;
  port: number;
  dir: string;
  nest: NestExpressApplication;
  /** A provider of the running application, for what the public interface cannot show. */
  get<T>(token: Type<T> | Abstract<T> | string | symbol): T;
  /** A person without an account; `address` is where they seem to come from. */
  client(address?: string): ApiClient;
  /** Ends the application; the directory goes too, unless it was given. May be called twice. */
  stop(): Promise<void>;
}

/** The environment tests run with. The proxy header is trusted, so that each person can have an address of their own. */
export function testEnv(dir: string, env: Record<string, string> = {}): Record<string, string> {
  return {
    DATABASE_URL: databaseUrlOf(dir),
    HOST: '127.0.0.1',
    PORT: '0',
    TRUST_PROXY: 'loopback',
    ...env,
  };
}

/** The real application on a port of its own, with a fresh database. */
export async function startApp({
  env = {},
  dir: given,
  override = (builder) => builder,
}: AppOptions = {}): Promise<TestApp> {
  const dir = given ?? (await mkdtemp(join(tmpdir(), 'madang-')));
  await makeDatabase(dir);
  const config = loadConfig({ LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'silent', ...testEnv(dir, env) });

  const module = await override(Test.createTestingModule({ imports: [AppModule.with(config)] })).compile();
  const nest = module.createNestApplication<NestExpressApplication>(APP_OPTIONS);
  configureApp(nest);
  await nest.listen(config.port, config.host);

  const port = Number(new URL(await nest.getUrl()).port);
  const url = `http://127.0.0.1:${port}`;
  let stopped: Promise<void> | null = null;
  return {
    url,
    port,
    dir,
    nest,
    get: (token) => nest.get(token, { strict: false }),
    client: (address) => new ApiClient(url, address ?? null),
    stop: () => {
      stopped ??= nest.close().then(() => (given === undefined ? removePlace(dir) : undefined));
      return stopped;
    },
  };
}

/** Removes a directory that tests gave to apps, and the database that goes with it. */
export async function removePlace(dir: string): Promise<void> {
  await dropDatabase(dir);
  await rm(dir, { recursive: true, force: true });
}

/** Asks the database of an app, past its services; the same on every engine. */
export async function sql<Row = Record<string, unknown>>(app: TestApp, query: string): Promise<Row[]> {
  return app.get(DataSource).query<Row[]>(query);
}
