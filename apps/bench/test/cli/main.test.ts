import { expect, test } from 'vitest';
import { main } from '../../src/cli/main.ts';

async function run(...args: readonly string[]) {
  const printed: string[] = [];
  const progress: string[] = [];
  const out = {
    print: (text: string) => void printed.push(text),
    progress: (line: string) => void progress.push(line),
  };
  const code = await main(args, out, new AbortController().signal);
  return { code, printed: printed.join('\n'), progress };
}

test('without arguments: the benchmarks', async () => {
  const { code, printed } = await run();
  expect(code).toBe(0);
  expect(printed).toContain('consume');
});

test('help of a benchmark', async () => {
  const { code, printed } = await run('consume', '--help');
  expect(code).toBe(0);
  expect(printed).toContain('--records');
});

test('an unknown benchmark is one line and exit code 2', async () => {
  const { code, progress, printed } = await run('produce');
  expect(code).toBe(2);
  expect(progress).toHaveLength(1);
  expect(progress[0]).toMatch(/^bench: no benchmark 'produce': one of consume, hooks, codec/);
  expect(printed).toBe('');
});

test('a wrong flag is one line and exit code 2', async () => {
  const { code, progress } = await run('consume', '--rounds', 'x');
  expect(code).toBe(2);
  expect(progress).toEqual(["bench: --rounds must be a whole number from 1 to 100, not 'x'"]);
});
