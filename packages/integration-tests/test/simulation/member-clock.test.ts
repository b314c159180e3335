/** The time of a simulated process: drift, a wall clock that is set, standing still. */
import { virtualClock } from '@kohort/testkit';
import { expect, it } from 'vitest';
import { MemberClock } from '../../simulation/members/member-clock.ts';

function started() {
  const inner = virtualClock();
  const clock = new MemberClock(inner);
  const fired: [string, number][] = [];
  const arm = (name: string, ms: number) => clock.setTimer(() => fired.push([name, inner.monotonic()]), ms);
  return { inner, clock, fired, arm };
}

it('a fast clock fires early, and is never early by its own time', async () => {
  const { inner, clock, fired, arm } = started();
  clock.setRate(1.05);
  arm('a', 1_050);
  await inner.advance(1_000);
  expect(fired).toEqual([['a', 1_000]]);
  expect(clock.monotonic()).toBeGreaterThanOrEqual(1_050);
  expect(clock.wall() - inner.wall()).toBeCloseTo(50);
});

it('after SIGSTOP everything that was due happens at once, in order, and both clocks have gone on', async () => {
  const { inner, clock, fired, arm } = started();
  arm('late', 400);
  arm('early', 200);
  await inner.advance(100);
  const goOn = clock.stop('stopped');
  const running = clock.running()?.then(() => fired.push(['answer', inner.monotonic()]));
  await inner.advance(5_000);
  expect(fired).toEqual([]);
  goOn();
  await inner.advance(1);
  await running;
  expect(fired).toEqual([
    ['early', 5_100],
    ['late', 5_100],
    ['answer', 5_100],
  ]);
  expect(clock.monotonic()).toBe(5_101);
  expect(clock.stoodStillMs).toBe(5_000);
});

it('a suspended machine has lost time by the monotonic clock, and not by the wall clock', async () => {
  const { inner, clock, fired, arm } = started();
  const wall = clock.wall();
  arm('a', 300);
  await inner.advance(100);
  const goOn = clock.stop('suspended');
  await inner.advance(10_000);
  goOn();
  expect(clock.monotonic()).toBe(100);
  expect(clock.wall() - wall).toBe(10_100);
  await inner.advance(200);
  expect(fired).toEqual([['a', 10_300]]);
});

it('the wall clock can be set without anything else', async () => {
  const { inner, clock } = started();
  clock.shiftWall(-3_600_000);
  await inner.advance(10);
  expect(clock.monotonic()).toBe(10);
  expect(clock.wall()).toBe(inner.wall() - 3_600_000);
});

it('a cancelled timer does not come back with the process', async () => {
  const { inner, clock, fired, arm } = started();
  const timer = arm('a', 100);
  const goOn = clock.stop('stopped');
  timer.cancel();
  await inner.advance(500);
  goOn();
  await inner.advance(500);
  expect(fired).toEqual([]);
  expect(clock.pending).toBe(0);
});
