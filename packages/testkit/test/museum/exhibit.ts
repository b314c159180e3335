/** What hangs in a museum: implementations that look right, each with the law that has to catch it. */
import { describe, expect, it } from 'vitest';
import type { ConformanceRunner } from '../../src/index.ts';

export interface Exhibit<Make> {
  /** Name of the law that has to catch it. */
  readonly law: string;
  /** What is wrong, as a sentence about the implementation. */
  readonly fault: string;
  readonly make: Make;
}

type Tests = ReadonlyMap<string, () => Promise<void>>;

/** The tests that a suite declares, by the name of their law. */
function testsOf(declare: (runner: ConformanceRunner) => void): Tests {
  const tests = new Map<string, () => Promise<void>>();
  declare({
    describe: (_name, body) => body(),
    it: (title, body) => tests.set(title.slice(0, title.indexOf(':')), body),
  });
  return tests;
}

/** Tests that the suite catches each exhibit by its law, and that no law is without an exhibit. */
export function museum<Make>(
  exhibits: readonly Exhibit<Make>[],
  declare: (runner: ConformanceRunner, make: Make) => void,
): void {
  describe('museum', () => {
    it.each(exhibits.map((exhibit) => [exhibit.law, exhibit.fault, exhibit] as const))(
      '%s: catches the one that %s',
      async (law, _fault, { make }) => {
        const test = testsOf((runner) => declare(runner, make)).get(law);
        if (test === undefined) throw new Error(`there is no law "${law}"`);
        await expect(test()).rejects.toThrow(`the law of "${law}" is broken`);
      },
    );

    it('has an exhibit for every law', () => {
      const laws = exhibits.flatMap(({ make }) => [...testsOf((runner) => declare(runner, make)).keys()]);
      expect(new Set(exhibits.map(({ law }) => law))).toEqual(new Set(laws));
    });
  });
}
