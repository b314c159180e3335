/** What has been seen from outside during one scenario: all that the auditor judges by. */
import type { Ack, MemberEvent } from '../log-lines.ts';

export interface Observation {
  readonly partitions: number;
  /** Each process is a member of its own, also when it follows another one under the same instance id. */
  readonly members: readonly { readonly name: string; readonly events: readonly MemberEvent[] }[];
  readonly acks: readonly Ack[];
  /** When each step of the scenario began. The first is when the group was at rest and nothing had been done to it. */
  readonly steps: readonly number[];
  /** When the observation ended. */
  readonly until: number;
}

/** One call of a handler. */
export interface Call {
  readonly at: number;
  readonly member: string;
  readonly offset: number;
  /** Infinity where the handler did not return. */
  readonly finishedAt: number;
}

/** All that happened to one partition, each list in the order of time. */
export interface Timeline {
  readonly partition: number;
  readonly calls: readonly Call[];
  readonly assigned: readonly { readonly at: number; readonly member: string }[];
  readonly acks: readonly Ack[];
}

export function timelinesOf({ partitions, members, acks }: Observation): readonly Timeline[] {
  const calls = members.flatMap(({ name, events }) => callsOf(name, events));
  const byTime = <T extends { readonly at: number }>(list: readonly T[]) =>
    list.toSorted((a, b) => a.at - b.at);
  return Array.from({ length: partitions }, (_, partition) => ({
    partition,
    calls: byTime(calls.filter((call) => call.partition === partition)),
    assigned: byTime(
      members.flatMap(({ name, events }) =>
        events.flatMap((event) =>
          event.kind === 'assigned' && event.partitions.includes(partition)
            ? [{ at: event.at, member: name }]
            : [],
        ),
      ),
    ),
    acks: byTime(acks.filter((ack) => ack.partition === partition)),
  }));
}

function callsOf(member: string, events: readonly MemberEvent[]): (Call & { readonly partition: number })[] {
  const calls: { at: number; member: string; partition: number; offset: number; finishedAt: number }[] = [];
  const open = new Map<string, typeof calls>();
  for (const event of events) {
    if (event.kind === 'assigned') continue;
    const { at, partition, offset } = event;
    const place = `${partition} ${offset}`;
    const waiting = open.get(place) ?? [];
    open.set(place, waiting);
    if (event.kind === 'began') {
      const call = { at, member, partition, offset, finishedAt: Number.POSITIVE_INFINITY };
      calls.push(call);
      waiting.push(call);
    } else {
      const call = waiting.shift();
      if (call !== undefined) call.finishedAt = at;
    }
  }
  return calls;
}
