/** Every scenario of the suite. */
import { assigning } from './assigning.ts';
import { changes } from './changes.ts';
import { committing } from './committing.ts';
import { cooperativeGroups } from './cooperative.ts';
import { foreignMembers } from './foreign-members.ts';
import { forming } from './forming.ts';
import { handingOver } from './handing-over.ts';
import { handling } from './handling.ts';
import { lease } from './lease.ts';
import { mistakesOfUsers } from './mistakes-of-users.ts';
import { outages } from './outages.ts';
import { owning } from './owning.ts';
import { reading } from './reading.ts';
import { resuming } from './resuming.ts';
import type { Scenario } from './scenario.ts';
import { shuttingDown } from './shutting-down.ts';
import { slowness } from './slowness.ts';
import { starting } from './starting.ts';
import { strangePorts } from './strange-ports.ts';

export const everyScenario: readonly Scenario[] = [
  ...forming,
  ...changes,
  ...assigning,
  ...cooperativeGroups,
  ...foreignMembers,
  ...owning,
  ...starting,
  ...resuming,
  ...handingOver,
  ...committing,
  ...handling,
  ...mistakesOfUsers,
  ...outages,
  ...slowness,
  ...lease,
  ...shuttingDown,
  ...reading,
  ...strangePorts,
];
