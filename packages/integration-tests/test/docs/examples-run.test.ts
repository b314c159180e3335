// Examples marked `run` run to their end and print what they promise.

import { describe, expect, it } from 'vitest';
import { everyExample, promisedLines } from './support/examples.ts';
import { runExample } from './support/run-example.ts';

const examples = everyExample().filter(({ isRun }) => isRun);

describe('examples run', () => {
  it.each(examples.map((example, i) => ({ ...example, name: `example-${i}` })))(
    '$file:$line',
    async ({ name, ...example }) => {
      const printed = await runExample(example, name);
      const promised = promisedLines(example.code);
      expect(printed.filter((line) => promised.includes(line))).toEqual(promised);
    },
  );

  it('there are some', () => {
    expect(examples.length).toBeGreaterThan(5);
  });
});
