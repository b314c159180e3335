/** Invariants of delivery: only while owned, and in order. */
import type { Trace } from '../trace/trace.ts';
import type { TraceEvent } from '../trace/trace-event.ts';
import { entry, requireOffset, requirePartition } from './reading.ts';
import { violation } from './violation.ts';

/** I3: a member gets records of a partition between the end of `assigned` and the beginning of `revoked` or `lost` only. */
export function assertDeliveryWithinTerm(trace: Trace): void {
  const owned = new Set<string>();
  for (const event of trace.events) {
    if (event.type === 'assigned') owned.add(termKey(event));
    else if (event.type === 'revoked' || event.type === 'lost') owned.delete(termKey(event));
    else if (event.type === 'record.start' && !owned.has(termKey(event))) {
      const what = `${requirePartition(event)} offset ${requireOffset(event)}`;
      throw violation(
        'I3, delivery within the term',
        `${event.actor} gets ${what} and does not own it`,
        trace,
        event,
      );
    }
  }
}

/** Where delivery of one term stands. */
interface TermProgress {
  last: bigint;
  /** The handler failed on `last`, so that it may be handed over once more. */
  failed: boolean;
}

/**
 * I11: in a term, offsets ascend, except for another attempt after a failure and after a `seek`. For partitions with
 * `produced` events, none of those is passed over.
 */
export function assertOrderWithinTerm(trace: Trace): void {
  const produced = producedOffsets(trace);
  const terms = new Map<string, TermProgress>();
  for (const event of trace.events) {
    if (event.type === 'assigned' || event.type === 'seek') {
      terms.delete(termKey(event));
    } else if (event.type === 'record.end') {
      const term = terms.get(termKey(event));
      if (term !== undefined && term.last === requireOffset(event))
        term.failed = event.fields.outcome === 'error';
    } else if (event.type === 'record.start') {
      const offset = requireOffset(event);
      const term = terms.get(termKey(event));
      const problem =
        term === undefined ? null : orderProblem(term, offset, produced.get(requirePartition(event)));
      if (problem !== null) throw violation('I11, order inside a term', problem, trace, event);
      terms.set(termKey(event), { last: offset, failed: false });
    }
  }
}

function orderProblem(
  term: TermProgress,
  offset: bigint,
  produced: readonly bigint[] | undefined,
): string | null {
  if (offset === term.last && term.failed) return null;
  if (offset <= term.last) return `offset ${offset} comes after ${term.last}`;
  const missing = produced === undefined ? undefined : firstAbove(produced, term.last);
  return missing === undefined || missing >= offset
    ? null
    : `offset ${offset} comes after ${term.last}, and ${missing} was passed over`;
}

/** The least of ascending `offsets` that is above `bound`. */
function firstAbove(offsets: readonly bigint[], bound: bigint): bigint | undefined {
  let low = 0;
  for (let high = offsets.length; low < high; ) {
    const middle = (low + high) >> 1;
    if ((offsets[middle] as bigint) > bound) high = middle;
    else low = middle + 1;
  }
  return offsets[low];
}

/** Offsets of the whole trace by partition, ascending. */
function producedOffsets(trace: Trace): Map<string, bigint[]> {
  const offsets = new Map<string, bigint[]>();
  for (const event of trace.events) {
    if (event.type === 'produced')
      entry(offsets, requirePartition(event), () => []).push(requireOffset(event));
  }
  for (const list of offsets.values()) list.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return offsets;
}

function termKey(event: TraceEvent): string {
  return `${event.actor} ${requirePartition(event)}`;
}
