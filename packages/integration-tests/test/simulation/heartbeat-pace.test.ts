/** P1: which heartbeats the auditor takes for late. */
import { virtualClock } from '@kohort/testkit';
import { expect, it } from 'vitest';
import { HeartbeatPace } from '../../simulation/audit/heartbeat-pace.ts';
import { MemberClock } from '../../simulation/members/member-clock.ts';

const INTERVAL_MS = 2_000;

function setUp() {
  const time = virtualClock();
  const clock = new MemberClock(time);
  return { time, clock, pace: new HeartbeatPace(clock, INTERVAL_MS) };
}

it('one interval after the last one left', async () => {
  const { time, pace } = setUp();
  pace.sent();
  await time.advance(500);
  pace.accepted();
  await time.advance(2_499);
  expect(pace.sent()).toBe(0);
  pace.accepted();
  await time.advance(3_001);
  expect(pace.sent()).toBe(1_001);
});

it('at once when the answer took longer than the interval', async () => {
  const { time, pace } = setUp();
  pace.sent();
  await time.advance(4_000);
  pace.accepted();
  await time.advance(900);
  expect(pace.sent()).toBe(0);
});

it('not when something else has come between, not even with an answer that comes behind it', async () => {
  const { time, pace } = setUp();
  pace.sent();
  pace.interrupted();
  pace.accepted();
  await time.advance(60_000);
  expect(pace.sent()).toBe(0);
});

it('not when the process has stood still', async () => {
  const { time, clock, pace } = setUp();
  pace.sent();
  pace.accepted();
  const goOn = clock.stop('stopped');
  await time.advance(10_000);
  goOn();
  expect(pace.sent()).toBe(0);
});
