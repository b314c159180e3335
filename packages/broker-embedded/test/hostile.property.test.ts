/** Whatever bytes a client sends, the broker answers or closes the connection, and serves others on. */
import { apis, heartbeat } from '@kohort/protocol';
import { virtualClock } from '@kohort/testkit';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { embeddedBroker } from '../src/index.ts';
import { openClient } from './support/client.ts';

const served = Object.values(apis).filter(({ key }) => key !== apis.consumerGroupHeartbeat.key);

const hostile = fc.record({
  api: fc.constantFrom(...served),
  version: fc.integer({ min: -1, max: 19 }),
  body: fc.uint8Array({ maxLength: 200 }),
});

test('random bodies for every API and version', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(hostile, { minLength: 1, maxLength: 10 }), async (frames) => {
      const failures: unknown[] = [];
      const clock = virtualClock();
      const topics = { orders: { partitions: 2 } };
      const broker = embeddedBroker({ clock, topics, onInternalError: (error) => failures.push(error) });
      await broker.produce('orders', [{ value: 'v', partition: 0 }]);
      for (const { api, version, body } of frames) {
        const client = await clock.runUntil(openClient(broker, clock, 0, 'hostile'));
        const flexible = version >= api.firstFlexible;
        const frame = { apiKey: api.key, apiName: api.name, apiVersion: version, flexible, body };
        const sent = client.lane.send(frame, { timeoutMs: 1_000 }).then(
          () => 'answered',
          (error: { kind: string }) => error.kind,
        );
        expect(['answered', 'laneClosed', 'timeout']).toContain(await clock.runUntil(sent));
      }
      const honest = await clock.runUntil(openClient(broker, clock, 0, 'honest'));
      const answer = await honest.call(heartbeat, { groupId: 'g', generationId: 0, memberId: 'm' }, 4);
      expect(answer.errorCode).toBe(25);
      await broker.close();
      expect(failures).toEqual([]);
    }),
    { numRuns: 150 },
  );
});

test('well-formed requests with extreme numbers', async () => {
  const extreme32 = fc.constantFrom(-(2 ** 31), -1, 0, 1, 2 ** 31 - 1);
  const extreme64 = fc.constantFrom(-(2n ** 63n), -4n, -1n, 0n, 1n, 2n ** 63n - 1n);
  await fc.assert(
    fc.asyncProperty(
      fc.array(extreme32, { minLength: 7, maxLength: 7 }),
      extreme64,
      async (numbers, large) => {
        const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0] = numbers;
        const failures: unknown[] = [];
        const clock = virtualClock();
        const topics = { orders: { partitions: 1 } };
        const broker = embeddedBroker({ clock, topics, onInternalError: (error) => failures.push(error) });
        await broker.produce('orders', [{ value: 'v' }]);
        const client = await clock.runUntil(openClient(broker, clock, 0, 'extreme'));
        const partition = {
          partition: Math.max(a, 0),
          fetchOffset: large,
          partitionMaxBytes: b,
          currentLeaderEpoch: c,
          lastFetchedEpoch: g,
        };
        const body = { maxWaitMs: Math.min(d, 1_000), minBytes: e, maxBytes: f };
        const fetched = client.send(
          apis.fetch,
          { ...body, topics: [{ topic: 'orders', partitions: [partition] }] },
          12,
        );
        await clock.runUntil(fetched);
        const partitions = [{ partitionIndex: Math.max(a, 0), timestamp: large, currentLeaderEpoch: b }];
        await client.call(apis.listOffsets, { replicaId: -1, topics: [{ name: 'orders', partitions }] }, 7);
        const commits = [{ partitionIndex: a, committedOffset: large, committedMetadata: '' }];
        const commit = { groupId: 'g', memberId: '', topics: [{ name: 'orders', partitions: commits }] };
        await client.call(apis.offsetCommit, { ...commit, generationIdOrMemberEpoch: c }, 7);
        await broker.close();
        expect(failures).toEqual([]);
      },
    ),
    { numRuns: 150 },
  );
});
