/** Why a group is not healthy, for programs and for people. */

export type HealthReasonCode =
  | 'terminal'
  | 'stuck-handler'
  | 'not-started'
  | 'not-joined'
  | 'in-doubt'
  | 'closing'
  | 'assignor-failed'
  | 'partitions-stalled'
  | 'coordinator-unreachable';

export interface HealthReason {
  readonly code: HealthReasonCode;
  readonly message: string;
}
