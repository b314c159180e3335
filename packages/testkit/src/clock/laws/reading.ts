/** Laws about what a clock shows. */
import { ok } from 'node:assert/strict';
import type { ContractLaw } from '../../conformance.ts';
import type { ClockUnderTest } from '../conformance.ts';

/** How much more than what was waited for a busy machine may take. */
const SLACK_MS = 5_000;
/** In 1973: what is below counts from a start of its own, or in seconds. */
const EARLIEST_WALL = 100_000_000_000;

const milliseconds: ContractLaw<ClockUnderTest> = {
  name: 'milliseconds',
  says: 'both readings move by the milliseconds that pass',
  async check({ clock, pass }) {
    for (const reading of ['monotonic', 'wall'] as const) {
      const before = clock[reading]();
      await pass(40);
      const moved = clock[reading]() - before;
      ok(moved >= 38 && moved <= 40 + SLACK_MS, `${reading}() moved by ${moved} while 40 ms passed`);
    }
  },
};

const epoch: ContractLaw<ClockUnderTest> = {
  name: 'epoch',
  says: 'wall time counts from 1970',
  check({ clock }) {
    const wall = clock.wall();
    ok(Number.isFinite(wall) && wall > EARLIEST_WALL, `wall() is ${wall}`);
  },
};

const forward: ContractLaw<ClockUnderTest> = {
  name: 'forward',
  says: 'monotonic time never goes back',
  async check({ clock, pass }) {
    let before = clock.monotonic();
    ok(Number.isFinite(before), `monotonic() is ${before}`);
    for (let i = 0; i < 1_000; i++) {
      if (i % 250 === 0) await pass(3);
      const now = clock.monotonic();
      ok(now >= before, `monotonic() is ${now} after ${before}`);
      before = now;
    }
  },
};

export const readingLaws = [milliseconds, epoch, forward];
