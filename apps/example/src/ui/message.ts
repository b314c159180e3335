/** What the page is told, several times a second: everything that it shows. Plain data, read by the page's scripts as well. */

/** Buttons of the whole run. */
export type RunAction = 'add' | 'move-coordinator' | 'restart-broker' | 'grow-topic' | 'stop-run';

/** Buttons of one member. */
export type MemberAction = 'stop' | 'crash' | 'freeze' | 'thaw' | 'slow' | 'quick' | 'throw';

export interface MemberMessage {
  readonly name: string;
  /** Number of its colour, from 0. */
  readonly colour: number;
  readonly state: string;
  /** Whether there is something to do to it. */
  readonly isRunning: boolean;
  readonly isLeader: boolean;
  readonly isSlow: boolean;
  readonly isFrozen: boolean;
  /** -1 while it has none. */
  readonly generationId: number;
  readonly partitions: readonly number[];
  readonly perSecond: number;
  readonly lag: number;
}

/** One stretch of the timeline: who had a partition. Times are milliseconds since the beginning. */
export interface Span {
  readonly member: string;
  readonly colour: number;
  readonly kind: 'working' | 'moving' | 'orphaned';
  readonly from: number;
  readonly to: number;
}

export interface EventMessage {
  /** Counts from 0. */
  readonly number: number;
  readonly at: number;
  readonly words: string;
  readonly isBad: boolean;
}

export interface AuditMessage {
  readonly isGood: boolean;
  readonly words: string;
  /** `isGood` is null where any number is fine. */
  readonly rows: readonly {
    readonly name: string;
    readonly count: number;
    readonly note: string;
    readonly isGood: boolean | null;
  }[];
}

export interface Message {
  /** Where the group runs. */
  readonly place: string;
  readonly topic: string;
  readonly groupId: string;
  readonly phase: 'running' | 'ending' | 'ended';
  readonly elapsedMs: number;
  readonly generationId: number;
  readonly assignor: string | null;
  readonly produced: number;
  readonly processed: number;
  readonly perSecond: number;
  /** By partition. */
  readonly lag: readonly number[];
  readonly members: readonly MemberMessage[];
  readonly timeline: {
    /** Milliseconds that it looks back. */
    readonly windowMs: number;
    /** By partition, oldest first. */
    readonly partitions: readonly (readonly Span[])[];
    /** Records per second, oldest first, one a second. */
    readonly throughput: readonly number[];
  };
  /** Newest first. */
  readonly events: readonly EventMessage[];
  readonly audit: AuditMessage;
  /** By button: why it cannot be used now, or null. */
  readonly refusals: Readonly<Record<RunAction | 'freeze', string | null>>;
}
