// Lanes: opened on demand, shared while opening, kept apart, and opened again after they ended.
import { TransportError } from '@kohort/core/spi';
import { describe, expect, it } from 'vitest';
import { apis } from '../../src/messages.ts';
import { turn } from './support/fake-clock.ts';
import { failureOf, HEARTBEAT, JOIN, NEVER, NODE, SECOND, setUp } from './support/setup.ts';

const COMMIT = {
  groupId: 'g',
  generationId: 3,
  memberId: 'm',
  offsets: [{ topic: 't', partition: 0, offset: 5n }],
};
const LEAVE = { groupId: 'g', members: [{ memberId: 'm' }] };
const OTHER = { nodeId: 8, host: 'node-8', port: 9098 };

describe('opening', () => {
  it('opens nothing before it is asked', () => {
    const { broker, clock } = setUp();
    expect(broker.opened).toEqual([]);
    expect(clock.timers).toBe(0);
  });

  it('opens one connection for calls that come while it opens, and sends them in order', async () => {
    const { broker, transport, clock } = setUp();
    const first = transport.heartbeat(NODE, HEARTBEAT, SECOND);
    const second = transport.heartbeat(NODE, { ...HEARTBEAT, memberId: 'second' }, SECOND);
    await Promise.all([first, second]);
    expect(broker.opened).toEqual([{ target: NODE, lane: 'group' }]);
    expect(broker.seen.map(({ request }) => request)).toMatchObject([
      { memberId: 'm' },
      { memberId: 'second' },
    ]);
    expect(clock.timers).toBe(0);
  });

  it('has one connection for each broker and lane', async () => {
    const { broker, transport } = setUp();
    broker.on(apis.offsetCommit, () => ({ topics: [] }));
    await transport.heartbeat(NODE, HEARTBEAT, SECOND);
    await transport.heartbeat(OTHER, HEARTBEAT, SECOND);
    await transport.offsetCommit(NODE, COMMIT, SECOND);
    await transport.heartbeat(NODE, HEARTBEAT, SECOND);
    expect(broker.opened).toEqual([
      { target: NODE, lane: 'group' },
      { target: OTHER, lane: 'group' },
      { target: NODE, lane: 'offsets' },
    ]);
  });

  it('fails every waiting call with the failure of opening, in its own words, and opens again for the next', async () => {
    const { broker, transport } = setUp();
    broker.opening = () => Promise.reject(new TransportError('refused', { kind: 'connect', sent: 'no' }));
    const failures = [
      transport.heartbeat(NODE, HEARTBEAT, SECOND),
      transport.heartbeat(NODE, HEARTBEAT, SECOND),
    ].map(failureOf);
    for (const failure of failures) {
      expect(await failure).toMatchObject({
        kind: 'connect',
        sent: 'no',
        api: 'Heartbeat',
        lane: 'group',
        message: 'refused',
        groupId: 'g',
        retriable: true,
      });
    }
    broker.opening = undefined;
    expect(await transport.heartbeat(NODE, HEARTBEAT, SECOND)).toMatchObject({ errorCode: 0 });
    expect(broker.opened).toHaveLength(2);
  });

  it('gives an attempt up that leads nowhere, although others wait for it, and tries again for those', async () => {
    const { broker, transport, clock } = setUp();
    const aborted: boolean[] = [];
    broker.opening = (_target, _lane, { signal }) => {
      signal?.addEventListener('abort', () => aborted.push(true));
      return new Promise(() => undefined);
    };
    const first = failureOf(transport.heartbeat(NODE, HEARTBEAT, SECOND));
    await clock.advance(600);
    const second = transport.heartbeat(NODE, HEARTBEAT, SECOND);
    broker.opening = undefined;
    await clock.advance(500);
    expect(await first).toMatchObject({ kind: 'timeout', sent: 'no' });
    expect(await second).toMatchObject({ errorCode: 0 });
    expect(aborted).toEqual([true]);
    expect(clock.timers).toBe(0);
  });

  it('does not try again for those whose own time is as good as over', async () => {
    const { broker, transport, clock } = setUp();
    let attempts = 0;
    broker.opening = () => {
      attempts += 1;
      return NEVER;
    };
    const calls = [SECOND, { timeoutMs: 1_000.5 }].map((call) =>
      failureOf(transport.heartbeat(NODE, HEARTBEAT, call)),
    );
    await clock.advance(1_001);
    for (const call of calls) expect(await call).toMatchObject({ kind: 'timeout', sent: 'no' });
    expect(attempts).toBe(1);
    expect(clock.timers).toBe(0);
  });

  it('reports what is no TransportError as one', async () => {
    const { broker, transport } = setUp();
    broker.opening = () => {
      throw new TypeError('a fault of the wire');
    };
    const failure = await failureOf(transport.heartbeat(NODE, HEARTBEAT, SECOND));
    expect(failure).toMatchObject({ kind: 'laneClosed', sent: 'no' });
    expect(failure.cause).toBeInstanceOf(TypeError);
  });
});

