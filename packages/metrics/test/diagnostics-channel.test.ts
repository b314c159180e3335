// Diagnostics channels: what is published, when, and what happens when a subscriber throws.

import { AsyncLocalStorage } from 'node:async_hooks';
import { execFile } from 'node:child_process';
import { type ChannelListener, subscribe, tracingChannel, unsubscribe } from 'node:diagnostics_channel';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { embeddedBroker } from '@kohort/broker-embedded';
import { createConsumerGroup, type RunOptions } from '@kohort/core';
import { virtualClock } from '@kohort/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import { diagnosticsChannel, type ProcessMessage, tracedByChannel } from '../src/diagnostics-channel.ts';
import { eventsOf, rebalanceEnd } from './events.ts';
import { EVERY_EVENT } from './every-event.ts';

const event = eventsOf();
const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

function listen(name: string, listener: ChannelListener): void {
  subscribe(name, listener);
  cleanups.push(() => unsubscribe(name, listener));
}

/** Phases of a tracing channel as they come, each with what its message then says. */
function phasesOf(name: string): string[] {
  const seen: string[] = [];
  for (const phase of ['start', 'end', 'asyncStart', 'asyncEnd', 'error']) {
    listen(`tracing:${name}:${phase}`, (message) => {
      const { result, error } = message as { result?: unknown; error?: unknown };
      seen.push(
        [phase, ...(result === undefined ? [] : ['result']), ...(error === undefined ? [] : ['error'])].join(
          ' ',
        ),
      );
    });
  }
  return seen;
}

describe('diagnosticsChannel', () => {
  it('publishes every event on its channel, as it is', () => {
    const hook = diagnosticsChannel();
    for (const type of Object.keys(EVERY_EVENT) as (keyof typeof EVERY_EVENT)[]) {
      const got: unknown[] = [];
      listen(`kohort:${type}`, (message) => got.push(message));
      const told = event(type, EVERY_EVENT[type]);
      hook.onEvent(told as Parameters<typeof hook.onEvent>[0]);
      expect(got, type).toEqual([told]);
      expect(got[0]).toBe(told);
    }
  });

  it('takes only the events that it is asked for', () => {
    expect(diagnosticsChannel().events).toBeUndefined();
    expect(diagnosticsChannel({ events: ['rebalance.end'] }).events).toEqual(['rebalance.end']);
  });

  it('traces a rebalance from its first sign to its end, and an abandoned one as an error', () => {
    const seen = phasesOf('kohort:rebalance');
    const hook = diagnosticsChannel();
    const start = { trigger: 'heartbeat', reason: 'r', previousOwned: 1 } as const;
    hook.onEvent(event('rebalance.start', start));
    expect(seen.splice(0)).toEqual(['start', 'end']);
    hook.onEvent(event('rebalance.end', rebalanceEnd));
    expect(seen.splice(0)).toEqual(['asyncStart result', 'asyncEnd result']);
    hook.onEvent(event('rebalance.start', start));
    hook.onEvent(event('rebalance.end', { ...rebalanceEnd, outcome: 'abandoned' }));
    expect(seen.slice(2)).toEqual(['error result error', 'asyncStart result error', 'asyncEnd result error']);
    hook.onEvent(event('rebalance.end', rebalanceEnd));
    expect(seen).toHaveLength(5);
  });

  it('a subscriber that throws is an uncaught exception, and neither the group nor the others notice', async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [
        '--conditions=@kohort/source',
        '--import',
        'tsx',
        fileURLToPath(new URL('./throwing-subscriber.ts', import.meta.url)),
      ],
      { timeout: 20_000 },
    );
    expect(JSON.parse(stdout)).toEqual({
      handled: 1,
      heard: true,
      uncaught: ['from a subscriber'],
      hookErrors: 0,
    });
  });
});

/** Handles one record, and gives what the group says of its end. */
async function handleOne(run: RunOptions): Promise<void> {
  const clock = virtualClock();
  const broker = embeddedBroker({ clock, topics: { orders: { partitions: 1 } } });
  await broker.produce('orders', [{ value: 'a', headers: { traceparent: '00-a' } }]);
  const group = createConsumerGroup({
    groupId: 'g',
    topics: ['orders'],
    transport: broker.transport(),
    autoOffsetReset: 'earliest',
  });
  void group.run(tracedByChannel(run, { groupId: 'g' }));
  await clock.runUntil(broker.settled('g'));
  await clock.runUntil(group.close());
  await broker.close();
}

describe('tracedByChannel', () => {
  it.each<[string, RunOptions, readonly string[]]>([
    ['returns', { eachRecord: () => 'done' }, ['start', 'end result']],
    [
      'resolves',
      { eachRecord: async () => 'done' },
      ['start', 'end', 'asyncStart result', 'asyncEnd result'],
    ],
    [
      'throws once',
      {
        eachRecord: (_, { attempt }) => {
          if (attempt === 1) throw new Error('no');
          return 'done';
        },
      },
      ['start', 'error error', 'end error', 'start', 'end result'],
    ],
    [
      'rejects once',
      {
        eachBatch: async (_, { attempt }) => {
          if (attempt === 1) throw new Error('no');
          return 'done';
        },
      },
      [
        'start',
        'end',
        'error error',
        'asyncStart error',
        'asyncEnd error',
        'start',
        'end',
        'asyncStart result',
        'asyncEnd result',
      ],
    ],
  ])('traces a handler that %s', async (_, run, phases) => {
    const seen = phasesOf('kohort:process');
    await handleOne(run);
    expect(seen).toEqual(phases);
  });

  it('hands over what the handler gets, and keeps bound stores while it runs', async () => {
    const store = new AsyncLocalStorage<string>();
    const channels = tracingChannel<unknown, ProcessMessage>('kohort:process');
    channels.start.bindStore(store, ({ topic, partition, attempt, groupId, record }) =>
      [groupId, topic, partition, attempt, record?.headers.get('traceparent')?.toString()].join(' '),
    );
    cleanups.push(() => channels.start.unbindStore(store));
    const inside: unknown[] = [];
    await handleOne({
      eachRecord: async () => {
        await Promise.resolve();
        inside.push(store.getStore());
      },
    });
    expect(inside).toEqual(['g orders 0 1 00-a']);
  });

  it('is not there while nobody subscribes', () => {
    const batches = { topic: 't', partition: 0, records: [] };
    const { eachBatch } = tracedByChannel({ eachBatch: () => 'done' });
    expect(eachBatch?.(batches as never, {} as never)).toBe('done');
  });

  it('refuses a bare handler, saying what it takes', () => {
    const handler: unknown = () => undefined;
    expect(() => tracedByChannel(handler as RunOptions)).toThrow(
      'tracedByChannel(): takes the options of run()',
    );
  });
});
