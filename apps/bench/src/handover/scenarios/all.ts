/** All scenarios, in the order in which they are run. */
import { brokersGone, killCoordinator, restartBrokers } from './broker-faults.ts';
import { blockedLoop, freezeMember, killMember, slowHandler } from './crashes.ts';
import { rollingRestart, rollingRestartStatic, scale } from './restarts.ts';
import type { Scenario } from './scenario.ts';

export const SCENARIOS: readonly Scenario[] = [
  rollingRestart,
  rollingRestartStatic,
  killMember,
  freezeMember,
  slowHandler,
  blockedLoop,
  scale,
  killCoordinator,
  restartBrokers,
  brokersGone,
];
