// Kohort's range and round-robin against Kafka's own, on generated problems: equal plans, partition by partition,
// are what lets any member of a mixed group lead. KOHORT_PROBLEMS sets how many (default 500).

import { range, roundRobin } from '@kohort/assignors';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { javaAvailable } from '../../kafka/availability.ts';
import { AssignorOracle } from '../../kafka/java-oracle.ts';
import { describeKafka } from '../../kafka/suite.ts';
import { planText, problems, solve } from './support/assignor-problems.ts';

const missing = await javaAvailable();

/** Problems for each assignor. @throws Error for a count that is none */
function problemCount(): number {
  const text = process.env.KOHORT_PROBLEMS ?? '500';
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new Error(`KOHORT_PROBLEMS: '${text}' is no count`);
  return count;
}

describeKafka('assignors agree with Kafka', missing, () => {
  let oracle: AssignorOracle;
  beforeAll(async () => {
    oracle = await AssignorOracle.start();
  });
  afterAll(() => oracle.close());

  test.each([
    ['range', range()],
    ['roundrobin', roundRobin()],
  ] as const)(
    '%s',
    async (name, assignor) => {
      const property = fc.asyncProperty(problems(name), async (problem) => {
        const [expected, actual] = await Promise.all([oracle.assign(problem), solve(assignor, problem)]);
        expect(planText(actual)).toEqual(planText(expected));
      });
      await fc.assert(property, { numRuns: problemCount() });
    },
    600_000,
  );
});
