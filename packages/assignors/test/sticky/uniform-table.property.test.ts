/** The short cut for uniform groups comes to the table that the search for classes comes to. */
import { runToEnd } from '@kohort/core/spi';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { generalTable } from '../../src/sticky/engine/table.ts';
import { isUniform, uniformTable } from '../../src/sticky/engine/uniform-table.ts';

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
    return owners.map((owner) => ({
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
      expect(uniformTable(input)).toEqual(runToEnd(generalTable(input)));
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
