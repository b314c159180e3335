/** What fine options become: defaults, normalised values, frozen settings, and warnings. */
import { describe, expect, it } from 'vitest';
import { checkCloseOptions, checkRunOptions } from '../../src/config/call-options.ts';
import { checkDefaults, withConsumerDefaults, withManagerDefaults } from '../../src/config/merge-defaults.ts';
import { resolveConsumer, resolveManager } from '../../src/config/resolve.ts';
import type { ConsumerGroupOptions } from '../../src/contracts/options.ts';
import { roundRobin } from '../../src/runtime/round-robin.ts';
import { cooperative, fine, system, systemClock, transport, untyped } from './options.ts';

describe('defaults', () => {
  const { settings, consumer, warnings } = resolveConsumer(fine, system);

  it('are those of the documentation', () => {
    expect(settings).toEqual({
      groupId: 'g',
      clientId: 'kohort',
      groupInstanceId: undefined,
      rack: undefined,
      topics: ['orders'],
      transport,
      assignors: [expect.objectContaining({ name: 'roundrobin' })],
      heartbeatInterval: 5_000,
      sessionTimeout: 30_000,
      sessionTimeoutPadding: 10_000,
      rebalanceTimeout: 90_000,
      requestTimeout: 30_000,
      metadataMaxAge: 60_000,
      maxProcessingTime: 300_000,
      closeTimeout: 20_000,
      retryBackoff: { initial: 100, max: 1_000, jitter: 0.2 },
      crashLoop: { max: 10, within: 60_000 },
      lease: 'strict',
      verdicts: undefined,
      hooks: [],
      clock: systemClock,
      random: system.random,
    });
    expect(consumer).toEqual({
      rack: undefined,
      autoOffsetReset: 'latest',
      newPartitions: 'earliest',
      isolationLevel: 'read_uncommitted',
      commitInterval: 5_000,
      commitThreshold: 100,
      maxProcessingTime: 300_000,
      drainTimeout: 30_000,
      concurrency: { total: 64, perPartition: 1, ordering: 'partition', window: 1_000 },
      fetchMaxWait: 500,
      fetchMinBytes: 1,
      fetchMaxBytes: 52_428_800,
      maxBytesPerPartition: 1_048_576,
      maxBufferedBytes: 67_108_864,
      maxBatchRecords: 500,
      metadataMaxAge: 60_000,
      requestTimeout: 30_000,
      retryBackoff: { initial: 100, max: 1_000, jitter: 0.2 },
      stallAfter: 60_000,
      onHandlerError: undefined,
      offsets: undefined,
      callbacks: {},
    });
    expect(warnings).toEqual([]);
  });

  it('follow a short session timeout, so that one option is enough', () => {
    const short = resolveConsumer({ ...fine, sessionTimeout: 1_200 }, system);
    expect(short.settings).toMatchObject({
      heartbeatInterval: 400,
      rebalanceTimeout: 3_600,
      retryBackoff: { initial: 100, max: 200 },
    });
    expect(short.consumer.drainTimeout).toBe(1_200);
    expect(short.warnings).toEqual([]);
    expect(resolveManager({ ...fine, sessionTimeout: 6 }, system).settings).toMatchObject({
      heartbeatInterval: 2,
      retryBackoff: { initial: 1, max: 1 },
    });
  });

  it('never leave what a request field holds', () => {
    const { settings: long } = resolveManager({ ...fine, sessionTimeout: 2 ** 31 - 1 }, system);
    expect(long.rebalanceTimeout).toBe(2 ** 31 - 1);
  });

  it('are frozen', () => {
    for (const part of [
      settings,
      consumer,
      settings.topics,
      settings.assignors,
      settings.hooks,
      consumer.concurrency,
    ]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
  });
});

describe('values', () => {
  it('of undefined count as absent', () => {
    const options = untyped({
      ...fine,
      sessionTimeout: undefined,
      rack: undefined,
      concurrency: { total: undefined },
    });
    expect(resolveConsumer(options, system).settings.sessionTimeout).toBe(30_000);
    expect(resolveConsumer(options, system).consumer.concurrency.total).toBe(64);
  });

  it.each(['größe-日本-😀', '__proto__', 'constructor', ' ', 'a'.repeat(32_767)])(
    'may be an odd group id',
    (groupId) => {
      expect(resolveConsumer({ ...fine, groupId }, system).settings.groupId).toBe(groupId);
    },
  );

  it('may be odd topic names', () => {
    const topics = ['__proto__', 'constructor', 'x'.repeat(249), '...', '-', '__consumer_offsets'];
    expect(resolveConsumer({ ...fine, topics }, system).settings.topics).toEqual(topics);
  });

  it('of patterns lose the flags that keep state', () => {
    const pattern = /^orders\./giy;
    pattern.lastIndex = 3;
    const [copy] = resolveConsumer({ ...fine, topics: [pattern] }, system).settings.topics;
    expect(copy).toEqual(/^orders\./i);
    expect(pattern.lastIndex).toBe(3);
  });

  it.each(['none', new Date(5), { ago: 3_600_000 }] as const)(
    'of the reset policy are handed on: %o',
    (reset) => {
      expect(resolveConsumer({ ...fine, autoOffsetReset: reset }, system).consumer.autoOffsetReset).toBe(
        reset,
      );
    },
  );

  it('of a plain function become an assignor', () => {
    const { assignors } = resolveConsumer(
      { ...fine, assignors: [(_) => new Map(), roundRobin()] },
      system,
    ).settings;
    expect(assignors.map(({ name }) => name)).toEqual(['custom', 'roundrobin']);
  });

  it('of the clock come from the group, else from the transport, else from the system', () => {
    const own = { ...systemClock };
    const brought = { ...transport, clock: { ...systemClock } };
    expect(resolveManager({ ...fine, transport: brought }, system).settings.clock).toBe(brought.clock);
    expect(resolveConsumer({ ...fine, transport: brought, clock: own }, system).settings.clock).toBe(own);
  });

  it('of callbacks are handed on', () => {
    const onLost = () => {};
    expect(resolveManager({ ...fine, onLost }, system).callbacks).toEqual({ onLost });
    expect(resolveConsumer({ ...fine, onLost }, system).consumer.callbacks).toEqual({ onLost });
  });

  it('that are functions of hooks stay as they are', () => {
    const hook = () => {};
    expect(resolveManager({ ...fine, hooks: [hook] }, system).settings.hooks).toEqual([hook]);
  });
});

describe('warnings', () => {
  it.each<[string, Partial<ConsumerGroupOptions>]>([
    ['KOHORT_WARN_HEARTBEAT', { heartbeatInterval: 10_001 }],
    ['KOHORT_WARN_REBALANCE_TIMEOUT', { rebalanceTimeout: 29_999, drainTimeout: 1_000 }],
    ['KOHORT_WARN_PADDING', { sessionTimeoutPadding: 4_999 }],
    ['KOHORT_WARN_LEASE', { lease: 'off' }],
    ['KOHORT_WARN_EAGER', { assignors: [cooperative, roundRobin()] }],
    ['KOHORT_WARN_ASSIGNOR_FUNCTION', { assignors: [() => new Map()] }],
    ['KOHORT_WARN_DRAIN', { drainTimeout: 45_001 }],
    ['KOHORT_WARN_CLOSE', { closeTimeout: 999 }],
    ['KOHORT_WARN_BUFFER', { maxBufferedBytes: 1_000 }],
  ])('%s', (code, dubious) => {
    expect(resolveConsumer({ ...fine, ...dubious }, system).warnings).toEqual([
      { code, message: expect.any(String) },
    ]);
  });

  it.each<[string, Partial<ConsumerGroupOptions>]>([
    ['a heartbeat of a third', { heartbeatInterval: 10_000 }],
    ['a rebalance timeout of a session', { rebalanceTimeout: 30_000, drainTimeout: 15_000 }],
    ['a cooperative assignor alone', { assignors: [cooperative] }],
  ])('do not come for %s', (_, options) => {
    expect(resolveConsumer({ ...fine, ...options }, system).warnings).toEqual([]);
  });
});

describe('defaults of the process', () => {
  const defaults = checkDefaults({
    transport,
    sessionTimeout: 20_000,
    commitInterval: 1_000,
    retryBackoff: { max: 500 },
  });

  it("give way to the group's own values, taken whole", () => {
    const merged = withConsumerDefaults(defaults, {
      groupId: 'g',
      topics: ['t'],
      sessionTimeout: 9_000,
      commitInterval: untyped(undefined),
      retryBackoff: { initial: 50 },
    });
    expect(merged).toEqual({
      groupId: 'g',
      topics: ['t'],
      transport,
      sessionTimeout: 9_000,
      commitInterval: 1_000,
      retryBackoff: { initial: 50 },
    });
  });

  it('of consumers do not concern a manager, its own wrong names do', () => {
    expect(withManagerDefaults(defaults, { groupId: 'g' })).toEqual({
      groupId: 'g',
      transport,
      sessionTimeout: 20_000,
      retryBackoff: { max: 500 },
    });
    expect(withManagerDefaults(defaults, { commitInterval: 7 })).toHaveProperty('commitInterval', 7);
  });

  it.each([{ sessionTimeout: 'x' }, { sesionTimeout: 5 }, null])(
    'are checked when they are set: %o',
    (wrong) => {
      expect(() => checkDefaults(untyped(wrong))).toThrow(expect.objectContaining({ code: 'KOHORT_CONFIG' }));
    },
  );
});

describe('options of run and close', () => {
  const eachRecord = () => {};

  it('are handed on', () => {
    const run = { eachRecord, settle: 'manual', until: 'end', signal: new AbortController().signal } as const;
    expect(checkRunOptions(run)).toBe(run);
    expect(checkCloseOptions()).toEqual({});
    expect(checkCloseOptions({ timeout: 0, leave: true })).toEqual({ timeout: 0, leave: true });
  });

  it.each([
    ['no handler', {}, 'eachRecord'],
    ['two handlers', { eachRecord, eachBatch: eachRecord }, 'eachBatch'],
    ['a handler that is no function', { eachRecord: 'x' }, 'eachRecord'],
    ['an unknown settle', { eachRecord, settle: 'auto-ish' }, 'settle'],
    ['an unknown until', { eachRecord, until: 'never' }, 'until'],
    ['a signal that is none', { eachRecord, signal: {} }, 'signal'],
    ['an unknown name', { eachMessage: eachRecord }, 'eachMessage'],
    ['nothing', undefined, 'options'],
  ])('of run are refused for %s', (_, options, named) => {
    expect(() => checkRunOptions(untyped(options))).toThrow(
      expect.objectContaining({ code: 'KOHORT_CONFIG', message: expect.stringContaining(named) }),
    );
  });

  it.each([
    [{ timeout: -1 }, 'timeout'],
    [{ leave: 'yes' }, 'leave'],
    [{ timout: 1 }, 'timout'],
  ])('of close are refused: %o', (options, named) => {
    expect(() => checkCloseOptions(untyped(options))).toThrow(
      expect.objectContaining({ code: 'KOHORT_CONFIG', message: expect.stringContaining(named) }),
    );
  });
});
