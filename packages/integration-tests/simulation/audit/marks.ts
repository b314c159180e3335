/** Rare states that a run of many seeds must come to, each at least sometimes: a simulation that never gets there proves nothing about them. */

export const MARKS = {
  'leader dies before it has synced': 'a crash while the leader computes or sends its plan',
  'sync answered by a rebalance': 'SyncGroup gets REBALANCE_IN_PROGRESS',
  'coordinator moves during the two-step join': 'NOT_COORDINATOR after MEMBER_ID_REQUIRED',
  'join outcome unknown': 'a JoinGroup ended without an answer',
  'sync outcome unknown': 'a SyncGroup ended without an answer',
  'commit outcome unknown': 'an OffsetCommit ended without an answer',
  'heartbeat answered after the leave': 'its answer came when LeaveGroup was on its way',
  'commit answered after the revoke': 'its answer came when the term had ended',
  'commit refused by a rebalance': 'OffsetCommit gets REBALANCE_IN_PROGRESS',
  'commit refused after a loss': 'OffsetCommit gets ILLEGAL_GENERATION or UNKNOWN_MEMBER_ID',
  'leave retried': 'a second LeaveGroup of one close',
  'static member replaced': 'a static member came back under a new member id',
  'static leader replaced': 'the one that came back was the leader',
  'instance fenced': 'a second process took the instance id over',
  'two claim one partition': 'two members claim it under the same generation',
  'metadata with fewer partitions': 'an answer had fewer partitions than one before',
  'session expires during the revoke': 'the coordinator removed a member whose onRevoked ran',
  'session expires while a handler runs': 'the coordinator removed a member whose handler ran',
  'close while joining': 'close() between JoinGroup and the end of the sync',
  'close while in doubt': 'close() after the lease had ended',
  'assignment overtaken': 'an onAssigned was aborted because the next rebalance had begun',
  'lease expired': 'ownership came in doubt',
  'lease restored': 'the coordinator accepted the member again, with no JoinGroup',
  'drain cut off': 'work was still in flight when the budget of a revoke was spent',
  'handler stuck': 'a handler ran into the processing deadline',
  'rejoined after a stuck handler': 'the member that had stepped out came back',
  'offsets out of range': 'a position was reset because the log no longer had it',
  'cooperative follow-up': 'a second rebalance gave away what the first had revoked',
  'rebalance during a cooperative revoke': 'a JoinGroup left while partitions drained',
  'coordinator loads': 'COORDINATOR_LOAD_IN_PROGRESS',
  'no node runs': 'the whole cluster was down',
  'plan refused': 'the leader did not use what its assignor gave it',
  'unreadable member': "a member's metadata could not be read by the leader",
  'record handled twice': 'a record was settled again after a crash or a loss',
  'partition of a grown topic handled': 'a record of a partition that was not there at the start',
  'close abandons work': 'close() did not wait any longer',
  'member terminated': 'a member came to a terminal state, as it should',
  'wall clock ends the lease': 'a process that was suspended noticed by the wall clock',
} as const;

export type Mark = keyof typeof MARKS;

export class Marks {
  readonly #counts = new Map<Mark, number>();

  hit(mark: Mark): void {
    this.#counts.set(mark, (this.#counts.get(mark) ?? 0) + 1);
  }

  get counts(): ReadonlyMap<Mark, number> {
    return this.#counts;
  }
}
