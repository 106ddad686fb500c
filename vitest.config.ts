import { randomBytes } from 'node:crypto';

import { defineConfig } from 'vitest/config';

// Names what this run makes on servers that others use too. Workers inherit it.
const isFirst = process.env['TEST_RUN'] === undefined;
process.env['TEST_RUN'] ??= randomBytes(4).toString('hex');
const { postgresAnswers } = await import('./test/support/database.js');
const hasPostgres = await postgresAnswers();
if (!hasPostgres && process.env['REQUIRE_SERVICES']) {
  throw new Error('REQUIRE_SERVICES is set, and no PostgreSQL answers.');
}
if (!hasPostgres && isFirst) {
  // oxlint-disable-next-line no-console -- vitest has no reporter yet: this is how whoever runs it is told.
  console.warn(
    'No PostgreSQL answers: what needs one does not run, test:postgres and test:cluster least of all.',
  );
}

// Worker threads started by the code under test load TypeScript through it; vitest itself transforms the rest.
const execArgv = ['--import', './test/support/load-typescript.js'];

// A report for `.ci/run` to add up.
const report = process.env['TEST_REPORT'];

export default defineConfig({
  test: {
    reporters: report ? ['default', ['json', { outputFile: report }]] : ['default'],
    env: { TZ: 'UTC', LOG_LEVEL: 'silent' },
    // A machine that is slow is no fault; what does not come at all fails by these, and by the deadlines of the helpers.
    expect: { poll: { timeout: 20_000 } },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['src/**/*.spec.ts', 'scripts/**/*.spec.ts', 'test/*.spec.ts', 'test/faults/**/*.spec.ts'],
          execArgv,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/*.e2e-spec.ts'],
          globalSetup: ['test/support/build.ts', 'test/support/postgres.setup.ts'],
          execArgv,
          // Every file starts a server of its own and shares no state; loading the product anew for each took a third of the time.
          isolate: false,
        },
      },
      // The same suites once more, on the other engine.
      {
        extends: true,
        test: {
          name: 'postgres',
          include: hasPostgres ? ['test/*.e2e-spec.ts'] : ['test/support/no-postgres.spec.ts'],
          globalSetup: ['test/support/build.ts', 'test/support/postgres.setup.ts'],
          env: { TEST_DATABASE: 'postgres' },
          execArgv,
          isolate: false,
        },
      },
      // Many nodes on PostgreSQL and Redis.
      {
        extends: true,
        test: {
          name: 'cluster',
          include: hasPostgres ? ['test/cluster/*.cluster-spec.ts'] : ['test/support/no-postgres.spec.ts'],
          globalSetup: ['test/support/build.ts', 'test/support/postgres.setup.ts'],
          env: { TEST_DATABASE: 'postgres' },
          execArgv,
          maxWorkers: 1,
        },
      },
      {
        extends: true,
        test: {
          name: 'faults',
          include: ['test/faults/*.fault-spec.ts'],
          globalSetup: ['test/support/build.ts'],
          // What they found out on the way is part of the result.
          disableConsoleIntercept: true,
          maxWorkers: 2,
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['test/*.browser-spec.ts'],
          globalSetup: ['test/support/build.ts'],
          execArgv,
          // As long as Playwright's own waits.
          expect: { poll: { timeout: 30_000 } },
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: 1,
        },
      },
    ],
  },
});
