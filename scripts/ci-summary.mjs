/**
 * Prints the end of `.ci/run`: each failed test with the start of its message, since the output of the steps is long,
 * and in the last line what passed, failed and was skipped over all steps.
 *
 * The argument is a folder. `steps.tsv` has a line per step: name, exit code, and the vitest report of the step or
 * `-`. A step without a report counts as one. A failed step always shows: when its report names no failed test (a
 * file that did not load, a process that was killed), the step itself counts as failed.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

const [folder = '.'] = process.argv.slice(2);
const total = { passed: 0, failed: 0, skipped: 0 };
/** @type {string[]} */
const failedSteps = [];

/** Lines of a failure that are shown; the whole of it stands in the output of its step. */
const shownLines = 12;

/** @typedef {{ fullName: string, status: string, failureMessages?: string[] }} Result */
/** @typedef {{ name: string, status: string, message?: string, assertionResults: Result[] }} TestFile */

/** @param {string} title @param {string} message */
function print(title, message) {
  console.log(`FAILED ${title}`);
  for (const line of stripVTControlCharacters(message).split('\n').slice(0, shownLines))
    console.log(`  ${line}`);
}

/** Each failed test of a report, and each file that did not load. @param {TestFile[]} files */
function printFailures(files) {
  for (const { name, status, message = '', assertionResults } of files) {
    const file = relative(process.cwd(), name);
    const failed = assertionResults.filter((result) => result.status === 'failed');
    for (const { fullName, failureMessages = [] } of failed) {
      print(`${file}: ${fullName}`, failureMessages.join('\n'));
    }
    if (status === 'failed' && failed.length === 0) print(file, message);
  }
}

/** @param {string} file */
function countsOf(file) {
  if (!existsSync(file)) return { passed: 0, failed: 0, skipped: 0 };
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(
    readFileSync(file, 'utf8'),
  );
  printFailures(testResults);
  return { passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests + numTodoTests };
}

const steps = readFileSync(join(folder, 'steps.tsv'), 'utf8').split('\n').filter(Boolean);
for (const line of steps) {
  const [name = '', exitCode, report = '-'] = line.split('\t');
  const ok = exitCode === '0';
  const counts =
    report === '-' ? { passed: ok ? 1 : 0, failed: 0, skipped: 0 } : countsOf(join(folder, report));
  if (!ok && counts.failed === 0) counts.failed = 1;
  if (!ok) failedSteps.push(name);
  total.passed += counts.passed;
  total.failed += counts.failed;
  total.skipped += counts.skipped;
}
if (steps.length === 0) console.log('no step ran');
if (failedSteps.length > 0) console.log(`failed steps: ${failedSteps.join(', ')}`);
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = steps.length > 0 && failedSteps.length === 0 && total.failed === 0 ? 0 : 1;
