/** Members of other clients, with metadata that Kohort has not written: read as far as it can be read. */
import { decodeAssignment, encodeSubscription } from '@kohort/core/spi';
import { expect } from 'vitest';
import { RawMember } from './raw-member.ts';
import type { Scenario } from './scenario.ts';
import { partitionsOf } from './world.ts';

/** One topic, and half of the length of what follows. */
const TRUNCATED = Uint8Array.of(0, 1, 0, 0, 0, 1, 0, 1, 0x61, 0, 0);
/** More topics than there are bytes: such a join Kafka 4.3 itself leaves without an answer. */
const GARBAGE = Uint8Array.of(0, 1, 0x7f, 0xff, 0xff, 0xff, 1, 2, 3);
const VERSION_BEYOND_ALL = 9;

/** A subscription of a later version: what is known comes first, then fields that nobody here has heard of. */
function ofTomorrow(topic: string, userData: Uint8Array): Uint8Array {
  const known = encodeSubscription({ topics: [topic], userData, owned: [], generationId: -1, rackId: null });
  const bytes = new Uint8Array([...known, 0, 0, 0, 1, 0xab]);
  new DataView(bytes.buffer).setInt16(0, VERSION_BEYOND_ALL);
  return bytes;
}

const unreadable = (['truncated', 'garbage'] as const).map(
  (kind): Scenario => ({
    title: `S75 I22 the metadata of a member is ${kind}: it gets nothing, an event names it, the others get all`,
    needs: kind === 'garbage' ? ['faults'] : [],
    async run(world) {
      const topic = await world.topic(4);
      const m1 = world.consumer('m1', [topic]);
      await world.untilShared([m1], partitionsOf(topic, 4));
      const stranger = new RawMember(world, {
        protocol: 'roundrobin',
        metadata: kind === 'garbage' ? GARBAGE : TRUNCATED,
      }).start();
      await world.until(
        'it has been told its share',
        () => stranger.assignment !== null || stranger.failure !== null,
      );
      expect(stranger.failure).toBeNull();
      expect(decodeAssignment(stranger.assignment ?? new Uint8Array()).topics).toEqual([]);
      await world.untilShared([m1], partitionsOf(topic, 4));
      const m2 = world.consumer('m2', [topic]);
      await world.untilShared([m1, m2], partitionsOf(topic, 4));
      const rejected = [m1, m2].flatMap((member) => member.eventsOf('assignment.rejected'));
      expect(rejected.length).toBeGreaterThan(0);
      for (const event of rejected)
        expect(event).toMatchObject({ source: 'member', offender: stranger.memberId });
      await world.produce(topic, 20, { partitions: 4 });
      await world.untilAllHandled();
      await stranger.leave();
    },
  }),
);

const tomorrow: Scenario = {
  title:
    'S48 I22 a subscription of a later version with the user data 0x80: read as far as it is known, and given a share',
  async run(world) {
    const topic = await world.topic(4);
    const m1 = world.consumer('m1', [topic]);
    await world.untilShared([m1], partitionsOf(topic, 4));
    const metadata = ofTomorrow(topic, Uint8Array.of(0x80));
    const stranger = new RawMember(world, { protocol: 'roundrobin', metadata }).start();
    await world.until(
      'both have their share',
      () => m1.isStable && m1.owned.length === 2 && stranger.assignment !== null,
    );
    const theirs = decodeAssignment(stranger.assignment ?? new Uint8Array()).topics;
    const units = theirs.flatMap(({ topic: name, partitions }) =>
      partitions.map((partition) => `${name}-${partition}`),
    );
    expect([...units, ...m1.owned].toSorted()).toEqual(partitionsOf(topic, 4));
    expect(m1.eventsOf('assignment.rejected')).toEqual([]);
    await stranger.leave();
    expect(stranger.failure).toBeNull();
    await world.untilShared([m1], partitionsOf(topic, 4));
  },
};

export const foreignMembers: readonly Scenario[] = [...unreadable, tomorrow];
