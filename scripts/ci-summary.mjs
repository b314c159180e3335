/**
 * Prints the last line of `.ci/run`: what passed, failed and was skipped over all steps.
 *
 * The argument is a folder. `steps.tsv` has a line per step: name, exit code, and the vitest report of the step or
 * `-`. A step without a report counts as one. A failed step always shows: when its report names no failed test (a
 * file that did not load, a process that was killed), the step itself counts as failed.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder = '.'] = process.argv.slice(2);
const total = { passed: 0, failed: 0, skipped: 0 };
/** @type {string[]} */
const failedSteps = [];

/** @param {string} file */
function countsOf(file) {
  if (!existsSync(file)) return { passed: 0, failed: 0, skipped: 0 };
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = JSON.parse(
    readFileSync(file, 'utf8'),
  );
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
