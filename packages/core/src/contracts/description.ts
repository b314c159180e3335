/** What `describe()` tells: a snapshot for logs, health checks and tests. */
import type { RebalanceProtocol } from './assignor.ts';
import type { RebalanceTrigger } from './hooks.ts';
import type { TopicPartition } from './topic-partition.ts';

/** States of a member; `packages/core/src/membership/state.ts` has their meaning and transitions. */
export type MemberStateName =
  | 'idle'
  | 'joining'
  | 'assigning'
  | 'syncing'
  | 'applying'
  | 'stable'
  | 'draining'
  | 'in-doubt'
  | 'out'
  | 'leaving'
  | 'closed'
  | 'terminal';

export interface GroupDescription {
  readonly groupId: string;
  readonly clientId: string;
  /** Empty while the coordinator has given none. */
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly leaderId: string | null;
  /** For introspection only; partition ownership is what to act on. */
  readonly isLeader: boolean;
  /** -1 while there is none. */
  readonly generationId: number;
  readonly assignor: string | null;
  readonly protocol: RebalanceProtocol | null;
  readonly state: MemberStateName;
  /** Whether this member is in the group: KafkaEx calls it active. */
  readonly active: boolean;
  readonly topics: readonly string[];
  readonly assignments: readonly TopicPartition[];
  readonly coordinator: { readonly nodeId: number; readonly host: string; readonly port: number } | null;
  /** Milliseconds since the epoch, null before the first. */
  readonly lastHeartbeat: number | null;
  readonly lastRebalance: {
    readonly trigger: RebalanceTrigger;
    readonly reason: string;
    readonly durationMs: number;
    readonly at: number;
  } | null;
}
