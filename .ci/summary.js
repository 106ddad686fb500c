// Adds up vitest's reports. Fails when a test failed or was skipped, and when a spec of the repository is in no report:
// a suite that did not run is not a suite that passed.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';

const paths = ['check', 'browser'].map((name) => `test-output/report/${name}.json`);
const reports = paths
  .filter((path) => existsSync(path))
  .map((path) => JSON.parse(readFileSync(path, 'utf8')));
const files = reports.flatMap(({ testResults }) => testResults);
const tests = files.flatMap(({ assertionResults }) => assertionResults);
const specs = execFileSync('git', ['ls-files', '*spec.ts'], { encoding: 'utf8' }).trim().split('\n');

const ran = new Set(files.map(({ name }) => relative('.', name)));
const faults = [
  ...paths.filter((path) => !existsSync(path)).map((path) => `no report: ${path}`),
  ...specs.filter((path) => !ran.has(path)).map((path) => `did not run: ${path}`),
  // A file that cannot even be loaded has no tests to count.
  ...files
    .filter(({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0)
    .map(({ name }) => `could not be loaded: ${relative('.', name)}`),
  ...tests
    .filter(({ status }) => status !== 'passed' && status !== 'failed')
    .map(({ fullName }) => `skipped: ${fullName}`),
];
for (const fault of faults) {
  process.stderr.write(`${fault}\n`);
}

const passed = tests.filter(({ status }) => status === 'passed').length;
const failed = tests.filter(({ status }) => status === 'failed').length + faults.length;
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
