// What is not an answer: bytes that make no sense, requests that cannot be written, throttling, and events.
import type { TransportEvent } from '@kohort/core/spi';
import { describe, expect, it } from 'vitest';
import { apis } from '../../src/messages.ts';
import { BOOTSTRAP } from './support/fake-broker.ts';
import { turn } from './support/fake-clock.ts';
import { failureOf, HEARTBEAT, JOIN, NEVER, NODE, SECOND, setUp } from './support/setup.ts';

const COMMIT = { ...HEARTBEAT, offsets: [] };

describe('malformed traffic', () => {
  it.each([
    ['empty', new Uint8Array()],
    ['cut off', new Uint8Array([0, 0, 0])],
    ['too many tagged fields', new Uint8Array([0, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0x7f])],
  ])('an answer that is %s ends its connection, and only its own', async (_name, bytes) => {
    const { broker, transport } = setUp();
    broker.on(apis.offsetCommit, () => ({ topics: [] }));
    await transport.offsetCommit(NODE, COMMIT, SECOND);
    broker.onRaw(apis.heartbeat, bytes);
    const failure = await failureOf(transport.heartbeat(NODE, HEARTBEAT, SECOND));
    expect(failure).toMatchObject({
      kind: 'decode',
      sent: 'maybe',
      api: 'Heartbeat',
      broker: NODE,
      retriable: false,
    });
    expect(failure.cause).toMatchObject({ code: 'KOHORT_PROTOCOL' });
    expect(broker.lanes.map(({ lane, destroyed }) => [lane, destroyed])).toEqual([
      ['offsets', undefined],
      ['group', failure],
    ]);
    broker.on(apis.heartbeat, () => ({ errorCode: 0 }));
    expect(await transport.heartbeat(NODE, HEARTBEAT, SECOND)).toMatchObject({ errorCode: 0 });
  });

  it('takes the rest of the connection with it', async () => {
    const { broker, transport } = setUp();
    broker.on(apis.offsetFetch, () => NEVER);
    broker.onRaw(apis.offsetCommit, new Uint8Array([1]));
    const commit = failureOf(transport.offsetCommit(NODE, COMMIT, SECOND));
    const fetch = failureOf(
      transport.offsetFetch(NODE, { groupId: 'g', partitions: [], requireStable: true }, SECOND),
    );
    expect(await commit).toMatchObject({ kind: 'decode' });
    expect(await fetch).toMatchObject({ kind: 'laneClosed', sent: 'maybe' });
  });

  it('unknown tagged fields and bytes behind the answer are ignored', async () => {
    const { broker, transport } = setUp();
    broker.onRaw(apis.heartbeat, new Uint8Array([0, 0, 0, 0, 0, 27, 1, 99, 2, 1, 2, 0xff]));
    expect(await transport.heartbeat(NODE, HEARTBEAT, SECOND)).toEqual({ throttleTimeMs: 0, errorCode: 27 });
  });

  it('a request that does not fit is not sent, and the connection stays', async () => {
    const { broker, transport } = setUp();
    const failure = await failureOf(
      transport.heartbeat(NODE, { ...HEARTBEAT, memberId: 'x'.repeat(40_000) }, SECOND),
    );
    expect(failure).toMatchObject({ kind: 'encode', sent: 'no', apiVersion: 4 });
    expect(failure.cause).toMatchObject({ code: 'KOHORT_PROTOCOL' });
    expect(broker.seen).toEqual([]);
    await transport.heartbeat(NODE, HEARTBEAT, SECOND);
    expect(broker.opened).toHaveLength(1);
  });
});

