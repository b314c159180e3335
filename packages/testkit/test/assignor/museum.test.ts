/** The kit catches wrong assignors, each by the law that it breaks, and lets the right one pass that they are made from. */
import { defineAssignor } from '@kohort/core/spi';
import { describe, expect, it } from 'vitest';
import { LAWS } from '../../src/assignor/laws.ts';
import { type AssignorConformanceOptions, assignorConformance } from '../../src/index.ts';
import { elsewhere } from './museum/elsewhere.ts';
import { endless } from './museum/endless.ts';
import { type Exhibit, planOf } from './museum/exhibit.ts';
import { impure } from './museum/impure.ts';
import { KEEPER_PARTS, KEEPER_PROMISES, keep } from './museum/keeper.ts';
import { lawlessPlans } from './museum/lawless-plans.ts';
import { mixed } from './museum/mixed.ts';
import { restless } from './museum/restless.ts';
import { spread } from './museum/spread.ts';
import { uneven } from './museum/uneven.ts';
import { wrongOrder } from './museum/wrong-order.ts';

const museum: readonly Exhibit[] = [
  ...lawlessPlans,
  ...impure,
  ...wrongOrder,
  ...uneven,
  ...spread,
  ...restless,
  ...endless,
  ...mixed,
  ...elsewhere,
];

/** The test that the kit declares for a law. */
function testOf({ law, make, promises }: Exhibit, options: AssignorConformanceOptions): () => Promise<void> {
  const tests = new Map<string, () => Promise<void>>();
  const runner = {
    describe: (_name: string, body: () => void) => body(),
    it: (name: string, body: () => Promise<void>) => tests.set(name.split(':')[0] ?? '', body),
  };
  assignorConformance(runner, make, { ...options, ...promises });
  const test = tests.get(law);
  if (test === undefined) throw new Error(`no law "${law}" for these promises`);
  return test;
}

async function messageOf(test: () => Promise<void>): Promise<string> {
  try {
    await test();
  } catch (error) {
    if (error instanceof Error) return error.message;
    throw error;
  }
  throw new Error('the kit has let it pass');
}

describe('museum', () => {
  it.each(museum.map((exhibit) => [exhibit.law, exhibit.fault, exhibit] as const))(
    '%s: catches the one that %s',
    async (law, _fault, exhibit) => {
      const message = await messageOf(testOf(exhibit, { seed: 20_240_601, lawMs: 10_000 }));
      expect(message).toContain(`assignor "exhibit" breaks the law of ${law}:`);
      const [, line = ''] = /problems: \['(.*)'\]/.exec(message) ?? [];
      const problem = line.replaceAll(/\\(?:u([0-9a-f]{4})|(.))/g, (_, unit, char) =>
        unit === undefined ? char : String.fromCharCode(Number.parseInt(unit, 16)),
      );
      const again = await messageOf(
        testOf(exhibit, { seed: 1, runs: 1, lawMs: 10_000, problems: [problem] }),
      );
      expect(again).toContain(`breaks the law of ${law}:`);
      expect(again).toContain('found in problem 1 of');
    },
  );

  it('has an exhibit for every law', () => {
    expect(new Set(museum.map(({ law }) => law))).toEqual(new Set(LAWS.map(({ name }) => name)));
  });

  it('has at least 25 exhibits', () => {
    expect(new Set(museum.map(({ fault }) => fault)).size).toBeGreaterThanOrEqual(25);
  });
});

assignorConformance(
  { describe, it },
  () => defineAssignor({ name: 'keeper', ...KEEPER_PARTS, assign: (problem) => planOf(keep(problem)) }),
  KEEPER_PROMISES,
);
