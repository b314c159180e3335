/** Hooks that throw, take their time, or change what they are handed: the group does not notice. */
import { describe, expect, it } from 'vitest';
import type { KohortEvent } from '../../src/contracts/hooks.ts';
import { close, friendly, harness, P0, P1 } from './harness.ts';

/** Tries to change everything that an event holds, however deep. */
function vandal(failures: string[]) {
  const spoil = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [name, inner] of Object.entries(value)) {
      spoil(inner);
      if (Reflect.set(value, name, 'spoilt')) failures.push(name);
    }
    if (Reflect.defineProperty(value, 'extra', { value: 1 })) failures.push('extra');
  };
  return (event: KohortEvent) => spoil(event);
}

describe('a hook', () => {
  it('cannot change an event, nor what the group itself works with', async () => {
    const changed: string[] = [];
    const h = harness(friendly());
    h.manager.subscribe(vandal(changed));
    await h.clock.runUntil(h.manager.start());
    expect(h.manager.describe().assignments).toEqual([P0, P1]);
    await close(h);
    expect(changed).toEqual([]);
    expect(h.calls.at(-1)).toBe('revoked 0,1');
  });

  it('that throws at everything is told once, and the others hear all', async () => {
    const h = harness(friendly());
    const seen: string[] = [];
    h.manager.subscribe(function broken() {
      throw new Error('no');
    });
    h.manager.subscribe(({ type }) => seen.push(type));
    await h.clock.runUntil(h.manager.start());
    await close(h);
    const told = h.events.filter(({ type }) => type === 'hook.error');
    expect(told).toMatchObject([{ hook: 'broken', message: 'no' }]);
    expect(seen).toEqual(expect.arrayContaining(['rebalance.end', 'partitions.revoked', 'close.end']));
  });
});
