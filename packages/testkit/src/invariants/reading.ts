/** How invariants read the fields of events, and refuse events that lack them. */
import type { TraceEvent } from '../trace/trace-event.ts';

/** `topic-partition` of an event, null for one that is about no partition. */
export function partitionOf(event: TraceEvent): string | null {
  const { topic, partition } = event.fields;
  return typeof topic === 'string' && typeof partition === 'number' ? `${topic}-${partition}` : null;
}

/** @throws Error for an event that should be about a partition and is not */
export function requirePartition(event: TraceEvent): string {
  const partition = partitionOf(event);
  if (partition === null) throw new Error(`Event ${event.index} (${event.type}) has no topic and partition.`);
  return partition;
}

/** @throws Error for an event that should have an offset and has none */
export function requireOffset(event: TraceEvent): bigint {
  const { offset } = event.fields;
  if (typeof offset === 'bigint' || typeof offset === 'number' || typeof offset === 'string')
    return BigInt(offset);
  throw new Error(`Event ${event.index} (${event.type}) has no offset.`);
}

/** Whether the event says that a record has been settled. */
export function settles(event: TraceEvent): boolean {
  return event.type === 'record.end' && (event.fields.outcome ?? 'ok') === 'ok';
}

/** The value under `key`, made when it is not there yet. */
export function entry<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
