/** A program whose subscriber throws: prints how many records were handled all the same, and what was uncaught. */
import { subscribe } from 'node:diagnostics_channel';
import { embeddedBroker } from '@kohort/broker-embedded';
import { createConsumerGroup } from '@kohort/core';
import { diagnosticsChannel } from '../src/diagnostics-channel.ts';

const uncaught: string[] = [];
process.on('uncaughtException', (error) => uncaught.push(error.message));

let heard = false;
subscribe('kohort:rebalance.end', () => {
  throw new Error('from a subscriber');
});
subscribe('kohort:rebalance.end', () => {
  heard = true;
});

const broker = embeddedBroker({ topics: { orders: { partitions: 1 } } });
await broker.produce('orders', [{ value: 'a' }]);
let hookErrors = 0;
let handled = 0;
const group = createConsumerGroup({
  groupId: 'g',
  topics: ['orders'],
  transport: broker.transport(),
  autoOffsetReset: 'earliest',
  hooks: [
    diagnosticsChannel(),
    ({ type }) => {
      if (type === 'hook.error') hookErrors += 1;
    },
  ],
});
await group.run({
  until: 'end',
  eachRecord: () => {
    handled += 1;
  },
});
await broker.close();
console.log(JSON.stringify({ handled, heard, uncaught, hookErrors }));
