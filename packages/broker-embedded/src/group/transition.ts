/** What the coordinator tells an observer: enough to assert on every move of a group. */
import type { GroupState } from './group-state.ts';

interface Base {
  /** Monotonic clock, ms. */
  readonly atMs: number;
  readonly groupId: string;
}

export type GroupTransition = Base &
  (
    | { readonly type: 'group-created' }
    | { readonly type: 'group-removed'; readonly reason: string }
    | {
        readonly type: 'state';
        readonly from: GroupState;
        readonly to: GroupState;
        readonly generationId: number;
        readonly reason: string;
      }
    /** An id was given with MEMBER_ID_REQUIRED. */
    | { readonly type: 'member-pending'; readonly memberId: string }
    | { readonly type: 'member-added'; readonly memberId: string; readonly groupInstanceId: string | null }
    /** An existing member's JoinGroup was taken in. */
    | { readonly type: 'member-rejoined'; readonly memberId: string; readonly reason: string }
    | {
        readonly type: 'member-replaced';
        readonly memberId: string;
        readonly oldMemberId: string;
        readonly groupInstanceId: string;
      }
    | { readonly type: 'member-removed'; readonly memberId: string; readonly reason: string }
    | { readonly type: 'session-expired'; readonly memberId: string }
    /** The join phase has ended with members. */
    | {
        readonly type: 'generation-started';
        readonly generationId: number;
        readonly leaderId: string;
        readonly protocolName: string;
        readonly memberIds: readonly string[];
      }
    /** By `jumpGeneration`, a fault. */
    | { readonly type: 'generation-jumped'; readonly generationId: number }
    | { readonly type: 'member-synced'; readonly memberId: string; readonly generationId: number }
    /** The leader's assignment is stored. */
    | {
        readonly type: 'assignment-stored';
        readonly generationId: number;
        readonly assignments: ReadonlyMap<string, Uint8Array>;
      }
    /** A parked request that will never be answered, as in Kafka. */
    | {
        readonly type: 'request-abandoned';
        readonly api: 'JoinGroup' | 'SyncGroup';
        readonly memberId: string;
      }
    | {
        readonly type: 'offset-committed';
        readonly topic: string;
        readonly partition: number;
        readonly offset: bigint;
        readonly memberId: string;
        readonly generationId: number;
      }
    | {
        readonly type: 'offset-removed';
        readonly topic: string;
        readonly partition: number;
        readonly reason: string;
      }
  );

/** `Omit` that keeps the alternatives apart. */
type WithoutBase<T> = T extends Base ? Omit<T, keyof Base> : never;

/** A transition before it is stamped. */
export type TransitionDetails = WithoutBase<GroupTransition>;
