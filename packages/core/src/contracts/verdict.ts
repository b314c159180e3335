/**
 * What a failed group request means for the member: the vocabulary of the error tables, and of the `verdicts`
 * option that overrides one of their cells.
 */
import type { TerminalClass } from '../errors/error-codes.ts';
import type { TransportErrorKind } from '../errors/transport-error.ts';

/** The requests that the error tables cover. */
export type GroupApi =
  | 'FindCoordinator'
  | 'JoinGroup'
  | 'SyncGroup'
  | 'Heartbeat'
  | 'LeaveGroup'
  | 'OffsetCommit'
  | 'OffsetFetch';

/**
 * How a request failed: by a broker error code, without an answer, or with an answer that contradicts the request
 * (`protocol-mismatch`: JoinGroup or SyncGroup of a group with another protocol, KIP-559; `partition-missing`: an
 * offset answer that leaves out a partition that was asked for).
 */
export type RequestFailure =
  | { readonly errorCode: number }
  | { readonly transport: TransportErrorKind; readonly sent: 'no' | 'maybe' }
  | { readonly answer: 'protocol-mismatch' | 'partition-missing' };

/** All that a verdict depends on beside the failure. */
export interface VerdictState {
  /** Where the member was when the failure arrived. `completing`: JoinGroup answered, SyncGroup not. */
  readonly phase: 'unjoined' | 'preparing' | 'completing' | 'stable';
  /** Whether (generation, member id, instance id) of the request are still those of the member (KAFKA-9823). */
  readonly triple: 'current' | 'stale';
  /** The member id came with a JoinGroup that the coordinator may have lost when it moved: an older id of the same instance may count again. */
  readonly superseded: boolean;
  /** The member is the leader of its generation. */
  readonly leader: boolean;
  /** The group is closing: nothing is joined any more. */
  readonly leaving: boolean;
  /** A connection to some broker has worked since the group was started. */
  readonly connected: boolean;
}

/**
 * One declared outcome for each failure.
 *
 * - `ignore`: nothing changes.
 * - `retry`: the same request again, after a backoff.
 * - `rediscover`: forget the coordinator, find it again, then `next`.
 * - `rejoin`: JoinGroup, with the member id kept, reset, or taken from the answer; `atOnce` without a backoff (under
 *   the guard against storms); `lost` gives up what is owned first, without a commit. `commit` is what becomes of the
 *   commit that failed.
 * - `surface`: the caller is told; `again` says whether the same work is tried later.
 * - `fatal`: the group ends; `hint` is the remedy; `lost` says that ownership has already ended.
 */
export type Verdict =
  | { readonly action: 'ignore' }
  | { readonly action: 'retry' }
  | { readonly action: 'rediscover'; readonly next: 'retry' | 'rejoin' | 'stay' }
  | {
      readonly action: 'rejoin';
      readonly memberId: 'keep' | 'reset' | 'take';
      readonly generation: 'keep' | 'reset';
      readonly atOnce: boolean;
      readonly lost: boolean;
      readonly commit?: 'fails' | 'after-rebalance';
    }
  | { readonly action: 'surface'; readonly again: 'never' | 'next-commit' | 'until-granted' }
  | {
      readonly action: 'fatal';
      readonly terminalClass: TerminalClass;
      readonly hint: string;
      readonly lost: boolean;
    };

/** What the `verdicts` option is asked about. */
export interface VerdictQuestion {
  readonly api: GroupApi;
  readonly failure: RequestFailure;
  readonly state: VerdictState;
  /** What the error tables say. */
  readonly verdict: Verdict;
}

/** Overrides a cell of the error tables; undefined leaves it as it is. */
export type VerdictOverride = (question: VerdictQuestion) => Verdict | undefined;
