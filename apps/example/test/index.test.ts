/** The program as a process: exit codes, signals, a reader that goes away. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, type TestContext } from 'vitest';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const ENTRY = fileURLToPath(new URL('../src/index.ts', import.meta.url));

interface Program {
  readonly child: ChildProcess;
  /** What it has written so far. */
  readonly written: { out: string; err: string };
  /** Resolves with the exit code. */
  readonly ended: Promise<number | null>;
  /** Resolves when it has written this to its output. */
  until(words: string): Promise<void>;
}

function start({ onTestFinished }: TestContext, ...argv: string[]): Program {
  const node = ['--conditions=@kohort/source', '--import', 'tsx', ENTRY, ...argv];
  const child = spawn(process.execPath, node, { cwd: ROOT });
  onTestFinished(() => void child.kill('SIGKILL'));
  const written = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    written.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    written.err += text;
  });
  const ended = once(child, 'close').then(([code]) => code as number | null);
  const until = async (words: string) => {
    while (!written.out.includes(words)) await once(child.stdout, 'data');
  };
  return { child, written, ended, until };
}

describe.concurrent('the program', (it) => {
  it('helps', async (context) => {
    const { written, ended } = start(context, '--help');
    expect(await ended).toBe(0);
    expect(written.out).toMatch(/^Usage: /);
    expect(written.err).toBe('');
  });

  it('refuses a wrong command line with one clear error', async (context) => {
    const { written, ended } = start(context, '--seed', 'x');
    expect(await ended).toBe(2);
    expect(written).toEqual({
      out: '',
      err: "demo: --seed must be an integer from 0 to 4294967295, not 'x'\nTry --help.\n",
    });
  });

  it('ends at Ctrl+C, with the audit so far', async (context) => {
    const { child, written, ended, until } = start(context);
    await until('generation 1');
    child.kill('SIGINT');
    expect(await ended).toBe(0);
    expect(written.out).toContain('So far, nothing was lost');
    expect(written.err).toBe('');
  });

  it('ends when nobody reads its output any more', async (context) => {
    const { child, written, ended, until } = start(context, '--duration', '600');
    await until('ada joins');
    child.stdout?.destroy();
    expect(await ended).toBe(0);
    expect(written.err).toBe('');
  });
});
