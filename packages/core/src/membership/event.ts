/** What can happen to a member: user commands, answers, timers. The runtime makes these; the machine consumes them. */
import type { RebalanceTrigger } from '../contracts/hooks.ts';
import type { BrokerAddress, TopicPartition } from '../contracts/topic-partition.ts';
import type { JoinedMember } from '../contracts/transport.ts';
import type { RequestFailure } from '../contracts/verdict.ts';
import type { TimerName } from './effect.ts';
import type { Failure } from './state.ts';

/** What JoinGroup answered, reduced to what the machine needs. */
export interface JoinAnswer {
  readonly memberId: string;
  readonly generationId: number;
  readonly protocolType: string | null;
  readonly protocolName: string | null;
  readonly leaderId: string;
  readonly skipAssignment: boolean;
  readonly members: readonly JoinedMember[];
}

/** What SyncGroup answered, with the assignment decoded. */
export interface SyncAnswer {
  readonly protocolType: string | null;
  readonly protocolName: string | null;
  readonly partitions: readonly TopicPartition[];
}

export type MembershipEvent =
  | { readonly type: 'start'; readonly topics: readonly string[] }
  | { readonly type: 'subscription'; readonly topics: readonly string[] }
  /** Asks for a rebalance: the leader's metadata moved, the user wants one, a commit said so. */
  | { readonly type: 'rejoin'; readonly trigger: RebalanceTrigger; readonly reason: string }
  | { readonly type: 'close'; readonly leave: boolean; readonly reason: string; readonly timeoutMs: number }
  /** A layer above ends the group. */
  | { readonly type: 'fail'; readonly failure: Failure; readonly timeoutMs: number }
  /** Ends the group at once, without callbacks on the network: Kohort's own work failed too often. */
  | { readonly type: 'abandon'; readonly failure: Failure }
  | { readonly type: 'coordinator'; readonly token: number; readonly coordinator: BrokerAddress }
  /** A request of another kind found that this is not the coordinator, or that it cannot be reached. */
  | { readonly type: 'coordinator-lost'; readonly coordinator: BrokerAddress; readonly reason: string }
  /** `connected`: a broker has been spoken to before, so that the settings are not what is wrong. */
  | {
      readonly type: 'lookup-failed';
      readonly token: number;
      readonly failure: RequestFailure;
      readonly connected: boolean;
    }
  | { readonly type: 'joined'; readonly token: number; readonly answer: JoinAnswer }
  /** `memberId` is the one that came with MEMBER_ID_REQUIRED. */
  | {
      readonly type: 'join-failed';
      readonly token: number;
      readonly failure: RequestFailure;
      readonly memberId: string;
    }
  | {
      readonly type: 'planned';
      readonly token: number;
      readonly assignments: readonly { readonly memberId: string; readonly assignment: Uint8Array }[];
      /** Partitions held back until their owners have given them up: somebody has to ask for the follow-up. */
      readonly deferred: number;
    }
  | { readonly type: 'synced'; readonly token: number; readonly answer: SyncAnswer }
  | { readonly type: 'sync-failed'; readonly token: number; readonly failure: RequestFailure }
  | { readonly type: 'applied'; readonly token: number }
  | { readonly type: 'revoked'; readonly token: number }
  | { readonly type: 'heartbeat'; readonly token: number }
  | { readonly type: 'heartbeat-failed'; readonly token: number; readonly failure: RequestFailure }
  /** A commit failed in a way that says something about the membership. */
  | {
      readonly type: 'commit-failed';
      readonly memberId: string;
      readonly generationId: number;
      readonly failure: RequestFailure;
    }
  /** Handlers of these partitions never settle. */
  | { readonly type: 'step-out'; readonly token: number; readonly stuck: readonly TopicPartition[] }
  /** They have settled after all. */
  | { readonly type: 'step-in'; readonly token: number }
  | { readonly type: 'left'; readonly token: number }
  /** Kohort's own work failed: nothing that was under way can be relied on. */
  | { readonly type: 'crashed' }
  | { readonly type: 'timer'; readonly name: TimerName };
