/** `@platformatic/kafka` as its documentation shows it: a stream, read by `for await`. */
import { Consumer, MessagesStreamFallbackModes, MessagesStreamModes } from '@platformatic/kafka';
import type { MemberClient } from './member-job.ts';

export const platformatic: MemberClient = async (job, log, work) => {
  const { sessionTimeout, heartbeatInterval, rebalanceTimeout, commitInterval, instanceId } = job;
  const consumer = new Consumer({
    groupId: job.groupId,
    clientId: 'handover',
    bootstrapBrokers: [...job.bootstrap],
    sessionTimeout,
    heartbeatInterval,
    rebalanceTimeout,
    ...(instanceId === undefined ? {} : { groupInstanceId: instanceId }),
  });
  consumer.on('consumer:group:join', ({ assignments = [] }) =>
    log.assigned(
      assignments.flatMap(({ topic, partitions }) => (topic === job.topic ? partitions.map(Number) : [])),
    ),
  );
  consumer.on('consumer:heartbeat:error', ({ error }) => log.note(`heartbeat: ${error}`));
  const failed = new Promise<never>((_, reject) => consumer.on('error', reject));
  const stream = await consumer.consume({
    topics: [job.topic],
    autocommit: commitInterval,
    mode: MessagesStreamModes.COMMITTED,
    fallbackMode: MessagesStreamFallbackModes.EARLIEST,
  });
  const consumed = async () => {
    for await (const { partition, offset } of stream) await work.handle(partition, offset.toString());
  };
  return {
    ended: Promise.race([consumed(), failed]),
    async close() {
      await stream.close();
      await consumer.close();
    },
  };
};
