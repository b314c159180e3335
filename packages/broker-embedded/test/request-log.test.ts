import { metadata } from '@kohort/protocol';
import { expect, test } from 'vitest';
import type { RequestRecord } from '../src/index.ts';
import { connect } from './support/client.ts';
import { fetchOne } from './support/fetching.ts';
import { rig } from './support/rig.ts';

test('requests are seen with both bodies, by virtual time', async () => {
  const { broker, clock } = rig({ latency: 5 });
  const seen: [string, string, string][] = [];
  const end = broker.onRequest((record, phase) => seen.push([record.api, phase, record.outcome]));
  const client = await connect({ broker, clock }, 0, 'watched');
  await client.call(metadata, { topics: [{ name: 'orders' }] }, 5);
  end();
  await client.call(metadata, { topics: [] }, 5);
  expect(seen).toEqual([
    ['ApiVersions', 'received', 'pending'],
    ['ApiVersions', 'done', 'answered'],
    ['Metadata', 'received', 'pending'],
    ['Metadata', 'done', 'answered'],
  ]);
  expect(broker.requests[1]).toMatchObject({
    sequence: 2,
    receivedAt: 15,
    answeredAt: 15,
    node: 0,
    connection: 1,
    correlationId: 1,
    apiKey: 3,
    api: 'Metadata',
    apiVersion: 5,
    clientId: 'watched',
    groupId: null,
    memberId: null,
    request: { topics: [{ name: 'orders' }] },
    response: { topics: [{ name: 'orders', errorCode: 0 }] },
  });
});

test('the log is bounded by its size', async () => {
  const { broker, clock } = rig({ requestLogSize: 3 });
  const client = await connect({ broker, clock });
  for (let i = 0; i < 5; i++) await client.call(metadata, { topics: [] }, 5);
  expect(broker.requests.map(({ sequence }) => sequence)).toEqual([4, 5, 6]);
});

test('the log is bounded by the bytes that its bodies hold', async () => {
  const { broker, clock } = rig({ maxMessageBytes: 2 ** 25 });
  await broker.produce('orders', [{ value: new Uint8Array(12_000_000), partition: 0 }]);
  const client = await connect({ broker, clock });
  for (let i = 0; i < 8; i++) {
    await clock.runUntil(fetchOne(client, 'orders', 0, 0n, { maxBytes: 1, partitionMaxBytes: 1 }));
  }
  const kept: readonly RequestRecord[] = broker.requests;
  expect(kept.map(({ sequence }) => sequence)).toEqual([5, 6, 7, 8, 9]);
});
