/** What happens in the demo and is worth a line, as data: views put it into words. */

/** A rebalance of the whole group, put together from what its members tell. */
export interface GroupRebalance {
  readonly generationId: number;
  readonly joined: readonly string[];
  readonly gone: readonly string[];
  /** Members of the new generation. */
  readonly members: readonly string[];
  /** What the first member to notice gave as the reason, for a rebalance without a change of members. */
  readonly reason: string;
  /** Milliseconds from the first member that noticed to the last that had its partitions. */
  readonly durationMs: number;
  /** The longest that a member took to let its work finish, commit, and give up its partitions. */
  readonly revokeMs: number;
}

export type HappeningDetails =
  | { readonly type: 'joins' | 'leaves'; readonly member: string }
  | {
      readonly type: 'freezes' | 'thaws' | 'slows-down' | 'speeds-up' | 'will-throw';
      readonly member: string;
    }
  | { readonly type: 'crashes'; readonly member: string; readonly partitions: number }
  | {
      readonly type: 'left';
      readonly member: string;
      readonly drained: boolean;
      readonly told: boolean;
      readonly tookMs: number;
    }
  | {
      readonly type: 'rebalance';
      readonly rebalance: GroupRebalance;
      /** Those of the gone who crashed. */
      readonly crashed: readonly string[];
      /** Those of the gone who did not go: the coordinator has not heard from them. */
      readonly expelled: readonly string[];
      /** Milliseconds since the last of those crashes; 0 without one. */
      readonly sinceCrashMs: number;
    }
  | {
      readonly type: 'handler-error';
      readonly member: string;
      readonly partition: number;
      readonly offset: string;
      readonly attempt: number;
      readonly delayMs: number;
    }
  | {
      readonly type: 'lost-partitions';
      readonly member: string;
      readonly partitions: number;
      readonly reason: string;
    }
  | { readonly type: 'member-failed'; readonly member: string; readonly message: string }
  | { readonly type: 'coordinator-moved'; readonly node: number }
  | { readonly type: 'brokers-stop' | 'brokers-run' }
  | { readonly type: 'topic-grows'; readonly partitions: number }
  | { readonly type: 'production-ends'; readonly interrupted: boolean }
  | { readonly type: 'caught-up'; readonly tookMs: number }
  | { readonly type: 'time-is-up'; readonly behind: number };

/** With its time: milliseconds since the demo began. */
export type Happening = HappeningDetails & { readonly at: number };
