/** What the leader sends is what `encodeAssignment` would write, topic by topic. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { encodePlan } from '../../src/assignment/encode-plan.ts';
import { runToEnd } from '../../src/assignment/steps.ts';
import { encodeAssignment } from '../../src/wire/assignment.ts';
import { groupByTopic } from '../../src/wire/topic-partitions.ts';
import { problemOf } from './group.ts';

const topics = [
  ['__proto__', 2],
  ['t', 12],
  ['u', 1],
  ['\u{1F600}', 3],
] as const;
const names = topics.map(([name]) => name);
const problem = problemOf({ a: { topics: names }, b: { topics: names }, c: { topics: names } }, topics);

it('for any plan, in any order', () => {
  const owners = fc.array(fc.nat(2), {
    minLength: problem.partitionCount,
    maxLength: problem.partitionCount,
  });
  const data = fc.array(fc.option(fc.uint8Array({ maxLength: 5 })), { minLength: 3, maxLength: 3 });
  const versions = fc.array(fc.integer({ min: 0, max: 7 }), { minLength: 3, maxLength: 3 });
  fc.assert(
    fc.property(owners, data, versions, fc.boolean(), (given, userData, inVersion, isReversed) => {
      const partitions = [0, 1, 2].map((m) => {
        const own = [...given.keys()].filter((flatId) => given[flatId] === m);
        return Int32Array.from(isReversed ? own.reverse() : own);
      });
      const encoded = runToEnd(encodePlan(problem, { partitions, userData }, inVersion));
      for (const [m, { memberId, assignment }] of encoded.entries()) {
        const own = Array.from(partitions[m] ?? [], (flatId) => problem.partition(flatId));
        const version = Math.min(inVersion[m] ?? 0, 3);
        expect(memberId).toBe(problem.members[m]?.memberId);
        expect(Buffer.from(assignment)).toEqual(
          Buffer.from(encodeAssignment(groupByTopic(own), userData[m] ?? null, version)),
        );
      }
    }),
  );
});
