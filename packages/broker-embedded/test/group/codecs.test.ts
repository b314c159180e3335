/** Every answer of the coordinator can be written in every version of its API, as the broker will write it. */
import { ByteReader, ByteWriter } from '@kohort/core/spi';
import * as protocol from '@kohort/protocol';
import { describe, expect, it } from 'vitest';
import { commitBody, context, fetchBody, GROUP, heartbeatBody, syncBody } from './support/bodies.ts';
import { Harness } from './support/harness.ts';

interface Codec<Request, Response> {
  encodeRequest(request: Request, version: number, writer: ByteWriter): void;
  decodeRequest(reader: ByteReader, version: number): Request;
  encodeResponse(response: Response, version: number, writer: ByteWriter): void;
  decodeResponse(reader: ByteReader, version: number): Response;
}

/** Sends the answer over the wire and back. */
function received<Response>(
  codec: Pick<Codec<never, Response>, 'encodeResponse' | 'decodeResponse'>,
  answer: Response,
  version: number,
): Response {
  const writer = new ByteWriter();
  codec.encodeResponse(answer, version, writer);
  const reader = new ByteReader(writer.finish());
  const decoded = codec.decodeResponse(reader, version);
  expect(reader.remaining).toBe(0);
  return decoded;
}

const range = (min: number, max: number): number[] =>
  Array.from({ length: max - min + 1 }, (_, index) => min + index);

describe('answers over the wire', () => {
  it.each(range(0, 9))('JoinGroup v%i: an error and a generation', async (version) => {
    const h = new Harness({ initialRebalanceDelayMs: 0 });
    const refused = await h.join({ version, memberId: 'm' });
    expect(received(protocol.joinGroup, refused.now, version)).toMatchObject({
      errorCode: 25,
      memberId: 'm',
    });
    const { coordinator } = h;
    const first = await h.join({ version });
    const joined = version < 4 ? first : await h.join({ version, memberId: first.now.memberId });
    await h.advance(0);
    expect(received(protocol.joinGroup, joined.now, version)).toMatchObject({
      errorCode: 0,
      generationId: 1,
      protocolName: 'range',
      leader: joined.now.memberId,
      members: [{ memberId: joined.now.memberId }],
    });
    coordinator.close();
  });

  it.each(range(0, 5))('SyncGroup v%i', async (version) => {
    const answer = await new Harness().coordinator.syncGroup(syncBody({ memberId: 'm' }), context(version));
    expect(received(protocol.syncGroup, answer, version)).toMatchObject({ errorCode: 25 });
  });

  it.each(range(0, 4))('Heartbeat v%i', async (version) => {
    const answer = await new Harness().coordinator.heartbeat(heartbeatBody('m'));
    expect(received(protocol.heartbeat, answer, version)).toMatchObject({ errorCode: 25 });
  });

  it.each(range(0, 5))('LeaveGroup v%i', async (version) => {
    const members = version < 3 ? [] : [{ memberId: 'm', groupInstanceId: null, reason: null }];
    const answer = await new Harness().coordinator.leaveGroup(
      { groupId: GROUP, memberId: 'm', members },
      context(version),
    );
    const expected =
      version < 3 ? { errorCode: 25, members: [] } : { errorCode: 0, members: [{ errorCode: 25 }] };
    expect(received(protocol.leaveGroup, answer, version)).toMatchObject(expected);
  });

  it.each(range(2, 9))('OffsetCommit v%i, its request too', async (version) => {
    const writer = new ByteWriter();
    protocol.offsetCommit.encodeRequest({ ...commitBody({}, { metadata: 'note' }) }, version, writer);
    const request = protocol.offsetCommit.decodeRequest(new ByteReader(writer.finish()), version);
    const h = new Harness();
    const answer = await h.coordinator.commitOffsets(request, context(version));
    const writerBack = new ByteWriter();
    protocol.offsetCommit.encodeResponse(answer, version, writerBack);
    const decoded = protocol.offsetCommit.decodeResponse(new ByteReader(writerBack.finish()), version);
    expect(decoded.topics).toMatchObject([{ name: 't', partitions: [{ partitionIndex: 0, errorCode: 0 }] }]);
    expect(h.snapshot().offsets).toMatchObject([{ offset: 42n, metadata: 'note' }]);
  });

  it.each(range(1, 9))('OffsetFetch v%i', async (version) => {
    const h = new Harness();
    await h.commit();
    const topics = [{ name: 't', partitionIndexes: [0] }];
    const body =
      version < 8 ? fetchBody({ topics }) : fetchBody({ groupId: '', groups: [{ groupId: GROUP, topics }] });
    const answer = await h.coordinator.fetchOffsets(body, context(version));
    const writer = new ByteWriter();
    protocol.offsetFetch.encodeResponse(answer, version, writer);
    const decoded = protocol.offsetFetch.decodeResponse(new ByteReader(writer.finish()), version);
    const found = version < 8 ? decoded.topics : decoded.groups[0]?.topics;
    expect(found).toMatchObject([
      { name: 't', partitions: [{ committedOffset: 42n, metadata: '', errorCode: 0 }] },
    ]);
  });

  it.each(range(0, 6))('DescribeGroups v%i', async (version) => {
    const h = new Harness();
    const [leader] = (await h.stable(1)) as [string];
    const answer = await h.coordinator.describeGroups({ groups: [GROUP, 'x'] }, context(version));
    const decoded = received(protocol.describeGroups, answer, version);
    expect(decoded.groups).toMatchObject([
      { groupState: 'Stable', members: [{ memberId: leader }] },
      { groupState: 'Dead' },
    ]);
  });

  it.each(range(0, 5))('ListGroups v%i', async (version) => {
    const h = new Harness();
    await h.commit();
    const answer = await h.coordinator.listGroups({ statesFilter: [], typesFilter: [] });
    expect(received(protocol.listGroups, answer, version).groups).toMatchObject([
      { groupId: GROUP, protocolType: '' },
    ]);
  });

  it.each(range(0, 2))('DeleteGroups v%i', async (version) => {
    const answer = await new Harness().coordinator.deleteGroups({ groupsNames: [GROUP] });
    expect(received(protocol.deleteGroups, answer, version).results).toEqual([
      { groupId: GROUP, errorCode: 69 },
    ]);
  });

  it('OffsetDelete v0', async () => {
    const h = new Harness();
    await h.commit();
    const topics = [{ name: 't', partitions: [{ partitionIndex: 0 }] }];
    const answer = await h.coordinator.deleteOffsets({ groupId: GROUP, topics });
    expect(received(protocol.offsetDelete, answer, 0)).toEqual({
      errorCode: 0,
      throttleTimeMs: 0,
      topics: answer.topics,
    });
  });
});
