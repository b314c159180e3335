/** The whole way: assigned, fetched, handled, committed, given back. */
import { expect, test } from 'vitest';
import { Rig, tp } from '../support/consumer-rig.ts';
import { range } from '../support/fake-records.ts';

test('records are fetched, handled in order and committed', async () => {
  const rig = new Rig();
  rig.cluster.addTopic('t', 2, (p) => 1 + p);
  rig.cluster.append('t', 0, range(0, 9));
  rig.cluster.append('t', 1, range(0, 4));
  const seen: string[] = [];
  await rig.start({ eachRecord: (record) => void seen.push(`${record.partition}:${record.offset}`) }, [
    tp('t', 0),
    tp('t', 1),
  ]);
  await rig.clock.advance(300);
  expect(seen.filter((s) => s.startsWith('0'))).toEqual(range(0, 9).map(({ offset }) => `0:${offset}`));
  expect(seen.filter((s) => s.startsWith('1'))).toEqual(range(0, 4).map(({ offset }) => `1:${offset}`));
  expect(rig.group.committedOffset('t', 0)).toBe(10n);
  expect(rig.group.committedOffset('t', 1)).toBe(5n);
  rig.cluster.append('t', 0, range(10, 12));
  await rig.clock.advance(10);
  expect(seen).toContain('0:12');
  await rig.revoke([tp('t', 0), tp('t', 1)]);
  expect(rig.group.committedOffset('t', 0)).toBe(13n);
  await rig.stop();
  expect(rig.clock.pending).toBe(0);
});

test('a batch handler gets what is at hand, and its return settles all of it', async () => {
  const rig = new Rig({ maxBatchRecords: 7 });
  rig.cluster.addTopic('t', 1);
  rig.cluster.append('t', 0, range(0, 9));
  rig.cluster.append('t', 0, range(10, 19));
  const sizes: number[] = [];
  await rig.start({ eachBatch: (batch) => void sizes.push(batch.records.length) }, [tp('t', 0)]);
  await rig.clock.advance(200);
  expect(sizes).toEqual([7, 7, 6]);
  expect(rig.group.committedOffset('t', 0)).toBe(20n);
  await rig.stop();
  expect(rig.clock.pending).toBe(0);
});
