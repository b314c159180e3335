/**
 * Tools for testing Kohort, its plugins, and code that consumes with it.
 *
 * @example
 * ```ts
 * import { virtualClock } from '@kohort/testkit';
 *
 * const clock = virtualClock();
 * const slept = new Promise<void>((resolve) => clock.setTimer(resolve, 3_600_000));
 * await clock.runUntil(slept, { limitMs: 3_600_000 }); // an hour, in no time
 * ```
 */
export { seededRandom } from './seeded-random.ts';
export {
  type PendingTimer,
  type RunLimits,
  VirtualClock,
  type VirtualClockOptions,
  virtualClock,
} from './virtual-clock.ts';
