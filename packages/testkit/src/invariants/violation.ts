/** What a broken invariant throws: an Error that shows the part of the trace that breaks it. */
import type { Trace } from '../trace/trace.ts';
import type { TraceEvent } from '../trace/trace-event.ts';
import { renderTrace } from '../trace/trace-text.ts';
import { partitionOf } from './reading.ts';

/** How many events an excerpt shows. */
const EXCERPT = 20;

/**
 * @param id the invariant's number and name
 * @param culprit the event that breaks it; the excerpt ends there, or at the end of the trace without one
 */
export function violation(id: string, problem: string, trace: Trace, culprit?: TraceEvent): Error {
  const end = culprit === undefined ? trace.events.length : trace.events.indexOf(culprit) + 1;
  const before = trace.events.slice(0, end);
  const relevant = culprit === undefined ? before : before.filter((event) => concerns(event, culprit));
  const shown = relevant.slice(-EXCERPT);
  const skipped = relevant.length > shown.length ? `… ${relevant.length - shown.length} earlier\n` : '';
  return new Error(`${id} is broken: ${problem}\n${skipped}${renderTrace(shown)}`);
}

/** An event of the same partition, or one of the same actor that is about none. */
function concerns(event: TraceEvent, culprit: TraceEvent): boolean {
  const partition = partitionOf(event);
  if (partition === null) return event.actor === culprit.actor;
  const wanted = partitionOf(culprit);
  return wanted === null ? event.actor === culprit.actor : partition === wanted;
}
