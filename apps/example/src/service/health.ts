/** What the probes answer, from the description of the group. */
import type { Group } from '@kohort/core';

export interface Health {
  /** Not ok: only a restart helps. */
  liveness(): HealthReport;
  /** Not ok: this member does not take part, or not yet. */
  readiness(): HealthReport;
}

export interface HealthReport {
  readonly ok: boolean;
  readonly state: string;
}

export function healthOf(group: Group): Health {
  return {
    liveness() {
      const { state } = group.describe();
      // `out`: a handler does not end, and the member had to leave because of it.
      return { ok: state !== 'terminal' && state !== 'out', state };
    },
    readiness() {
      const { state, active } = group.describe();
      return { ok: active, state };
    },
  };
}