describe('head of line', () => {
  it('finishes commit, leave, metadata and fetch while a join is parked', async () => {
    const { broker, transport, clock } = setUp();
    broker.on(apis.joinGroup, () => NEVER);
    broker.on(apis.offsetCommit, () => ({ topics: [] }));
    broker.on(apis.leaveGroup, () => ({ errorCode: 0, members: [] }));
    broker.on(apis.fetch, () => ({ throttleTimeMs: 0, responses: [] }));
    const join = failureOf(transport.joinGroup(NODE, JOIN, { timeoutMs: 65_000 }));
    await turn();
    await transport.offsetCommit(NODE, COMMIT, SECOND);
    await transport.leaveGroup(NODE, LEAVE, SECOND);
    await transport.metadata([], SECOND);
    const quick = {
      rack: '',
      isolationLevel: 'read_uncommitted' as const,
      maxWaitMs: 1,
      minBytes: 1,
      maxBytes: 1,
    };
    await transport.fetch(NODE, { ...quick, partitions: [] }, SECOND);
    expect(broker.seen.map(({ api, lane }) => [api, lane.lane])).toEqual([
      ['JoinGroup', 'group'],
      ['OffsetCommit', 'offsets'],
      ['LeaveGroup', 'leave'],
      ['Metadata', 'control'],
      ['Fetch', 'fetch'],
    ]);
    await transport.close();
    expect(await join).toMatchObject({ kind: 'closed', sent: 'maybe' });
    expect(clock.timers).toBe(0);
  });

  it('sends one request at a time on the group lane', async () => {
    const { broker, transport } = setUp();
    let answerJoin: () => void = () => undefined;
    const parked = new Promise<void>((resolve) => {
      answerJoin = resolve;
    });
    broker.on(apis.joinGroup, async () => {
      await parked;
      return { errorCode: 79, protocolName: '', leader: '', memberId: 'given', members: [] };
    });
    const join = transport.joinGroup(NODE, JOIN, SECOND);
    const heartbeat = transport.heartbeat(NODE, HEARTBEAT, SECOND);
    await turn();
    expect(broker.seen.map(({ api }) => api)).toEqual(['JoinGroup']);
    answerJoin();
    expect(await join).toMatchObject({ errorCode: 79, memberId: 'given' });
    expect(await heartbeat).toMatchObject({ errorCode: 0 });
    expect(broker.opened).toHaveLength(1);
  });

  it('does not hold back a second request on the offsets lane', async () => {
    const { broker, transport } = setUp();
    let sent = 0;
    broker.on(apis.offsetCommit, () => ({ topics: [] }));
    transport.subscribe(() => undefined);
    const open = transport.offsetCommit(NODE, COMMIT, SECOND);
    await open;
    const [lane] = broker.lanes;
    const send = lane?.send.bind(lane);
    if (lane === undefined || send === undefined) throw new Error('no lane');
    lane.send = (frame, call) => {
      sent += 1;
      return send(frame, call);
    };
    broker.on(apis.offsetCommit, () => NEVER);
    const calls = [1, 2, 3].map(() => failureOf(transport.offsetCommit(NODE, COMMIT, SECOND)));
    await turn();
    expect(sent).toBe(3);
    await transport.close();
    await Promise.all(calls);
  });
});

