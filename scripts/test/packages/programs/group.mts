/** What an application does: two members consume a topic of an embedded broker to its end, commit, and close. */
import { cooperativeSticky } from '@kohort/assignors';
import { embeddedBroker } from '@kohort/broker-embedded';
import { type ConsumerGroup, type ConsumerRecord, createConsumerGroup } from '@kohort/core';

const RECORDS = 24;

async function main(): Promise<void> {
  const broker = embeddedBroker({ topics: { orders: { partitions: 4 } } });
  const records = Array.from({ length: RECORDS }, (_, i) => ({ key: String(i), value: `order ${i}` }));
  await broker.produce('orders', records);

  const seen = new Set<string>();
  let finish = (): void => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const eachRecord = (record: ConsumerRecord): void => {
    seen.add(String(record.value));
    if (seen.size === RECORDS) finish();
  };
  const member = (): ConsumerGroup =>
    createConsumerGroup({
      groupId: 'billing',
      topics: ['orders'],
      transport: broker.transport(),
      assignors: [cooperativeSticky()],
      autoOffsetReset: 'earliest',
    });
  const members = [member(), member()];
  const runs = members.map((group) => group.run({ eachRecord }));
  await finished;
  await Promise.all(members.map((group) => group.close()));
  await Promise.all(runs);
  const committed = [...broker.committed('billing').values()].reduce((sum, offset) => sum + offset, 0n);
  await broker.close();
  console.log(`${process.versions.node} handled ${seen.size} committed ${committed}`);
}

void main();
