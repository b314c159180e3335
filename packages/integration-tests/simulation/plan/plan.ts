/** What a seed stands for: the cluster, the members, and everything that goes wrong. Plain data: it can be printed and cut down. */

/** Parameters of one fault. */
export type FaultParameters = Readonly<Record<string, number | string | boolean>>;

/** A fault of the catalogue that begins at a moment of the fault phase, in virtual milliseconds. */
export interface Happening {
  readonly at: number;
  readonly fault: string;
  readonly with: FaultParameters;
}

/** How the handlers of a run behave. Times in milliseconds. */
export interface HandlerPlan {
  readonly kind: 'record' | 'batch';
  readonly maxMs: number;
  /** Between 0 and 1. */
  readonly failures: number;
  readonly perPartition: number;
}

/** What the members of a run offer as assignors. `upgrading`: some only the eager one, some both. */
export type AssignorPlan = 'eager' | 'range' | 'sticky' | 'cooperative' | 'upgrading';

/** Options of all members. Milliseconds. */
export interface TimeoutPlan {
  readonly session: number;
  readonly heartbeat: number;
  readonly rebalance: number;
  readonly maxProcessing: number;
  readonly commitInterval: number;
  readonly fetchMaxWait: number;
}

export interface Plan {
  readonly seed: number;
  readonly nodes: number;
  /** Partitions of each topic; the topics are named by `TOPICS`. */
  readonly partitions: readonly number[];
  readonly initialDelay: number;
  readonly latency: number;
  /** Members from the start. */
  readonly members: number;
  /** How many of them, and of those who join later, are static: every one, every second, none. */
  readonly staticEvery: 0 | 1 | 2;
  readonly assignors: AssignorPlan;
  readonly timeouts: TimeoutPlan;
  readonly handlers: HandlerPlan;
  /** Records that wait from the start: half a minute of work for each partition, or nothing. */
  readonly backlog: number;
  /** Only clean joins and leaves, so that nothing may be handled twice. */
  readonly graceful: boolean;
  /** Only restarts of static members that come back in time: then no generation begins. */
  readonly isQuiet: boolean;
  readonly faultMs: number;
  readonly happenings: readonly Happening[];
}

/** Names that the topics of a run have, in this order. `__proto__` is a legal one. */
export const TOPICS = ['orders', '__proto__', 'shards'] as const;
export const GROUP = 'simulated';
