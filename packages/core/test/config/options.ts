/** Options of a group that is fine, for tests that spoil one of them. */
import { defineAssignor } from '../../src/assignment/define-assignor.ts';
import type { SystemDefaults } from '../../src/config/resolve.ts';
import type { Clock } from '../../src/contracts/clock.ts';
import type { ConsumerGroupOptions } from '../../src/contracts/options.ts';
import type { TransportFactory } from '../../src/contracts/transport.ts';

export const systemClock: Clock = { monotonic: () => 0, wall: () => 0, setTimer: () => ({ cancel() {} }) };
export const system: SystemDefaults = { clock: systemClock, random: () => 0.5 };

export const transport: TransportFactory = {
  name: 'test',
  contractVersion: 1,
  create() {
    throw new Error('no test of options connects');
  },
};

export const cooperative = defineAssignor({
  name: 'coop',
  protocols: ['cooperative', 'eager'],
  assign: () => ({ partitions: [] }),
});

export const fine: ConsumerGroupOptions = { groupId: 'g', topics: ['orders'], transport };

/** For values that TypeScript would refuse. */
export const untyped = (value: unknown) => value as never;
