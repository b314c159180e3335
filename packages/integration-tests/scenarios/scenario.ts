/** A scenario: what happens and what must be observed, on any backend that can do it. */
import type { BackendSetup, Capability } from './backend.ts';
import type { World } from './world.ts';

export interface Scenario {
  /** Carries the ids of failure scenarios (S01 …) and the numbers of promises (P1 …). */
  readonly title: string;
  readonly needs?: readonly Capability[];
  readonly setup?: BackendSetup;
  run(world: World): Promise<void>;
}
