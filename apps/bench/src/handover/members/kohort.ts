/** Kohort with cooperative rebalancing over kafkajs' connections. */
import { cooperativeSticky } from '@kohort/assignors';
import { createConsumerGroup } from '@kohort/core';
import { kafkajsTransport } from '@kohort/transport-kafkajs';
import type { MemberClient } from './member-job.ts';

/** One for each record or request: the log would be full of them. */
const FREQUENT: ReadonlySet<string> = new Set(['records.settled', 'fetch.end', 'lag.sample', 'transport']);

export const kohort: MemberClient = async (job, log, work) => {
  const { sessionTimeout, heartbeatInterval, rebalanceTimeout, commitInterval, instanceId } = job;
  const group = createConsumerGroup({
    groupId: job.groupId,
    topics: [job.topic],
    transport: kafkajsTransport({ clientId: 'handover', brokers: [...job.bootstrap] }),
    assignors: [cooperativeSticky()],
    autoOffsetReset: 'earliest',
    sessionTimeout,
    heartbeatInterval,
    rebalanceTimeout,
    commitInterval,
    ...(instanceId === undefined ? {} : { groupInstanceId: instanceId }),
    onAssigned: ({ partitions }) => log.assigned(partitions.map(({ partition }) => partition)),
  });
  group.subscribe((event) => {
    if (!FREQUENT.has(event.type)) log.note(JSON.stringify(event));
  });
  const ended = group.run({
    eachRecord: ({ partition, offset }) => work.handle(partition, offset.toString()),
  });
  return { ended, close: async () => void (await group.close()) };
};
