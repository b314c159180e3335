/** Custom assignment, and what becomes of a group whose leader's assignor fails. */
import type { AssignmentFunction } from '@kohort/core';
import { expect } from 'vitest';
import type { Scenario } from './scenario.ts';
import { partitionsOf } from './world.ts';

/** All partitions to the first member, in the order of the member ids. */
const allToOne: AssignmentFunction = (members, partitions) =>
  new Map(members.map(({ memberId }, n) => [memberId, n === 0 ? partitions : []]));

const broken: readonly (readonly [what: string, assign: AssignmentFunction])[] = [
  [
    'throws',
    (_members, _partitions) => {
      throw new Error('the user made a mistake');
    },
  ],
  [
    'gives a partition to two members',
    (members, partitions) => new Map(members.map(({ memberId }) => [memberId, partitions.slice(0, 1)])),
  ],
  ['gives partitions to a stranger', (_, partitions) => new Map([['stranger', partitions]])],
];

export const assigning: readonly Scenario[] = [
  {
    title: 'a plain function assigns',
    async run(world) {
      const topic = await world.topic(4);
      const members = ['m1', 'm2'].map((name) => world.consumer(name, [topic], { assignors: [allToOne] }));
      await world.untilShared(members, partitionsOf(topic, 4));
      expect(members.map(({ owned }) => owned.length).toSorted()).toEqual([0, 4]);
      expect(members[0]?.description.assignor).toBe('custom');
      await world.produce(topic, 20, { partitions: 4 });
      await world.untilAllHandled();
    },
  },
  ...broken.map(
    ([what, assign]): Scenario => ({
      title: `S49 P5 an assignor ${what}: the plan is not sent, a lawful one takes its place, nobody ends`,
      async run(world) {
        const topic = await world.topic(4);
        const members = ['m1', 'm2'].map((name) => world.consumer(name, [topic], { assignors: [assign] }));
        await world.untilShared(members, partitionsOf(topic, 4));
        const rejected = members.flatMap((member) => member.eventsOf('assignment.rejected'));
        expect(rejected.length).toBeGreaterThan(0);
        expect(new Set(rejected.map(({ source }) => source))).toEqual(new Set(['assignor']));
        for (const { owned, ending } of members) {
          expect(owned).toHaveLength(2);
          expect(ending.state).toBe('open');
        }
      },
    }),
  ),
];
