/** Laws about requests and answers: codes are data, whole or in part, in any piece that the network makes of them. */
import { deepEqual, equal } from 'node:assert/strict';
import { apis } from '@kohort/protocol';
import type { TransportLaw } from '../law.ts';
import { FIVE_SECONDS, HEARTBEAT, JOIN } from '../setting.ts';

/** Every error code that Kafka has given out, and one that it has not. */
const CODES = [-1, ...Array.from({ length: 133 }, (_, i) => i + 1), 9_999];

const codes: TransportLaw = {
  name: 'codes',
  says: 'every error code comes back as data, unknown ones too, and nothing is thrown or sent again',
  async check({ open, node, server }) {
    let errorCode = 0;
    server.on(apis.heartbeat, () => ({ errorCode }));
    const transport = open();
    for (errorCode of CODES) {
      const result = await transport.heartbeat(node, HEARTBEAT, FIVE_SECONDS);
      equal(result.errorCode, errorCode);
    }
    equal(server.seen.filter(({ apiKey }) => apiKey === apis.heartbeat.key).length, CODES.length);
  },
};

const partial: TransportLaw = {
  name: 'partial',
  says: 'the error of one topic or partition leaves the others as they are',
  async check({ open, node, server }) {
    server.on(apis.offsetFetch, ({ groups }) => ({
      groups: groups.map(({ groupId }) => ({
        groupId,
        topics: [
          {
            name: 't',
            partitions: [
              { partitionIndex: 0, committedOffset: 7n, metadata: '', errorCode: 0 },
              { partitionIndex: 1, committedOffset: -1n, metadata: '', errorCode: 88 },
            ],
          },
        ],
      })),
    }));
    const partitions = [0, 1].map((partition) => ({ topic: 't', partition }));
    const request = { groupId: 'g', partitions, requireStable: true };
    const { partitions: answered } = await open().offsetFetch(node, request, FIVE_SECONDS);
    deepEqual(
      answered.map(({ partition, offset, errorCode }) => [partition, offset, errorCode]),
      [
        [0, 7n, 0],
        [1, -1n, 88],
      ],
    );
  },
};

const headers: TransportLaw = {
  name: 'headers',
  says: 'each version of a request has the header that belongs to it (KIP-482)',
  async check({ open, node, server }) {
    const transport = open();
    for (const version of [0, 3, 4]) {
      const apiKeys = [{ apiKey: apis.heartbeat.key, minVersion: version, maxVersion: version }];
      server.on(apis.apiVersions, () => ({ errorCode: 0, apiKeys }));
      server.on(apis.heartbeat, () => ({ errorCode: 27 }));
      const { errorCode } = await transport.heartbeat({ ...node, nodeId: version }, HEARTBEAT, FIVE_SECONDS);
      equal(errorCode, 27);
      const last = server.seen.at(-1);
      equal(last?.apiVersion, version);
      equal(Reflect.get(Object(last?.request), 'memberId'), 'm');
    }
  },
};

const pieces: TransportLaw = {
  name: 'pieces',
  says: 'answers that arrive byte by byte are read like whole ones',
  async check({ open, node, server }) {
    server.pieces = 1;
    server.on(apis.joinGroup, ({ protocols }) => ({
      errorCode: 0,
      generationId: 1,
      protocolName: 'range',
      leader: 'm',
      memberId: 'm',
      members: protocols.map(({ metadata }) => ({ memberId: 'm', metadata })),
    }));
    const transport = open();
    const joined = await transport.joinGroup(node, JOIN, FIVE_SECONDS);
    deepEqual(
      joined.members.map(({ memberId, metadata }) => [memberId, [...metadata]]),
      [['m', [1, 2, 3]]],
    );
  },
};

const together: TransportLaw = {
  name: 'together',
  says: 'fifty requests in flight on one connection each get their own answer',
  async check({ open, node, server }) {
    server.on(apis.offsetFetch, ({ groups }) => ({
      groups: groups.map(({ groupId, topics }) => ({
        groupId,
        topics: (topics ?? []).map(({ name }) => ({
          name,
          partitions: [{ partitionIndex: 0, committedOffset: BigInt(name), metadata: '', errorCode: 0 }],
        })),
      })),
    }));
    const transport = open();
    const ask = (i: number) =>
      transport.offsetFetch(
        node,
        { groupId: 'g', partitions: [{ topic: `${i}`, partition: 0 }], requireStable: true },
        FIVE_SECONDS,
      );
    const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => ask(i)));
    deepEqual(
      answers.map(({ partitions }) => partitions[0]?.offset),
      answers.map((_, i) => BigInt(i)),
    );
  },
};

export const exchangeLaws: readonly TransportLaw[] = [codes, partial, headers, pieces, together];
