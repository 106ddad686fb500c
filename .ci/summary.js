// Adds up vitest's reports. Fails when a test failed or was skipped, and when a spec of the repository is in no report:
// a suite that did not run is not a suite that passed.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';

const paths = ['check', 'postgres', 'cluster', 'browser', 'faults'].map(
  (name) => `test-output/report/${name}.json`,
);
const reports = paths
  .filter((path) => existsSync(path))
  .map((path) => JSON.parse(readFileSync(path, 'utf8')));
const files = reports.flatMap(({ testResults }) => testResults);
const tests = files.flatMap(({ assertionResults }) => assertionResults);
const specs = execFileSync('git', ['ls-files', '*spec.ts'], { encoding: 'utf8' })
  .trim()
  .split('\n')
  // What stands in for suites that cannot run.
  .filter((path) => !path.startsWith('test/support/'));

// A test of one engine is skipped on the other: it has to have passed somewhere.
const passedOnce = new Set(tests.filter(({ status }) => status === 'passed').map(({ fullName }) => fullName));
const ran = new Set(files.map(({ name }) => relative('.', name)));
const faults = [
  ...paths.filter((path) => !existsSync(path)).map((path) => `no report: ${path}`),
  ...specs.filter((path) => !ran.has(path)).map((path) => `did not run: ${path}`),
  // A file that cannot even be loaded has no tests to count.
  ...files
    .filter(({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0)
    .map(({ name }) => `could not be loaded: ${relative('.', name)}`),
  ...tests
    .filter(({ status, fullName }) => !['passed', 'failed'].includes(status) && !passedOnce.has(fullName))
    .map(({ fullName }) => `skipped: ${fullName}`),
];
// Last of all, where a log that keeps only its end still shows it: what failed, and the first lines of why.
const failures = files.flatMap(({ name, assertionResults }) =>
  assertionResults
    .filter(({ status }) => status === 'failed')
    .map(({ fullName, failureMessages }) => {
      const why = failureMessages.join('\n').split('\n').slice(0, 12).join('\n    ');
      return `FAILED ${relative('.', name)}\n  ${fullName}\n    ${why}`;
    }),
);
for (const line of [...failures, ...faults]) {
  process.stdout.write(`${line}\n`);
}

const passed = tests.filter(({ status }) => status === 'passed').length;
const failed = tests.filter(({ status }) => status === 'failed').length + faults.length;
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
