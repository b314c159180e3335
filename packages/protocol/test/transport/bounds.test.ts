// Deadlines, aborts and close: every call ends, once, in time, and leaves no timer and no listener.
import { describe, expect, it } from 'vitest';
import { apis } from '../../src/messages.ts';
import { turn } from './support/fake-clock.ts';
import { failureOf, HEARTBEAT, JOIN, NEVER, NODE, SECOND, type Setup, setUp } from './support/setup.ts';

const COMMIT = { groupId: 'g', generationId: 3, memberId: 'm', offsets: [] };
const FETCH = {
  rack: '',
  isolationLevel: 'read_uncommitted' as const,
  maxWaitMs: 500,
  minBytes: 1,
  maxBytes: 1_000,
  partitions: [],
};

/** One parked call for each lane, by lane. */
const PARKED = {
  group: ({ transport }: Setup, call: object) => transport.heartbeat(NODE, HEARTBEAT, { ...SECOND, ...call }),
  leave: ({ transport }: Setup, call: object) =>
    transport.leaveGroup(NODE, { groupId: 'g', members: [{ memberId: 'm' }] }, { ...SECOND, ...call }),
  offsets: ({ transport }: Setup, call: object) =>
    transport.offsetCommit(NODE, COMMIT, { ...SECOND, ...call }),
  fetch: ({ transport }: Setup, call: object) => transport.fetch(NODE, FETCH, { ...SECOND, ...call }),
  control: ({ transport }: Setup, call: object) =>
    transport.listOffsets(NODE, { isolationLevel: 'read_committed', partitions: [] }, { ...SECOND, ...call }),
};
const LANES = Object.keys(PARKED) as (keyof typeof PARKED)[];

function parked(): Setup {
  const setup = setUp();
  setup.broker
    .on(apis.heartbeat, () => NEVER)
    .on(apis.leaveGroup, () => NEVER)
    .on(apis.offsetCommit, () => NEVER)
    .on(apis.fetch, () => NEVER)
    .on(apis.listOffsets, () => NEVER);
  return setup;
}

/** A signal that counts its listeners. */
function countedSignal() {
  const controller = new AbortController();
  const { signal } = controller;
  const counts = { added: 0, removed: 0 };
  const { addEventListener, removeEventListener } = signal;
  signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
    counts.added += 1;
    addEventListener.apply(signal, args);
  };
  signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
    counts.removed += 1;
    removeEventListener.apply(signal, args);
  };
  return { controller, signal, counts };
}

