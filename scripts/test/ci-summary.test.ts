/** The last line of CI: sums all reports, and never hides a failed step. */
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

  function report(name: string, passed: number, failed: number, skipped: number): void {
    const counts = {
      numPassedTests: passed,
      numFailedTests: failed,
      numPendingTests: skipped,
      numTodoTests: 0,
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

  it('fails when no step ran', () => {
    expect(summarize()).toEqual({ code: 1, lines: ['no step ran', '0 passed, 0 failed, 0 skipped'] });
  });
});
