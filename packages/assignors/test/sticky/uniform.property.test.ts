/** The short cut for uniform groups comes to the plan that the table, which serves any group, comes to. */
import { runToEnd } from '@kohort/core/spi';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { solveAny } from '../../src/sticky/engine/solve.ts';
import { isUniform, solveUniform } from '../../src/sticky/engine/uniform.ts';

const groups = fc
  .tuple(
    fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 5 }),
    fc.integer({ min: 1, max: 6 }),
  )
  .chain(([sizes, memberCount]) => {
    const topicBase = Int32Array.from([
      0,
      ...sizes.map((_, t) => sizes.slice(0, t + 1).reduce((a, b) => a + b)),
    ]);
    const partitionCount = topicBase.at(-1) ?? 0;
    const owners = fc.array(fc.integer({ min: -1, max: memberCount - 1 }), {
      minLength: partitionCount,
      maxLength: partitionCount,
    });
    const nobody = fc.constant(Array.from({ length: partitionCount }, () => -1));
    return fc.oneof({ weight: 4, arbitrary: owners }, { weight: 1, arbitrary: nobody }).map((owner) => ({
      memberCount,
      topicBase,
      memberTopics: Array.from({ length: memberCount }, () => Int32Array.from(sizes.keys())),
      owner: Int32Array.from(owner),
    }));
  });

it('for any uniform group', () => {
  fc.assert(
    fc.property(groups, (input) => {
      expect(isUniform(input)).toBe(true);
      expect(runToEnd(solveUniform(input))).toEqual(runToEnd(solveAny(input)).partitions);
    }),
  );
});

it('is not taken where somebody subscribes to less, where racks count, or where there is nothing', () => {
  const all = Int32Array.of(0, 1);
  const input = { memberCount: 2, topicBase: Int32Array.of(0, 2, 4), owner: new Int32Array(4).fill(-1) };
  const racks = { memberRack: Int32Array.of(-1, -1), partitionKey: new Int32Array(4), keys: [null] };
  expect(isUniform({ ...input, memberTopics: [all, Int32Array.of(1)] })).toBe(false);
  expect(isUniform({ ...input, memberTopics: [all, all], racks })).toBe(false);
  expect(isUniform({ ...input, topicBase: Int32Array.of(0), memberTopics: [new Int32Array()] })).toBe(false);
  expect(isUniform({ ...input, memberTopics: [all, all] })).toBe(true);
});