describe('the end of a connection', () => {
  it('fails what is in flight with laneClosed and maybe, what waits with no, and opens again', async () => {
    const { broker, transport } = setUp();
    broker.on(apis.joinGroup, () => NEVER);
    const inFlight = failureOf(transport.joinGroup(NODE, JOIN, SECOND));
    const waiting = failureOf(transport.heartbeat(NODE, HEARTBEAT, SECOND));
    await turn();
    broker.lanes[0]?.destroy(new Error('reset by peer'));
    expect(await inFlight).toMatchObject({ kind: 'laneClosed', sent: 'maybe', broker: NODE, apiVersion: 9 });
    expect(await waiting).toMatchObject({ kind: 'laneClosed', sent: 'no' });
    expect((await waiting).message).toContain('reset by peer');
    expect(await transport.heartbeat(NODE, HEARTBEAT, SECOND)).toMatchObject({ errorCode: 0 });
    expect(broker.opened).toHaveLength(2);
  });

  it('by a TransportError of the wire fails what is in flight with its kind', async () => {
    const { broker, transport } = setUp();
    broker.on(apis.joinGroup, () => NEVER);
    const inFlight = failureOf(transport.joinGroup(NODE, JOIN, SECOND));
    const waiting = failureOf(transport.heartbeat(NODE, HEARTBEAT, SECOND));
    await turn();
    broker.lanes[0]?.destroy(new TransportError('header of nonsense', { kind: 'decode', sent: 'maybe' }));
    expect(await inFlight).toMatchObject({ kind: 'decode', sent: 'maybe', api: 'JoinGroup', lane: 'group' });
    expect(await waiting).toMatchObject({ kind: 'laneClosed', sent: 'no' });
  });

  it('opens again after a connection ended while idle', async () => {
    const { broker, transport } = setUp();
    await transport.heartbeat(NODE, HEARTBEAT, SECOND);
    broker.lanes[0]?.destroy(new Error('idle too long'));
    await turn();
    await transport.heartbeat(NODE, HEARTBEAT, SECOND);
    expect(broker.opened).toHaveLength(2);
  });

  it('resetLane ends one connection and leaves the others', async () => {
    const { broker, transport } = setUp();
    broker.on(apis.joinGroup, () => NEVER);
    broker.on(apis.offsetCommit, () => ({ topics: [] }));
    const join = failureOf(transport.joinGroup(NODE, JOIN, SECOND));
    await transport.offsetCommit(NODE, COMMIT, SECOND);
    const reason = new Error('leaving');
    transport.resetLane(NODE, 'group', reason);
    expect(await join).toMatchObject({ kind: 'laneClosed', sent: 'maybe', cause: reason });
    expect(broker.lanes.map(({ lane, destroyed }) => [lane, destroyed])).toEqual([
      ['group', reason],
      ['offsets', undefined],
    ]);
    transport.resetLane(OTHER, 'group', reason);
    expect(broker.opened).toHaveLength(2);
  });

  it('resetLane while opening fails the waiting calls and gives the connection up', async () => {
    const { broker, transport } = setUp();
    let signal: AbortSignal | undefined;
    let finish: () => void = () => undefined;
    broker.opening = (_target, _lane, call) => {
      signal = call.signal;
      return new Promise((resolve) => {
        finish = resolve;
      });
    };
    const call = failureOf(transport.heartbeat(NODE, HEARTBEAT, SECOND));
    await turn();
    transport.resetLane(NODE, 'group', new Error('moved'));
    expect(await call).toMatchObject({ kind: 'laneClosed', sent: 'no' });
    expect(signal?.aborted).toBe(true);
    finish();
    await turn();
    expect(broker.lanes[0]?.destroyed).toBeInstanceOf(Error);
    expect(broker.seen).toEqual([]);
  });
});

describe('SASL sessions (KIP-368)', () => {
  it('takes a fresh connection when most of the session is over', async () => {
    const { broker, transport, clock } = setUp();
    broker.sessionExpiresAt = clock.monotonic() + 10_000;
    await transport.heartbeat(NODE, HEARTBEAT, SECOND);
    await clock.advance(7_900);
    await transport.heartbeat(NODE, HEARTBEAT, SECOND);
    expect(broker.opened).toHaveLength(1);
    await clock.advance(200);
    broker.sessionExpiresAt = clock.monotonic() + 10_000;
    await transport.heartbeat(NODE, HEARTBEAT, SECOND);
    expect(broker.opened).toHaveLength(2);
    expect(broker.lanes.map(({ destroyed }) => destroyed !== undefined)).toEqual([true, false]);
  });

  it('lets what is in flight finish on the old connection', async () => {
    const { broker, transport, clock } = setUp();
    broker.sessionExpiresAt = clock.monotonic() + 1_000;
    let answer: () => void = () => undefined;
    const slow = new Promise<void>((resolve) => {
      answer = resolve;
    });
    broker.on(apis.offsetCommit, async (request) => {
      if (request.memberId === 'slow') await slow;
      return { topics: [] };
    });
    const first = transport.offsetCommit(NODE, { ...COMMIT, memberId: 'slow' }, { timeoutMs: 5_000 });
    await turn();
    await clock.advance(900);
    await transport.offsetCommit(NODE, COMMIT, SECOND);
    expect(broker.lanes.map(({ destroyed }) => destroyed)).toEqual([undefined, undefined]);
    answer();
    await first;
    await turn();
    expect(broker.lanes[0]?.destroyed).toBeInstanceOf(Error);
  });

  it('uses a connection at least once, however short the session', async () => {
    const { broker, transport, clock } = setUp();
    broker.sessionExpiresAt = clock.monotonic() - 1;
    await transport.heartbeat(NODE, HEARTBEAT, SECOND);
    await transport.heartbeat(NODE, HEARTBEAT, SECOND);
    expect(broker.opened).toHaveLength(2);
  });
});