describe('deadlines', () => {
  it.each(LANES)('%s: rejects at the deadline, not before, with sent maybe', async (lane) => {
    const setup = parked();
    let settled = false;
    const call = failureOf(PARKED[lane](setup, { timeoutMs: 700 }));
    void call.then(() => {
      settled = true;
    });
    await setup.clock.advance(699);
    expect(settled).toBe(false);
    await setup.clock.advance(1);
    expect(settled).toBe(true);
    expect(await call).toMatchObject({ kind: 'timeout', sent: 'maybe', lane, broker: NODE, retriable: true });
    expect((await call).message).toContain('within 700 ms');
    expect(setup.clock.timers).toBe(0);
  });

  it.each(LANES)(
    '%s: a silent connection goes with the deadline, and the next call gets a fresh one',
    async (lane) => {
      const setup = parked();
      const call = failureOf(PARKED[lane](setup, {}));
      await setup.clock.advance(1_000);
      await call;
      expect(setup.broker.lanes[0]?.destroyed).toBe(await call);
      const next = failureOf(PARKED[lane](setup, {}));
      await setup.clock.advance(1_000);
      await next;
      expect(setup.broker.opened).toHaveLength(2);
    },
  );

  it('keeps a connection that has answered other requests since', async () => {
    const { broker, transport, clock } = setUp();
    const answers: (() => void)[] = [];
    broker.on(apis.offsetCommit, () => new Promise((resolve) => answers.push(() => resolve({ topics: [] }))));
    const quick = transport.offsetCommit(NODE, COMMIT, SECOND);
    await turn();
    await clock.advance(500);
    const slow = failureOf(transport.offsetCommit(NODE, COMMIT, { timeoutMs: 100 }));
    const patient = transport.offsetCommit(NODE, COMMIT, { timeoutMs: 5_000 });
    await turn();
    answers[0]?.();
    await quick;
    await clock.advance(100);
    expect(await slow).toMatchObject({ kind: 'timeout' });
    expect(broker.lanes[0]?.destroyed).toBeUndefined();
    answers[1]?.();
    await turn();
    answers[2]?.();
    expect(await patient).toEqual({ throttleTimeMs: 0, partitions: [] });
    expect(broker.opened).toHaveLength(1);
  });

  it('counts the time spent opening, and gives the opening up', async () => {
    const { broker, transport, clock } = setUp();
    let signal: AbortSignal | undefined;
    broker.opening = (_target, _lane, call) => {
      signal = call.signal;
      return NEVER;
    };
    const short = failureOf(transport.heartbeat(NODE, HEARTBEAT, { timeoutMs: 200 }));
    const long = failureOf(transport.heartbeat(NODE, HEARTBEAT, { timeoutMs: 300 }));
    await clock.advance(200);
    expect(await short).toMatchObject({ kind: 'timeout', sent: 'no' });
    expect(signal?.aborted).toBe(false);
    await clock.advance(100);
    expect(await long).toMatchObject({ kind: 'timeout', sent: 'no' });
    expect(signal?.aborted).toBe(true);
    expect(clock.timers).toBe(0);
  });

  it('a call that waits behind another ends with sent no, and leaves the other alone', async () => {
    const { broker, transport, clock } = setUp();
    broker.on(apis.joinGroup, () => NEVER);
    const join = failureOf(transport.joinGroup(NODE, JOIN, { timeoutMs: 65_000 }));
    const heartbeat = failureOf(transport.heartbeat(NODE, HEARTBEAT, SECOND));
    await clock.advance(1_000);
    expect(await heartbeat).toMatchObject({ kind: 'timeout', sent: 'no' });
    expect(broker.lanes[0]?.destroyed).toBeUndefined();
    await clock.advance(64_000);
    expect(await join).toMatchObject({ kind: 'timeout', sent: 'maybe', api: 'JoinGroup' });
  });

  it.each([0, -1, Number.NaN])(
    'a call without time (%s ms) ends before anything is opened',
    async (timeoutMs) => {
      const { broker, transport, clock } = setUp();
      expect(await failureOf(transport.heartbeat(NODE, HEARTBEAT, { timeoutMs }))).toMatchObject({
        kind: 'timeout',
        sent: 'no',
      });
      expect(broker.opened).toEqual([]);
      expect(clock.timers).toBe(0);
    },
  );

  it('a late answer changes nothing', async () => {
    const { broker, transport, clock } = setUp();
    const kinds: string[] = [];
    transport.subscribe((event) =>
      kinds.push(event.type === 'request' ? `request ${event.error}` : event.type),
    );
    let answer: () => void = () => undefined;
    broker.on(apis.offsetCommit, async () => {
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
      return { topics: [] };
    });
    const controller = new AbortController();
    const call = failureOf(transport.offsetCommit(NODE, COMMIT, { ...SECOND, signal: controller.signal }));
    await turn();
    controller.abort();
    await call;
    answer();
    await turn();
    expect(kinds).toEqual(['laneOpen', 'request aborted']);
    broker.on(apis.offsetCommit, () => ({ topics: [] }));
    expect(await transport.offsetCommit(NODE, COMMIT, SECOND)).toEqual({ throttleTimeMs: 0, partitions: [] });
    expect(clock.timers).toBe(0);
  });
});