describe('throttling (KIP-219)', () => {
  it('holds the next request of the lane back, and no other lane', async () => {
    const { broker, transport, clock } = setUp();
    const events: TransportEvent[] = [];
    transport.subscribe((event) => events.push(event));
    broker.on(apis.offsetCommit, () => ({ throttleTimeMs: 400, topics: [] }));
    expect(await transport.offsetCommit(NODE, COMMIT, SECOND)).toEqual({
      throttleTimeMs: 400,
      partitions: [],
    });
    const next = transport.offsetCommit(NODE, COMMIT, SECOND);
    await transport.heartbeat(NODE, HEARTBEAT, SECOND);
    await clock.advance(399);
    expect(broker.seen.map(({ api }) => api)).toEqual(['OffsetCommit', 'Heartbeat']);
    await clock.advance(1);
    await next;
    expect(broker.seen).toHaveLength(3);
    expect(events.filter(({ type }) => type === 'throttle')).toEqual([
      { type: 'throttle', lane: 'offsets', broker: NODE, api: 'OffsetCommit', throttleTimeMs: 400 },
      { type: 'throttle', lane: 'offsets', broker: NODE, api: 'OffsetCommit', throttleTimeMs: 400 },
    ]);
  });

  it('counts against the deadline of what it holds back', async () => {
    const { broker, transport, clock } = setUp();
    broker.on(apis.heartbeat, () => ({ throttleTimeMs: 60_000, errorCode: 0 }));
    await transport.heartbeat(NODE, HEARTBEAT, SECOND);
    const held = failureOf(transport.heartbeat(NODE, HEARTBEAT, SECOND));
    await clock.advance(1_000);
    expect(await held).toMatchObject({ kind: 'timeout', sent: 'no' });
    expect(clock.timers).toBe(0);
  });

  it('leaves no timer behind when the transport closes', async () => {
    const { broker, transport, clock } = setUp();
    broker.on(apis.heartbeat, () => ({ throttleTimeMs: 60_000, errorCode: 0 }));
    await transport.heartbeat(NODE, HEARTBEAT, SECOND);
    const held = failureOf(transport.heartbeat(NODE, HEARTBEAT, SECOND));
    await transport.close();
    expect(await held).toMatchObject({ kind: 'closed', sent: 'no' });
    expect(clock.timers).toBe(0);
  });

  it('versions of which the broker holds back itself are not held back twice', async () => {
    const { broker, transport } = setUp();
    broker.offer(apis.heartbeat, { min: 1, max: 1 });
    broker.on(apis.heartbeat, () => ({ throttleTimeMs: 60_000, errorCode: 0 }));
    await transport.heartbeat(NODE, HEARTBEAT, SECOND);
    await transport.heartbeat(NODE, HEARTBEAT, SECOND);
    expect(broker.seen).toHaveLength(2);
  });
});

describe('events', () => {
  it('tells of connections and requests, with sizes and durations', async () => {
    const { broker, transport, clock } = setUp();
    const events: TransportEvent[] = [];
    const stop = transport.subscribe((event) => events.push(event));
    broker.opening = () => new Promise((resolve) => clock.setTimer(resolve, 30));
    let answer: () => void = () => undefined;
    broker.on(
      apis.metadata,
      () => new Promise((resolve) => (answer = () => resolve({ brokers: [], topics: [] }))),
    );
    const connecting = transport.connect(SECOND);
    await clock.advance(30);
    await clock.advance(20);
    answer();
    await connecting;
    broker.lanes[0]?.destroy(new Error('gone'));
    await turn();
    const site = { lane: 'control', broker: BOOTSTRAP };
    expect(events).toEqual([
      { type: 'laneOpen', ...site, durationMs: 30 },
      {
        type: 'request',
        ...site,
        api: 'Metadata',
        apiKey: 3,
        apiVersion: 12,
        requestBytes: 4,
        responseBytes: 12,
        durationMs: 20,
        error: null,
      },
      { type: 'laneClose', ...site, reason: 'gone' },
    ]);
    stop();
    stop();
    broker.opening = undefined;
    await transport.heartbeat(NODE, HEARTBEAT, SECOND);
    expect(events).toHaveLength(3);
  });

  it('a failed request has the kind of its error; one that was never sent is no request', async () => {
    const { broker, transport, clock } = setUp();
    const events: TransportEvent[] = [];
    transport.subscribe((event) => events.push(event));
    broker.on(apis.joinGroup, () => NEVER);
    const join = failureOf(transport.joinGroup(NODE, JOIN, SECOND));
    const behind = failureOf(transport.heartbeat(NODE, HEARTBEAT, { timeoutMs: 500 }));
    await clock.advance(1_000);
    await Promise.all([join, behind]);
    expect(events.filter(({ type }) => type === 'request')).toMatchObject([
      { api: 'JoinGroup', error: 'timeout', responseBytes: 0, durationMs: 1_000 },
    ]);
    expect(events.filter(({ type }) => type === 'laneClose')).toHaveLength(1);
  });

  it('the same listener twice is told twice, and one subscription ends without the other', async () => {
    const { transport } = setUp();
    let told = 0;
    const listener = () => {
      told += 1;
    };
    const stop = transport.subscribe(listener);
    transport.subscribe(listener);
    await transport.heartbeat(NODE, HEARTBEAT, SECOND);
    expect(told).toBe(4);
    stop();
    await transport.heartbeat(NODE, HEARTBEAT, SECOND);
    expect(told).toBe(5);
  });
});
