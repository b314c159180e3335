/** Observations made by hand: what members and producer would have logged, as short words. */
import type { Observation } from '../../src/handover/audit/observation.ts';
import type { Ack, MemberEvent } from '../../src/handover/log-lines.ts';

/** A handler's call for a record of partition 0, from `at` to `end`; without an end it never returned. */
export function call(at: number, offset: number, end?: number): readonly MemberEvent[] {
  const place = { partition: 0, offset };
  const began: MemberEvent = { kind: 'began', at, ...place };
  return end === undefined ? [began] : [began, { kind: 'finished', at: end, ...place }];
}

export function assigned(at: number, partitions: readonly number[] = [0]): readonly MemberEvent[] {
  return [{ kind: 'assigned', at, partitions }];
}

/** `count` records of partition 0 from `offset` on, acknowledged at `at`. */
export function acked(at: number, offset: number, count = 1): Ack {
  return { at, partition: 0, offset, count };
}

export function observation(
  members: Readonly<Record<string, readonly (readonly MemberEvent[])[]>>,
  acks: readonly Ack[],
  times: { readonly steps?: readonly number[]; readonly until?: number } = {},
): Observation {
  return {
    partitions: 1,
    members: Object.entries(members).map(([name, events]) => ({
      name,
      events: events.flat().toSorted((a, b) => a.at - b.at),
    })),
    acks,
    steps: times.steps ?? [0],
    until: times.until ?? 10_000,
  };
}
