import { expect, test } from 'vitest';
import { allFinished } from '../../src/handover/stage/load.ts';
import { acked, call } from './observed.ts';

const member = (...events: readonly ReturnType<typeof call>[]) => ({ events: events.flat() });

test('every acknowledged record has been finished by somebody', () => {
  const acks = [acked(1, 0, 2)];
  expect(allFinished(acks, [member(call(2, 0, 3)), member(call(2, 1, 3))])).toBe(true);
  expect(allFinished(acks, [member(call(2, 0, 3), call(2, 1))])).toBe(false);
});
