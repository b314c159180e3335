/** What the machine wants done. The runtime does it and answers with events that carry the token. */
import type { EventFields, EventName, LossReason } from '../contracts/hooks.ts';
import type { BrokerAddress, TopicPartition } from '../contracts/topic-partition.ts';
import type { JoinedMember } from '../contracts/transport.ts';
import type { Failure, Triple } from './state.ts';

/** One timer of each name is armed at most; arming again replaces it. */
export type TimerName = 'lookup' | 'join' | 'heartbeat' | 'lease' | 'join-by' | 'follow-up' | 'end';

/** An event for hooks; the runtime adds the envelope. */
export type Emission = {
  [Name in EventName]: { readonly name: Name; readonly fields: EventFields[Name] };
}[EventName];

export type Effect =
  | { readonly type: 'find-coordinator'; readonly token: number }
  | {
      readonly type: 'join';
      readonly token: number;
      readonly coordinator: BrokerAddress;
      readonly memberId: string;
      readonly topics: readonly string[];
      /** What the member claims, and the generation it was assigned under (KIP-429, KIP-792). */
      readonly owned: readonly TopicPartition[];
      readonly ownedGeneration: number;
      readonly reason: string;
      readonly timeoutMs: number;
    }
  /** This member leads: run the assignor. An answer always comes, if need be with the fallback plan. */
  | {
      readonly type: 'plan';
      readonly token: number;
      readonly triple: Triple;
      readonly members: readonly JoinedMember[];
    }
  /** This member leads a generation that has its plan already (KIP-814): see to it that a cluster that changes is noticed. */
  | { readonly type: 'watch'; readonly members: readonly JoinedMember[] }
  /** The plan under way is not wanted any more. */
  | { readonly type: 'cancel-plan' }
  | {
      readonly type: 'sync';
      readonly token: number;
      readonly coordinator: BrokerAddress;
      readonly triple: Triple;
      readonly assignments: readonly { readonly memberId: string; readonly assignment: Uint8Array }[];
      readonly timeoutMs: number;
    }
  | {
      readonly type: 'heartbeat';
      readonly token: number;
      readonly coordinator: BrokerAddress;
      readonly triple: Triple;
      readonly timeoutMs: number;
      /** A request is parked on the group's own connection: take another one. */
      readonly beside: boolean;
    }
  /** Owned from now on; call `onAssigned` for `added`. */
  | {
      readonly type: 'assign';
      readonly token: number;
      readonly triple: Triple;
      readonly isLeader: boolean;
      readonly added: readonly TopicPartition[];
    }
  /** Drain, commit, call `onRevoked`; owned until the answer, or the deadline. */
  | {
      readonly type: 'revoke';
      readonly token: number;
      readonly partitions: readonly TopicPartition[];
      readonly deadlineMs: number;
      readonly reason: 'rebalance' | 'close' | 'leave';
    }
  /** Not owned from this moment on; call `onLost`. Not answered. */
  | { readonly type: 'lose'; readonly partitions: readonly TopicPartition[]; readonly reason: LossReason }
  /** The lease counts from here. */
  | { readonly type: 'lease'; readonly mono: number; readonly wall: number }
  | {
      readonly type: 'leave';
      readonly token: number;
      readonly memberId: string;
      readonly reason: string;
      readonly timeoutMs: number;
    }
  /** The JoinGroup or SyncGroup that is parked there is not waited for any more. */
  | { readonly type: 'abandon-request'; readonly coordinator: BrokerAddress; readonly reason: string }
  /** Connections to this broker cannot be trusted any more. */
  | { readonly type: 'drop-coordinator'; readonly coordinator: BrokerAddress; readonly reason: string }
  | { readonly type: 'arm'; readonly name: TimerName; readonly delayMs: number; readonly jitter: boolean }
  | { readonly type: 'cancel'; readonly name: TimerName }
  | { readonly type: 'emit'; readonly event: Emission }
  /** The member has ended. */
  | { readonly type: 'end'; readonly failure: Failure | null };
