/** `@platformatic/kafka` as its documentation shows it: a stream of messages, in both ways that streams are read. */
import { Consumer, MessagesStreamModes } from '@platformatic/kafka';
import type { Meter } from '../measure/meter.ts';
import type { Client, ConsumeJob } from './client.ts';

async function open(job: ConsumeJob, meter: Meter) {
  const consumer = new Consumer({
    groupId: job.groupId,
    clientId: 'bench',
    bootstrapBrokers: [...job.bootstrap],
  });
  consumer.on('consumer:group:join', () => meter.start());
  return consumer.consume({ autocommit: true, topics: [job.topic], mode: MessagesStreamModes.EARLIEST });
}

export const platformaticData: Client = async (job, meter) => {
  const stream = await open(job, meter);
  stream.on('error', (error: unknown) => meter.fail(error));
  stream.on('data', ({ key, value }) => meter.take(key, value));
};

export const platformaticIterator: Client = async (job, meter) => {
  for await (const { key, value } of await open(job, meter)) meter.take(key, value);
};
