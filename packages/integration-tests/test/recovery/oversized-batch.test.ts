/** A batch that inflates beyond the bound: its partition waits at it and says so, the others go on, nothing is skipped. */
import { createConsumerGroup, type KohortEvent } from '@kohort/core';
import { createProtocolTransport } from '@kohort/protocol';
import { expect, it } from 'vitest';
import { RecoveryRig } from '../support/recovery-rig.ts';

it('waits, and is read by a member that allows as much', async () => {
  const rig = new RecoveryRig();
  const { broker } = rig;
  await broker.produce('orders', [{ value: 'small', partition: 0 }], { compression: 'gzip' });
  await broker.produce('orders', [{ value: Buffer.alloc(100_000), partition: 0 }], { compression: 'gzip' });
  await broker.produce('orders', [{ value: 'other', partition: 1 }], { compression: 'gzip' });
  const events: KohortEvent[] = [];
  const seen: string[] = [];
  const group = createConsumerGroup({
    groupId: 'g',
    topics: ['orders'],
    autoOffsetReset: 'earliest',
    random: rig.random,
    transport: createProtocolTransport({
      name: 'bounded',
      clock: rig.clock,
      wire: (context) => broker.wire(context),
      maxDecompressedBytes: 1_000,
    }),
    hooks: [(event) => events.push(event)],
  });
  void group.run({ eachRecord: ({ partition, offset }) => void seen.push(`${partition}:${offset}`) });
  const errors = () => events.flatMap((event) => (event.type === 'partition.error' ? [event] : []));
  await rig.until(() => errors().length >= 5 && rig.committed(0) === 1n && rig.committed(1) === 1n);
  expect(seen.toSorted()).toEqual(['0:0', '1:0']);
  expect(new Set(errors().map(({ partition }) => partition))).toEqual(new Set([0]));
  expect(errors()[0]?.error).toMatch(/offset 1 of orders-0: .* more than 1000 bytes after decompression/);
  const delays = errors().map(({ delayMs }) => delayMs);
  expect(Math.min(...delays)).toBeGreaterThan(0);
  await rig.clock.runUntil(group.close());
  const m2 = rig.member('m2');
  await rig.until(() => rig.committed(0) === 2n);
  expect(m2.seen).toHaveLength(1);
  await rig.close();
});
