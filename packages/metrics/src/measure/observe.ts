/** Turns events into counts and times, for whatever library keeps them. */
import type { EventName, KohortEvent } from '@kohort/core/spi';
import type { Labels, Measurements } from './measurements.ts';
import type { Observation, Observations } from './observation.ts';
import { CLIENT_OBSERVATIONS } from './observe-client.ts';
import { MEMBERSHIP_OBSERVATIONS } from './observe-membership.ts';
import { REBALANCE_OBSERVATIONS } from './observe-rebalance.ts';
import { WORK_OBSERVATIONS } from './observe-work.ts';
import { Scope } from './scope.ts';

const TABLES: readonly Observations[] = [
  MEMBERSHIP_OBSERVATIONS,
  REBALANCE_OBSERVATIONS,
  WORK_OBSERVATIONS,
  CLIENT_OBSERVATIONS,
];

/** The events that count. */
export const OBSERVED_EVENTS: readonly EventName[] = TABLES.flatMap(
  (table) => Object.keys(table) as EventName[],
);

const BY_EVENT: ReadonlyMap<string, Observation> = new Map(
  TABLES.flatMap((table) => Object.entries(table) as [string, Observation][]),
);

export class Observer {
  readonly #scope: Scope;

  /** @param topic labels of a topic, `{}` where topics are not told apart */
  constructor(measurements: Measurements, topic: (topic: string) => Labels) {
    this.#scope = new Scope(measurements, topic);
  }

  observe(event: KohortEvent): void {
    this.#scope.enter(event.groupId);
    BY_EVENT.get(event.type)?.(this.#scope, event);
  }
}
