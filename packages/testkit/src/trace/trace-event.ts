/**
 * The words of a trace. Anything may be recorded; the invariants understand the events listed here, and look at no other.
 */

/** What happened, when, to whom. */
export interface TraceEvent {
  /** Position in the trace, from 0. */
  readonly index: number;
  /** Milliseconds on the trace's clock. */
  readonly at: number;
  /** A member, a broker, a test: whoever did it. A member that restarts is a new actor. */
  readonly actor: string;
  readonly type: string;
  readonly fields: TraceFields;
}

export type TraceFields = Readonly<Record<string, unknown>>;

/** A number, a bigint, or decimal digits as hooks give them. */
export type TraceOffset = bigint | number | string;

interface OnPartition {
  readonly topic: string;
  readonly partition: number;
}

/** Fields of the events that the invariants understand. One event for each partition. */
export interface TraceVocabulary {
  /** The assigned callback has settled: a term of this actor begins. */
  assigned: OnPartition;
  /** The revoked callback begins: the term ends. */
  revoked: OnPartition;
  /** The lost callback begins: the term ends, without consent. */
  lost: OnPartition;
  /** The coordinator has removed this actor: from here on its terms exclude nobody. */
  fenced: object;
  /** A callback of the user begins, and ends. */
  'callback.start': { readonly callback: string };
  'callback.end': { readonly callback: string };
  /** `close()` has settled: nothing may follow. */
  closed: object;
  /** A record was written and acknowledged. */
  produced: OnPartition & { readonly offset: TraceOffset };
  /** A record is handed to the handler. */
  'record.start': OnPartition & { readonly offset: TraceOffset };
  /** The handler is done with it; `outcome` is `ok` if absent, and only then is the record settled. */
  'record.end': OnPartition & { readonly offset: TraceOffset; readonly outcome?: 'ok' | 'error' };
  /** The coordinator has accepted a commit: `offset` is that of the next record to read. */
  commit: OnPartition & { readonly offset: TraceOffset };
  /** The position moved for a reason of its own: a seek, a reset, an administrator. */
  seek: OnPartition & { readonly offset: TraceOffset };
}
