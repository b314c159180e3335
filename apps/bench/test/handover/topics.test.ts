import { expect, test } from 'vitest';
import { replicasOf } from '../../src/handover/stage/topics.ts';

test('each pair of brokers, in both orders, has as many partitions as any other', () => {
  const pairs = Array.from({ length: 12 }, (_, partition) => replicasOf(partition, [1, 2, 3]).join());
  const count = (pair: string) => pairs.filter((other) => other === pair).length;
  expect(['1,2', '2,3', '3,1', '1,3', '2,1', '3,2'].map(count)).toEqual([2, 2, 2, 2, 2, 2]);
});
