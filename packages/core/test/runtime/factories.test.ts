/** The factories as users call them: options, warnings, readiness, ends. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { KohortEvent } from '../../src/contracts/hooks.ts';
import { createConsumerGroup } from '../../src/create-consumer-group.ts';
import { createDefaults } from '../../src/create-defaults.ts';
import { createGroupManager } from '../../src/create-group-manager.ts';
import { TransportError } from '../../src/errors/transport-error.ts';
import { virtualClock } from '../support/virtual-clock.ts';
import { friendly, P0, P1 } from './harness.ts';
import { failing, ScriptedTransport } from './scripted-transport.ts';

function base(script = friendly()) {
  const clock = virtualClock();
  const transport = new ScriptedTransport(script);
  const options = { groupId: 'g', topics: ['orders'], transport: transport.factory(), clock };
  return { clock, transport, options };
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('createGroupManager', () => {
  it('starts, describes itself, and closes', async () => {
    const { clock, options } = base();
    const manager = createGroupManager(options);
    await clock.runUntil(manager.start());
    expect(manager.describe()).toMatchObject({
      state: 'stable',
      assignments: [P0, P1],
      assignor: 'roundrobin',
    });
    expect(await clock.runUntil(manager.close())).toEqual({ drained: true, abandoned: [], left: true });
    await manager.ended;
    expect(clock.pending).toBe(0);
  });

  it('start rejects in the terminal state, `ended` as well, and nothing is left unhandled', async () => {
    const { clock, options } = base({ ...friendly(), joinGroup: [{ errorCode: 30, memberId: '' }] });
    const manager = createGroupManager(options);
    await expect(clock.runUntil(manager.start())).rejects.toMatchObject({ code: 'KOHORT_AUTHORIZATION' });
    await expect(manager.ended).rejects.toMatchObject({ code: 'KOHORT_AUTHORIZATION' });
    expect(await manager.close()).toMatchObject({ left: false });
  });

  it('warns of dubious options, to the process and to hooks', () => {
    const emitWarning = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const events: KohortEvent[] = [];
    const { options } = base();
    createGroupManager({ ...options, heartbeatInterval: 15_000, hooks: [(event) => events.push(event)] });
    expect(emitWarning).toHaveBeenCalledTimes(1);
    expect(events).toMatchObject([
      { type: 'option.warning', message: expect.stringContaining('heartbeatInterval') },
    ]);
  });

  it('disposes of itself', async () => {
    const { clock, transport, options } = base();
    const manager = createGroupManager(options);
    await clock.runUntil(manager.start());
    await clock.runUntil(manager[Symbol.asyncDispose]());
    expect(transport.closed).toBe(1);
  });

  it('setTopics joins for the new topics, and refuses wrong ones', async () => {
    const { clock, transport, options } = base();
    const manager = createGroupManager(options);
    await clock.runUntil(manager.start());
    expect(() => manager.setTopics([])).toThrow(expect.objectContaining({ code: 'KOHORT_CONFIG' }));
    manager.setTopics(['orders', 'refunds']);
    await clock.advance(1_000);
    expect(manager.describe().topics).toEqual(['orders', 'refunds']);
    expect(transport.count('joinGroup')).toBe(2);
    await clock.runUntil(manager.close());
  });
});

describe('createConsumerGroup', () => {
  it('is used once', async () => {
    const { clock, options } = base();
    const group = createConsumerGroup(options);
    const running = group.run({ eachRecord: () => undefined });
    await expect(group.run({ eachRecord: () => undefined })).rejects.toMatchObject({ code: 'KOHORT_STATE' });
    expect(() => group.batches()).toThrow(expect.objectContaining({ code: 'KOHORT_STATE' }));
    await clock.runUntil(group.close());
    await running;
    await expect(group.run({ eachRecord: () => undefined })).rejects.toMatchObject({ code: 'KOHORT_STATE' });
  });

  it('close before run resolves, and run is refused afterwards', async () => {
    const { transport, options } = base();
    const group = createConsumerGroup(options);
    expect(await group.close()).toEqual({ drained: true, abandoned: [], left: false });
    await expect(group.run({ eachRecord: () => undefined })).rejects.toMatchObject({ code: 'KOHORT_STATE' });
    expect(transport.calls).toEqual([]);
  });

  it('refuses wrong run options before anything happens', async () => {
    const { transport, options } = base();
    const group = createConsumerGroup(options);
    await expect(group.run({})).rejects.toMatchObject({ code: 'KOHORT_CONFIG' });
    expect(transport.calls).toEqual([]);
  });

  it('ready says why it is not, with the last failure as cause', async () => {
    const { clock, options } = base({ ...friendly(), connect: [failing('connect', 'no')] });
    const group = createConsumerGroup(options);
    const running = group.run({ eachRecord: () => undefined });
    const error = await clock.runUntil(group.ready({ timeout: 3_000 }).catch((thrown: Error) => thrown));
    expect(error).toMatchObject({
      code: 'KOHORT_NOT_READY',
      message: expect.stringContaining('scripted connect'),
      cause: { kind: 'connect' },
    });
    await clock.runUntil(group.close());
    await running;
    expect(clock.pending).toBe(0);
  });

  it('ready says it in one sentence that ends once', async () => {
    const connect = [new TransportError('The broker is away.', { kind: 'connect', sent: 'no' })];
    const { clock, options } = base({ ...friendly(), connect });
    const group = createConsumerGroup(options);
    const running = group.run({ eachRecord: () => undefined });
    await expect(clock.runUntil(group.ready({ timeout: 3_000 }))).rejects.toThrow(
      /: 3000 ms have passed; the last failure was: The broker is away\.$/,
    );
    await clock.runUntil(group.close());
    await running;
  });

  it('ready ends with the group', async () => {
    const { clock, options } = base({ ...friendly(), joinGroup: [{ errorCode: 30, memberId: '' }] });
    const group = createConsumerGroup(options);
    const running = group.run({ eachRecord: () => undefined }).catch((error: Error) => error);
    await expect(clock.runUntil(group.ready())).rejects.toMatchObject({
      code: 'KOHORT_NOT_READY',
      cause: { code: 'KOHORT_AUTHORIZATION' },
    });
    expect(await running).toMatchObject({ terminalClass: 'authorization' });
  });

  it('an aborted signal closes the group', async () => {
    const { clock, options } = base();
    const stop = new AbortController();
    const group = createConsumerGroup(options);
    const running = group.run({ eachRecord: () => undefined, signal: stop.signal });
    await clock.advance(100);
    stop.abort();
    await clock.runUntil(running);
    expect(group.describe().state).toBe('closed');
    expect(clock.pending).toBe(0);
  });
});

describe('createDefaults', () => {
  it('fills in what a group leaves out; its own value wins', async () => {
    const { clock, transport, options } = base();
    const { createGroupManager: create } = createDefaults({
      transport: options.transport,
      clock,
      sessionTimeout: 20_000,
      clientId: 'ours',
    });
    const manager = create({ groupId: 'g', topics: ['orders'], clientId: 'mine' });
    await clock.runUntil(manager.start());
    expect(transport.calls.find(({ method }) => method === 'joinGroup')?.args[1]).toMatchObject({
      sessionTimeoutMs: 20_000,
      rebalanceTimeoutMs: 60_000,
    });
    expect(manager.describe().clientId).toBe('mine');
    await clock.runUntil(manager.close());
  });

  it('refuses a wrong default at once', () => {
    expect(() => createDefaults({ sessionTimeout: -1 })).toThrow(
      expect.objectContaining({ code: 'KOHORT_CONFIG', message: expect.stringContaining('sessionTimeout') }),
    );
  });
});
