import { defineConfig } from 'vitest/config';

// Worker threads started by the code under test load TypeScript through it; vitest itself transforms the rest.
const execArgv = ['--import', './test/support/load-typescript.js'];

// A report for `.ci/run` to add up.
const report = process.env['TEST_REPORT'];

export default defineConfig({
  test: {
    reporters: report ? ['default', ['json', { outputFile: report }]] : ['default'],
    env: { TZ: 'UTC', LOG_LEVEL: 'silent' },
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: ['src/**/*.spec.ts', 'test/*.spec.ts'], execArgv },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/*.e2e-spec.ts'],
          globalSetup: ['test/support/build.ts'],
          execArgv,
          testTimeout: 20_000,
          hookTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['test/*.browser-spec.ts'],
          globalSetup: ['test/support/build.ts'],
          execArgv,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: 1,
        },
      },
    ],
  },
});
