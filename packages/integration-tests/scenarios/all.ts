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

/** By the name of the file that has them. */
export const scenariosByFile: Readonly<Record<string, readonly Scenario[]>> = {
  forming,
  changes,
  assigning,
  cooperative: cooperativeGroups,
  'foreign-members': foreignMembers,
  owning,
  starting,
  resuming,
  'handing-over': handingOver,
  committing,
  handling,
  'mistakes-of-users': mistakesOfUsers,
  outages,
  slowness,
  lease,
  'shutting-down': shuttingDown,
  reading,
  'strange-ports': strangePorts,
};

export const everyScenario: readonly Scenario[] = Object.values(scenariosByFile).flat();
