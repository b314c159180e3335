/** The membership machine: `(state, event, now) -> { state, effects }`. No I/O, no timer, no clock, no chance; only dispatch here. */
import { beats, sendHeartbeat } from './beating.ts';
import { lookUp } from './coordinator.ts';
import { type Draft, move, openRebalance } from './draft.ts';
import type { Effect, TimerName } from './effect.ts';
import { onAbandon, onClose, onEndTimer, onFail } from './ending.ts';
import type { MembershipEvent } from './event.ts';
import { judge } from './failure.ts';
import { follow, restart } from './following.ts';
import { onHeartbeat, onHeartbeatFailed, onHeartbeatTimer } from './heartbeat.ts';
import { onJoined, onJoinFailed, onJoinTimer, onPlanned, onSynced, onSyncFailed, pursue } from './joining.ts';
import { onLeaseTimer, watchLease } from './lease.ts';
import { onCoordinator, onCoordinatorLost, onLookupFailed, onLookupTimer } from './lookup.ts';
import { rejoin } from './rejoining.ts';
import { onApplied, onFollowUpTimer, onJoinByTimer, onRevoked } from './revoking.ts';
import { isCurrent, type Membership, type Moment } from './state.ts';
import { onLeft, onStepIn, onStepOut } from './stepping-out.ts';

export interface StepResult {
  readonly state: Membership;
  /** To be carried out in this order. */
  readonly effects: readonly Effect[];
}

/** The next state of a member. `state` is left as it is. */
export function step(state: Membership, event: MembershipEvent, now: Moment): StepResult {
  // What was under way when the member ended still answers: it begins nothing any more, and arms no timer.
  if (state.state === 'closed' || state.state === 'terminal') return { state, effects: [] };
  const d: Draft = { m: { ...state }, effects: [], now };
  dispatch(d, event);
  advance(d, state.coordinator === null);
  watchLease(d, state.contact, state.owned.length > 0);
  return { state: d.m, effects: d.effects };
}

/** What is due in the state that the event led to, whichever event it was. */
function advance(d: Draft, coordinatorWasUnknown: boolean): void {
  pursue(d);
  if (!beats(d.m)) return;
  if (!d.m.coordinator) lookUp(d);
  else if (coordinatorWasUnknown) sendHeartbeat(d);
}

type Handlers = {
  readonly [Type in MembershipEvent['type']]: (
    d: Draft,
    event: Extract<MembershipEvent, { type: Type }>,
  ) => void;
};

const HANDLERS: Handlers = {
  start: onStart,
  subscription: onSubscription,
  rejoin: (d, event) => rejoin(d, event.trigger, event.reason),
  close: onClose,
  fail: onFail,
  abandon: onAbandon,
  coordinator: onCoordinator,
  'coordinator-lost': onCoordinatorLost,
  'lookup-failed': onLookupFailed,
  joined: onJoined,
  'join-failed': onJoinFailed,
  planned: onPlanned,
  synced: onSynced,
  'sync-failed': onSyncFailed,
  applied: onApplied,
  revoked: onRevoked,
  heartbeat: onHeartbeat,
  'heartbeat-failed': onHeartbeatFailed,
  'commit-failed': onCommitFailed,
  'step-out': onStepOut,
  'step-in': onStepIn,
  left: onLeft,
  crashed: restart,
  timer: (d, event) => TIMERS[event.name](d),
};

function dispatch<Type extends MembershipEvent['type']>(
  d: Draft,
  event: Extract<MembershipEvent, { type: Type }>,
): void {
  HANDLERS[event.type as Type](d, event);
}

const TIMERS: Readonly<Record<TimerName, (d: Draft) => void>> = {
  lookup: onLookupTimer,
  join: onJoinTimer,
  heartbeat: onHeartbeatTimer,
  lease: onLeaseTimer,
  'join-by': onJoinByTimer,
  'follow-up': onFollowUpTimer,
  end: onEndTimer,
};

function onStart(d: Draft, { topics }: { readonly topics: readonly string[] }): void {
  if (d.m.state !== 'idle') return;
  d.m.topics = topics;
  move(d, 'joining', 'started');
  openRebalance(d, 'initial', 'started');
}

function onSubscription(d: Draft, { topics }: { readonly topics: readonly string[] }): void {
  const { m } = d;
  if (topics.length === m.topics.length && topics.every((topic, i) => topic === m.topics[i])) return;
  m.topics = topics;
  rejoin(d, 'subscription', 'the subscribed topics have changed');
}

/** A commit of the present triple that says the membership is over, or that a rebalance is under way. */
function onCommitFailed(d: Draft, event: Extract<MembershipEvent, { type: 'commit-failed' }>): void {
  const { m } = d;
  const current = isCurrent(m, event);
  const verdict = judge(d, 'OffsetCommit', event.failure, current ? 'current' : 'stale');
  // What the group may not do, it may not do in any generation; the commit has been given up, and its partition with it.
  if (verdict.action === 'fatal') follow(d, 'OffsetCommit', event.failure, verdict);
  if (verdict.action !== 'rejoin' || !current) return;
  if (!verdict.lost) rejoin(d, 'commit', 'a commit met a rebalance');
  else if (m.owned.length > 0) follow(d, 'OffsetCommit', event.failure, verdict);
}
