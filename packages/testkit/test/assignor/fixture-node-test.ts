/** What node:test runs in `runners.test.ts`: one assignor that keeps the laws, and one that forgets a partition. */
import { describe, it } from 'node:test';
import { defineAssignor, roundRobin } from '@kohort/core/spi';
import { assignorConformance } from '../../src/index.ts';

assignorConformance({ describe, it }, () => roundRobin(), { runs: 5, seed: 1 });
assignorConformance(
  { describe, it },
  () =>
    defineAssignor({
      name: 'forgetful',
      protocols: ['eager'],
      assign: ({ members }) => ({ partitions: members.map(() => new Int32Array()) }),
    }),
  { runs: 5, seed: 1 },
);
