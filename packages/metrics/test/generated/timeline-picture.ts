/** The picture of the README: a cooperative group on the embedded broker, from its first member to its last, under virtual time. */
import { cooperativeSticky } from '@kohort/assignors';
import { embeddedBroker } from '@kohort/broker-embedded';
import { type ConsumerGroup, createConsumerGroup } from '@kohort/core';
import { seededRandom, virtualClock } from '@kohort/testkit';
import { assignmentTimeline } from '../../src/timeline.ts';

const PARTITIONS = 8;

/** Ada, Ben and Cleo join; Ben is cut off from the brokers for a while; Ada leaves. The same picture each time. */
export async function timelinePicture(): Promise<string> {
  const clock = virtualClock();
  const broker = embeddedBroker({ clock, seed: 1, topics: { orders: { partitions: PARTITIONS } } });
  const timeline = assignmentTimeline();
  const groups: ConsumerGroup[] = [];
  const join = (name: string): ConsumerGroup => {
    const group = createConsumerGroup({
      groupId: 'billing',
      clientId: name,
      topics: ['orders'],
      transport: broker.transport(),
      assignors: [cooperativeSticky()],
      sessionTimeout: 10_000,
      heartbeatInterval: 2_000,
      random: seededRandom(groups.length),
      hooks: [timeline.hook(name)],
    });
    groups.push(group);
    void group.run({ eachRecord: () => undefined });
    return group;
  };
  const share = (count: number) => (group: ConsumerGroup) => group.describe().assignments.length === count;

  const ada = join('ada');
  await clock.runUntil(() => share(PARTITIONS)(ada));
  await clock.advance(6_000);
  join('ben');
  await clock.runUntil(() => groups.every(share(PARTITIONS / 2)));
  await clock.advance(6_000);
  join('cleo');
  await clock.runUntil(() => groups.every((group) => group.describe().assignments.length >= 2));
  await clock.advance(8_000);
  const reconnect = broker.faults.freezeClient('ben');
  await clock.advance(20_000);
  reconnect();
  await clock.advance(14_000);
  await clock.runUntil(ada.close());
  await clock.advance(8_000);
  const picture = timeline.toSvg();
  for (const group of groups) await clock.runUntil(group.close());
  await broker.close();
  return picture;
}
