/** The states of a classic group and the moves between them (`ClassicGroupState` in apache/kafka). */

/** Spelled as DescribeGroups and ListGroups spell them. */
export type GroupState =
  /** No members; offsets may remain. */
  | 'Empty'
  /** Members are asked to join again; heartbeats are answered 27 until they do. */
  | 'PreparingRebalance'
  /** Every member has joined; the leader owes the assignment. */
  | 'CompletingRebalance'
  /** Every member can have its assignment. */
  | 'Stable'
  /** Removed or handed to another coordinator. Final. */
  | 'Dead';

/** From which states a state may be entered. */
const LEGAL_PREDECESSORS: Readonly<Record<GroupState, readonly GroupState[]>> = {
  Empty: ['PreparingRebalance'],
  PreparingRebalance: ['Empty', 'CompletingRebalance', 'Stable'],
  CompletingRebalance: ['PreparingRebalance'],
  Stable: ['CompletingRebalance'],
  Dead: ['Empty', 'PreparingRebalance', 'CompletingRebalance', 'Stable', 'Dead'],
};

export function isLegalTransition(from: GroupState, to: GroupState): boolean {
  return LEGAL_PREDECESSORS[to].includes(from);
}
