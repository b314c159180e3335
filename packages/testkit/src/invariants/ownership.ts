/** Invariants of who owns what: one owner at a time, and callbacks in their order. */
import type { Trace } from '../trace/trace.ts';
import type { TraceEvent } from '../trace/trace-event.ts';
import { entry, partitionOf, requirePartition } from './reading.ts';
import { violation } from './violation.ts';

/**
 * I1: at no moment do two members own one partition. A member whom the coordinator has removed (`fenced`) owns nothing
 * any more, whatever it believes.
 */
export function assertExclusiveOwnership(trace: Trace): void {
  const owners = new Map<string, string>();
  for (const event of trace.events) {
    if (event.type === 'assigned') {
      const partition = requirePartition(event);
      const owner = owners.get(partition) ?? event.actor;
      if (owner !== event.actor) {
        throw violation(
          'I1, exclusive ownership',
          `${owner} and ${event.actor} own ${partition}`,
          trace,
          event,
        );
      }
      owners.set(partition, event.actor);
    } else if (event.type === 'revoked' || event.type === 'lost' || event.type === 'fenced') {
      endOwnership(owners, event);
    }
  }
}

function endOwnership(owners: Map<string, string>, event: TraceEvent): void {
  const ended = event.type === 'fenced' ? null : requirePartition(event);
  for (const [partition, owner] of owners) {
    if (owner === event.actor && (ended === null || ended === partition)) owners.delete(partition);
  }
}

/**
 * I15: for each member and partition the callbacks follow the grammar `(assigned (revoked | lost))*`, callbacks of one
 * member do not overlap, and nothing follows `closed`.
 */
export function assertCallbackGrammar(trace: Trace): void {
  const members = new Map<string, CallbackState>();
  for (const event of trace.events) {
    const state = entry(members, event.actor, newCallbackState);
    const problem = followCallback(state, event);
    if (problem !== null) throw violation('I15, callback grammar', problem, trace, event);
  }
}

interface CallbackState {
  readonly owned: Set<string>;
  running: string | null;
  closed: boolean;
}

function newCallbackState(): CallbackState {
  return { owned: new Set(), running: null, closed: false };
}

const CALLBACK_EVENTS: ReadonlySet<string> = new Set([
  'assigned',
  'revoked',
  'lost',
  'callback.start',
  'callback.end',
  'record.start',
]);

/** What is wrong with the event after those before it, null for nothing. */
function followCallback(state: CallbackState, event: TraceEvent): string | null {
  if (state.closed && CALLBACK_EVENTS.has(event.type))
    return `${event.actor} gets ${event.type} after it has closed`;
  const partition = partitionOf(event) ?? '';
  switch (event.type) {
    case 'assigned':
      if (state.owned.has(partition)) return `${event.actor} is assigned ${partition}, which it owns`;
      state.owned.add(partition);
      return null;
    case 'revoked':
    case 'lost':
      return state.owned.delete(partition)
        ? null
        : `${event.type} of ${partition}, which ${event.actor} does not own`;
    case 'callback.start':
      if (state.running !== null)
        return `${String(event.fields.callback)} begins while ${state.running} runs`;
      state.running = String(event.fields.callback);
      return null;
    case 'callback.end':
      state.running = null;
      return null;
    case 'closed':
      state.closed = true;
      return state.owned.size === 0
        ? null
        : `${event.actor} closed while it owns ${[...state.owned].join(', ')}`;
    default:
      return null;
  }
}
