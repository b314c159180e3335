/** Assignors that do not come back, or trip over what they are sent. */
import { type AssignmentPlan, ByteReader, ByteWriter } from '@kohort/core/spi';
import { choose, exhibit, leastLoaded, planOf } from './exhibit.ts';

/** So that a hang takes the tests little time. */
const promises = { deadlineMs: 100, lawMs: 700 };

interface Claims {
  readonly flatIds: readonly number[];
}

const claimsInUserData = {
  write: ({ owned }: { readonly owned: readonly { readonly partition: number }[] }) =>
    new ByteWriter()
      .array(
        owned.map(({ partition }) => partition).sort((a, b) => a - b),
        (writer, partition) => writer.int32(partition),
      )
      .finish(),
  read: (bytes: Uint8Array): Claims => ({
    flatIds: new ByteReader(bytes).array((reader) => reader.int32(), 4),
  }),
};

export const endless = [
  exhibit(
    'termination',
    'looks for ever for a member with less, where there is none',
    (problem) => {
      const lists = choose(problem, (subscribers) => subscribers[0]);
      while (problem.members.length > 2 && lists.some(({ length }) => length === 0)) {
        lists.push(lists.shift() ?? []);
      }
      return planOf(choose(problem, leastLoaded));
    },
    { promises },
  ),
  exhibit(
    'termination',
    'promises a plan and never has one',
    (problem) =>
      problem.members.length > 1
        ? new Promise<AssignmentPlan>(() => {})
        : planOf(choose(problem, leastLoaded)),
    { promises },
  ),
  exhibit(
    'abort',
    'goes on with a plan that nobody wants any more',
    (problem) => {
      const plan = planOf(choose(problem, leastLoaded));
      if (problem.partitionCount < 1_000) return plan;
      return new Promise((resolve) => {
        setTimeout(resolve, 20_000, plan).unref();
      });
    },
    { promises: { deadlineMs: 300, lawMs: 1_500 } },
  ),
  exhibit(
    'hostile input',
    'expects user data from everybody',
    (problem) => {
      for (const { userData } of problem.members) {
        if ((userData as Claims).flatIds === undefined) throw new TypeError('no user data');
      }
      return planOf(choose(problem, leastLoaded));
    },
    { userData: claimsInUserData },
  ),
  exhibit(
    'hostile input',
    'gives members what they claim in their user data, known or not',
    (problem) => {
      const lists = choose(problem, leastLoaded);
      for (const [m, { userData }] of problem.members.entries()) {
        const foreign = ((userData as Claims | undefined)?.flatIds ?? []).filter(
          (p) => p >= problem.partitionCount,
        );
        lists[m]?.push(...foreign);
      }
      return planOf(lists);
    },
    { userData: claimsInUserData },
  ),
];
