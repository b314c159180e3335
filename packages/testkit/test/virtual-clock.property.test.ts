import fc from 'fast-check';
import { expect, it } from 'vitest';
import { virtualClock } from '../src/index.ts';

it('fires what was not cancelled, sorted by due time and arming, whatever the mix', async () => {
  const plan = fc.array(fc.record({ delay: fc.nat(50), cancel: fc.boolean() }), { maxLength: 200 });
  await fc.assert(
    fc.asyncProperty(plan, async (timers) => {
      const clock = virtualClock({ settleTurns: 0 });
      const fired: number[] = [];
      const armed = timers.map(({ delay }, i) => clock.setTimer(() => fired.push(i), delay));
      timers.forEach(({ cancel }, i) => {
        if (cancel) armed[i]?.cancel();
      });
      const expected = timers
        .map(({ delay, cancel }, i) => ({ delay, cancel, i }))
        .filter(({ cancel }) => !cancel)
        .sort((a, b) => a.delay - b.delay || a.i - b.i)
        .map(({ i }) => i);
      expect(clock.pending).toBe(expected.length);
      await clock.runUntilIdle();
      expect(fired).toEqual(expected);
    }),
    { numRuns: 200 },
  );
});
