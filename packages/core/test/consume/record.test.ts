/** Records, headers and batches as users see them. */
import { expect, test } from 'vitest';
import type { ConsumerRecord, RecordBatchView } from '../../src/contracts/consumer.ts';
import { Rig, tp } from '../support/consumer-rig.ts';

async function firstRecords(): Promise<readonly ConsumerRecord[]> {
  const rig = new Rig();
  rig.cluster.addTopic('__proto__', 1);
  const bytes = (text: string) => new TextEncoder().encode(text);
  rig.cluster.append(
    '__proto__',
    0,
    [
      {
        offset: 4,
        key: 'k',
        value: 'one',
        headers: [
          ['h', bytes('1')],
          ['g', null],
          ['h', bytes('2')],
        ],
      },
      { offset: 9, key: null, value: 'two' },
    ],
    { base: 3, epoch: 7 },
  );
  const seen: ConsumerRecord[] = [];
  await rig.start({ eachRecord: (record) => void seen.push(record) }, [tp('__proto__', 0)]);
  await rig.clock.settle();
  await rig.stop();
  return seen;
}

test('a record reads itself out of its batch, as Buffers', async () => {
  const [first, second] = await firstRecords();
  expect(first).toMatchObject({
    topic: '__proto__',
    partition: 0,
    offset: 4n,
    timestamp: 1004,
    leaderEpoch: 7,
    timestampType: 'create',
  });
  expect(Buffer.isBuffer(first?.value)).toBe(true);
  expect(first?.value?.toString()).toBe('one');
  expect(first?.key?.toString()).toBe('k');
  expect(second?.key).toBeNull();
  expect(second?.offset).toBe(9n);
});

test('headers keep their order, their duplicates and their nulls', async () => {
  const [first] = await firstRecords();
  expect(first?.headers.size).toBe(3);
  expect(first?.headers.get('h')?.toString()).toBe('2');
  expect(first?.headers.getAll('h').map(String)).toEqual(['1', '2']);
  expect(first?.headers.get('g')).toBeNull();
  expect(first?.headers.get('none')).toBeUndefined();
  expect([...(first?.headers ?? [])].map(([name]) => name)).toEqual(['h', 'g', 'h']);
});

test('as JSON there is the place and no content', async () => {
  const [first] = await firstRecords();
  expect(JSON.stringify(first)).toBe('{"topic":"__proto__","partition":0,"offset":"4","timestamp":1004}');
});

test('a batch knows its first and last offset and the end of the log', async () => {
  const rig = new Rig();
  rig.cluster.addTopic('t', 1);
  rig.cluster.append('t', 0, [{ offset: 0 }, { offset: 5 }]);
  const seen: RecordBatchView[] = [];
  await rig.start({ eachBatch: (batch) => void seen.push(batch) }, [tp('t', 0)]);
  await rig.clock.settle();
  expect(seen[0]).toMatchObject({
    topic: 't',
    partition: 0,
    firstOffset: 0n,
    lastOffset: 5n,
    highWatermark: 6n,
  });
  expect([...(seen[0] ?? [])].length).toBe(2);
  await rig.stop();
});
