import { describe, expect, it } from 'vitest';
import { ClassicGroup } from '../../src/group/classic-group.ts';
import { type GroupState, isLegalTransition } from '../../src/group/group-state.ts';
import { GroupTimers } from '../../src/group/group-timers.ts';
import { FakeClock } from './support/fake-clock.ts';

const STATES: readonly GroupState[] = [
  'Empty',
  'PreparingRebalance',
  'CompletingRebalance',
  'Stable',
  'Dead',
];
const LEGAL = new Set([
  'Empty>PreparingRebalance',
  'PreparingRebalance>CompletingRebalance',
  'PreparingRebalance>Empty',
  'CompletingRebalance>Stable',
  'CompletingRebalance>PreparingRebalance',
  'Stable>PreparingRebalance',
  ...STATES.map((state) => `${state}>Dead`),
]);
const PAIRS = STATES.flatMap((from) => STATES.map((to) => ({ from, to, legal: LEGAL.has(`${from}>${to}`) })));

describe('states of a group', () => {
  it.each(PAIRS)('$from to $to: $legal', ({ from, to, legal }) => {
    expect(isLegalTransition(from, to)).toBe(legal);
    const group = new ClassicGroup('g', new GroupTimers(new FakeClock()), 0);
    group.state = from;
    if (legal) {
      group.transitionTo(to, 5);
      expect(group).toMatchObject({ state: to, previousState: from, stateSinceMs: 5 });
    } else {
      expect(() => group.transitionTo(to, 5)).toThrow(`cannot go from ${from} to ${to}`);
      expect(group.state).toBe(from);
    }
  });
});
