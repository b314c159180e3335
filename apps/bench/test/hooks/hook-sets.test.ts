import type { KohortEvent } from '@kohort/core';
import { expect, test } from 'vitest';
import { HOOK_SETS, hooksOf } from '../../src/hooks/hook-sets.ts';

const event: KohortEvent = {
  v: 1,
  seq: 1,
  ts: 1,
  mono: 1,
  groupId: 'g',
  clientId: 'c',
  memberId: 'm',
  generationId: 1,
  type: 'partitions.assigned',
  partitions: [{ topic: 't', partition: 0 }],
  callbackMs: 0,
};

test('every sink is there, takes events, and all of them are all of them', async () => {
  const names = new Map<string, readonly string[]>();
  for (const set of HOOK_SETS) {
    const hooks = await hooksOf(set);
    names.set(
      set,
      hooks.map((hook) => (typeof hook === 'function' ? 'function' : hook.name)),
    );
    for (const hook of hooks) typeof hook === 'function' ? hook(event) : hook.onEvent(event);
  }
  expect(names.get('none')).toEqual([]);
  expect(names.get('empty')).toHaveLength(1);
  const sinks = HOOK_SETS.filter((set) => !['none', 'empty', 'all'].includes(set));
  expect(names.get('all')).toEqual(sinks.flatMap((set) => names.get(set) ?? []));
  expect(new Set(names.get('all')).size).toBe(5);
});
