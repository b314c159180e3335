/** What a group tells of its end, and of its transport. */
import { describe, expect, it } from 'vitest';
import type { EventName, Hook, KohortEvent } from '../../src/contracts/hooks.ts';
import type { TransportEvent } from '../../src/contracts/transport.ts';
import { close, friendly, type Harness, harness } from './harness.ts';
import { BROKER } from './scripted-transport.ts';

const throttled: TransportEvent = {
  type: 'throttle',
  lane: 'group',
  broker: BROKER,
  api: 'Heartbeat',
  throttleTimeMs: 7,
};

function hook(seen: KohortEvent[], events?: readonly EventName[]): Hook {
  return {
    name: 'test',
    contractVersion: 1,
    ...(events ? { events } : {}),
    onEvent: (event) => void seen.push(event),
  };
}

function ends({ events }: Harness): readonly KohortEvent[] {
  return events.filter(({ type }) => type === 'close.start' || type === 'close.end');
}

describe('close.start and close.end', () => {
  it('P7: a close is told when it begins and, after everything else, when it is over', async () => {
    const h = harness(
      friendly(),
      {},
      { onRevoked: () => new Promise((resolve) => h.clock.setTimer(resolve, 1_200)) },
    );
    await h.clock.runUntil(h.manager.start());
    await close(h);
    expect(ends(h)).toMatchObject([
      { type: 'close.start', reason: 'test' },
      { type: 'close.end', durationMs: 1_200, drained: true, abandoned: 0, left: true },
    ]);
    expect(h.events.at(-1)?.type).toBe('close.end');
    expect(h.events.findIndex(({ type }) => type === 'close.start')).toBeLessThan(
      h.events.findIndex(({ type }) => type === 'partitions.revoked'),
    );
  });

  it('is told once, however often it is asked for, and not after the end', async () => {
    const h = harness();
    await h.clock.runUntil(h.manager.start());
    const first = h.manager.close({ timeoutMs: 20_000, leave: false, reason: 'test' });
    await close(h, 10_000);
    await first;
    await close(h);
    expect(ends(h).map(({ type }) => type)).toEqual(['close.start', 'close.end']);
  });

  it('a group that was never started closes, too', async () => {
    const h = harness();
    await close(h);
    expect(ends(h)).toMatchObject([{ type: 'close.start' }, { type: 'close.end', left: false }]);
  });

  it('a group that ends by itself has not closed', async () => {
    const h = harness({ ...friendly(), joinGroup: [{ errorCode: 30, memberId: '' }] });
    await expect(h.clock.runUntil(h.manager.start())).rejects.toThrow();
    await h.clock.runUntil(h.manager.ended);
    await close(h);
    expect(ends(h)).toEqual([]);
    expect(h.events.some(({ type }) => type === 'member.terminated')).toBe(true);
  });
});

describe('transport', () => {
  it('is told from the beginning to the closed connections, and then no longer', async () => {
    const h = harness();
    expect(h.transport.listeners.size).toBe(1);
    h.transport.say(throttled);
    await close(h);
    const told = h.events.filter(({ type }) => type === 'transport');
    expect(told).toMatchObject([{ transport: throttled }, { transport: { type: 'laneClose' } }]);
    expect(h.transport.listeners.size).toBe(0);
  });

  it('the transport is listened to only while a hook wants it', async () => {
    const seen: KohortEvent[] = [];
    const h = harness(friendly(), { hooks: [hook(seen, ['commit.end'])] });
    expect(h.transport.listeners.size).toBe(0);
    h.manager.subscribe(hook(seen, ['rebalance.end']));
    expect(h.transport.listeners.size).toBe(0);
    const [one, two] = [
      h.manager.subscribe(hook(seen, ['transport'])),
      h.manager.subscribe(hook([], ['transport'])),
    ];
    expect(h.transport.listeners.size).toBe(1);
    h.transport.say(throttled);
    one();
    expect(h.transport.listeners.size).toBe(1);
    two();
    expect(h.transport.listeners.size).toBe(0);
    expect(seen).toMatchObject([{ type: 'transport', transport: throttled }]);
    await close(h);
  });

  it('a hook that comes after the end does not make it listen again', async () => {
    const h = harness();
    await close(h);
    h.manager.subscribe(() => undefined);
    expect(h.transport.listeners.size).toBe(0);
  });
});
