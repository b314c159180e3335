/** Every scenario of the suite. */
import { assigning } from './assigning.ts';
import { changes } from './changes.ts';
import { forming } from './forming.ts';
import { handingOver } from './handing-over.ts';
import { handling } from './handling.ts';
import { lease } from './lease.ts';
import { outages } from './outages.ts';
import { resuming } from './resuming.ts';
import type { Scenario } from './scenario.ts';
import { starting } from './starting.ts';

export const everyScenario: readonly Scenario[] = [
  ...forming,
  ...changes,
  ...assigning,
  ...starting,
  ...resuming,
  ...handingOver,
  ...handling,
  ...outages,
  ...lease,
];
