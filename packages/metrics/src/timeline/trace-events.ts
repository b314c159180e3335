/** A timeline as Chrome trace events, which Perfetto and `chrome://tracing` open. */
import type { History } from './history.ts';
import { membersOf, rowsOf } from './rows.ts';

/** The parts of the trace event format that are used. Times in microseconds. */
interface TraceEvent {
  readonly ph: 'X' | 'M';
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts?: number;
  readonly dur?: number;
  readonly cat?: string;
  readonly args: Readonly<Record<string, unknown>>;
}

const MICROSECONDS = 1_000;

/** A process for each group; in it a thread for each partition, then one for each member with its rebalances. */
export function traceEventsOf(history: History): {
  traceEvents: readonly TraceEvent[];
  displayTimeUnit: 'ms';
} {
  const rows = rowsOf(history);
  const members = membersOf(history);
  const groups = [...new Set([...rows, ...members].map(({ groupId }) => groupId))];
  const pidOf = (groupId: string) => groups.indexOf(groupId) + 1;
  const at = (from: number, to: number | null) => ({
    ts: (from - history.from) * MICROSECONDS,
    dur: ((to ?? history.to) - from) * MICROSECONDS,
  });
  const name = (
    pid: number,
    tid: number,
    what: 'process_name' | 'thread_name',
    text: string,
  ): TraceEvent => ({
    ph: 'M',
    name: what,
    pid,
    tid,
    args: { name: text },
  });
  const partitions = rows.flatMap(({ groupId, topic, partition, ownerships }, tid): TraceEvent[] => {
    const pid = pidOf(groupId);
    return [
      name(pid, tid, 'thread_name', `${topic}-${partition}`),
      ...ownerships.map(
        ({ member, from, to, generation, began, ended }): TraceEvent => ({
          ph: 'X',
          cat: 'ownership',
          name: member.name,
          pid,
          tid,
          ...at(from, to),
          args: { generation, began, ended },
        }),
      ),
    ];
  });
  const rebalances = members.flatMap((member, i): TraceEvent[] => {
    const [pid, tid] = [pidOf(member.groupId), rows.length + i];
    return [
      name(pid, tid, 'thread_name', `member ${member.name}`),
      ...history.rebalances
        .filter((rebalance) => rebalance.member === member)
        .map(
          ({ from, to, trigger, reason, generation, outcome }): TraceEvent => ({
            ph: 'X',
            cat: 'rebalance',
            name: `rebalance: ${trigger}`,
            pid,
            tid,
            ...at(from, to),
            args: { reason, generation, outcome },
          }),
        ),
    ];
  });
  const processes = groups.map((groupId, i) => name(i + 1, 0, 'process_name', `group ${groupId}`));
  return { traceEvents: [...processes, ...partitions, ...rebalances], displayTimeUnit: 'ms' };
}