describe('aborts', () => {
  it('before: nothing is opened or sent', async () => {
    const { broker, transport, clock } = setUp();
    const reason = new Error('enough');
    const call = failureOf(
      transport.heartbeat(NODE, HEARTBEAT, { ...SECOND, signal: AbortSignal.abort(reason) }),
    );
    expect(await call).toMatchObject({ kind: 'aborted', sent: 'no', cause: reason, retriable: false });
    expect(broker.opened).toEqual([]);
    expect(clock.timers).toBe(0);
  });

  it('while opening: sent no, and the opening is given up', async () => {
    const { broker, transport } = setUp();
    let opening: AbortSignal | undefined;
    broker.opening = (_target, _lane, { signal }) => {
      opening = signal;
      return NEVER;
    };
    const controller = new AbortController();
    const call = failureOf(transport.heartbeat(NODE, HEARTBEAT, { ...SECOND, signal: controller.signal }));
    await turn();
    controller.abort();
    expect(await call).toMatchObject({ kind: 'aborted', sent: 'no' });
    expect(opening?.aborted).toBe(true);
  });

  it.each(LANES)('%s, in flight: sent maybe at once', async (lane) => {
    const setup = parked();
    const { controller, signal, counts } = countedSignal();
    const call = failureOf(PARKED[lane](setup, { signal }));
    await turn();
    controller.abort(new Error('closing'));
    expect(await call).toMatchObject({ kind: 'aborted', sent: 'maybe', lane });
    const isLost = lane === 'group' || lane === 'leave';
    expect(setup.broker.lanes[0]?.destroyed !== undefined).toBe(isLost);
    expect(counts).toEqual({ added: 1, removed: 1 });
    expect(setup.clock.timers).toBe(0);
  });

  it('after: nothing happens, and the listener is gone', async () => {
    const { broker, transport } = setUp();
    const { controller, signal, counts } = countedSignal();
    expect(await transport.heartbeat(NODE, HEARTBEAT, { ...SECOND, signal })).toMatchObject({ errorCode: 0 });
    expect(counts).toEqual({ added: 1, removed: 1 });
    controller.abort();
    await turn();
    expect(broker.lanes[0]?.destroyed).toBeUndefined();
    expect(await transport.heartbeat(NODE, HEARTBEAT, SECOND)).toMatchObject({ errorCode: 0 });
    expect(broker.opened).toHaveLength(1);
  });
});

describe('close', () => {
  it('rejects what is parked, what waits and what opens, at once and without the broker', async () => {
    const { broker, transport, clock } = setUp();
    broker.on(apis.joinGroup, () => NEVER);
    const join = failureOf(transport.joinGroup(NODE, JOIN, SECOND));
    const waiting = failureOf(transport.heartbeat(NODE, HEARTBEAT, SECOND));
    await turn();
    broker.opening = () => NEVER;
    const opening = failureOf(transport.offsetCommit(NODE, COMMIT, SECOND));
    await turn();
    await transport.close();
    expect(await join).toMatchObject({ kind: 'closed', sent: 'maybe', retriable: false });
    expect(await waiting).toMatchObject({ kind: 'closed', sent: 'no' });
    expect(await opening).toMatchObject({ kind: 'closed', sent: 'no' });
    expect(broker.lanes.every(({ destroyed }) => destroyed !== undefined)).toBe(true);
    expect(clock.timers).toBe(0);
  });

  it('twice and at the same time is once', async () => {
    const { broker, transport } = setUp();
    const closing = transport.close();
    expect(transport.close()).toBe(closing);
    await closing;
    expect(transport.close()).toBe(closing);
    expect(broker.closes).toBe(1);
  });

  it('refuses calls afterwards', async () => {
    const { broker, transport } = setUp();
    await transport.close();
    expect(await failureOf(transport.heartbeat(NODE, HEARTBEAT, SECOND))).toMatchObject({
      kind: 'closed',
      sent: 'no',
    });
    expect(await failureOf(transport.connect(SECOND))).toMatchObject({ kind: 'closed', sent: 'no' });
    expect(broker.opened).toEqual([]);
  });

  it('one transport of a factory does not touch another', async () => {
    const one = setUp();
    const other = setUp();
    await one.transport.heartbeat(NODE, HEARTBEAT, SECOND);
    await other.transport.heartbeat(NODE, HEARTBEAT, SECOND);
    await one.transport.close();
    expect(other.broker.lanes[0]?.destroyed).toBeUndefined();
  });
});
