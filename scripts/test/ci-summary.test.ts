/** The end of CI: names what failed, sums all reports, and never hides a failed step. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const script = join(dirname(fileURLToPath(import.meta.url)), '..', 'ci-summary.mjs');

describe('ci summary', () => {
  let folder = '';

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kohort-summary-'));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  function report(
    name: string,
    passed: number,
    failed: number,
    skipped: number,
    testResults: readonly object[] = [],
  ): void {
    const counts = {
      numPassedTests: passed,
      numFailedTests: failed,
      numPendingTests: skipped,
      numTodoTests: 0,
      testResults,
    };
    writeFileSync(join(folder, name), JSON.stringify(counts));
  }

  function summarize(...steps: readonly string[]): {
    readonly code: number | null;
    readonly lines: string[];
  } {
    writeFileSync(join(folder, 'steps.tsv'), steps.map((step) => `${step}\n`).join(''));
    const { status, stdout } = spawnSync(process.execPath, [script, folder], { encoding: 'utf8' });
    return { code: status, lines: stdout.trim().split('\n') };
  }

  it('adds the reports, and one for each step without a report', () => {
    report('test.json', 10, 0, 2);
    report('kafka.json', 5, 0, 1);
    const result = summarize('test\t0\ttest.json', 'kafka\t0\tkafka.json', 'demo\t0\t-', 'check\t0\t-');
    expect(result).toEqual({ code: 0, lines: ['17 passed, 0 failed, 3 skipped'] });
  });

  it('counts failed tests once', () => {
    report('test.json', 10, 2, 0);
    const result = summarize('test\t1\ttest.json', 'demo\t0\t-');
    expect(result).toEqual({ code: 1, lines: ['failed steps: test', '11 passed, 2 failed, 0 skipped'] });
  });

  it('counts a failed step whose report shows no failed test, or that left no report', () => {
    report('test.json', 10, 0, 0);
    const result = summarize('test\t1\ttest.json', 'kafka\t124\tkafka.json', 'demo\t1\t-');
    expect(result).toEqual({
      code: 1,
      lines: ['failed steps: test, kafka, demo', '10 passed, 3 failed, 0 skipped'],
    });
  });

  it('names each failed test with the start of its message, and a file that did not load', () => {
    report('test.json', 1, 1, 0, [
      {
        name: join(process.cwd(), 'a.test.ts'),
        status: 'failed',
        assertionResults: [
          { fullName: 'a passes', status: 'passed', failureMessages: [] },
          {
            fullName: 'a adds',
            status: 'failed',
            failureMessages: [`\u001b[31mexpected 1 to be 2\u001b[39m${'\n    at x'.repeat(30)}`],
          },
        ],
      },
      {
        name: join(process.cwd(), 'b.test.ts'),
        status: 'failed',
        message: 'no such module',
        assertionResults: [],
      },
    ]);
    expect(summarize('test\t1\ttest.json')).toEqual({
      code: 1,
      lines: [
        'FAILED a.test.ts: a adds',
        '  expected 1 to be 2',
        ...Array.from({ length: 11 }, () => '      at x'),
        'FAILED b.test.ts',
        '  no such module',
        'failed steps: test',
        '1 passed, 1 failed, 0 skipped',
      ],
    });
  });

  it('fails when no step ran', () => {
    expect(summarize()).toEqual({ code: 1, lines: ['no step ran', '0 passed, 0 failed, 0 skipped'] });
  });
});
