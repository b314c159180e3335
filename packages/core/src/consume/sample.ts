/** What is told of the owned partitions at intervals: computed when the time has come, so that no record pays for it. */
import type { EventFields } from '../contracts/hooks.ts';
import { lagOf } from './lag.ts';
import type { Pump } from './pump.ts';
import type { Task } from './task.ts';

type Sample = EventFields['lag.sample']['partitions'];

/** @param running the tasks of handler calls that are under way */
export function sampleOf(pumps: Iterable<Pump>, running: readonly Task[]): Sample {
  const lowest = new Map<Pump, number>();
  for (const task of running) noteLowest(task, lowest);
  return [...pumps].flatMap((pump) => {
    const lag = lagOf(pump);
    if (!lag) return [];
    for (const task of [...pump.waiting, ...pump.due]) noteLowest(task, lowest);
    const timestamp = lowest.get(pump) ?? pump.buffer.nextTimestamp;
    return {
      ...lag.toJSON(),
      logStartOffset: pump.logStartOffset?.toString() ?? null,
      timestamp: timestamp < 0 ? null : timestamp,
      inFlight: pump.inFlight,
      bufferedBytes: pump.buffer.bytes,
    };
  });
}

/** Notes the timestamp of the lowest record of a partition that has not settled, if this task has it. */
function noteLowest({ pump, mark, offsets, records }: Task, lowest: Map<Pump, number>): void {
  if (mark !== pump.mark) return;
  const record = records[offsets.indexOf(mark.low)];
  if (record) lowest.set(pump, record.timestamp);
}
