/** What the wiring hands to the consumer: the world around it, and its options with their defaults filled in. */
import type { BackoffPolicy } from '../cluster/backoff.ts';
import type { ClusterMetadata } from '../cluster/cluster-metadata.ts';
import type { Clock } from '../contracts/clock.ts';
import type { HandlerErrorPolicy } from '../contracts/consumer.ts';
import type { EventFields, EventName } from '../contracts/hooks.ts';
import type { OffsetStore } from '../contracts/offset-store.ts';
import type { AutoOffsetReset } from '../contracts/options.ts';
import type { OwnershipCallbacks } from '../contracts/session.ts';
import type { GroupTransport, IsolationLevel } from '../contracts/transport.ts';

export interface ConsumerHost {
  readonly transport: GroupTransport;
  readonly metadata: ClusterMetadata;
  readonly clock: Clock;
  readonly random: () => number;
  emit<Name extends EventName>(name: Name, fields: EventFields[Name]): void;
  wants(name: EventName): boolean;
  /** Closes the group without waiting. */
  requestClose(reason: string): void;
  /**
   * Calls back in a later turn of the event loop. Absent, a timer of the clock with no delay does it, which costs a
   * millisecond on a system clock.
   */
  readonly nextTurn?: (callback: () => void) => void;
}

export interface Concurrency {
  /** Handlers at once. */
  readonly total: number;
  readonly perPartition: number;
  readonly ordering: 'partition' | 'key' | 'none';
  /** How far past the lowest unsettled offset a partition may dispatch, in offsets. */
  readonly window: number;
}

/** Times in milliseconds, sizes in bytes. */
export interface ConsumerSettings {
  readonly autoOffsetReset: AutoOffsetReset;
  readonly newPartitions: 'earliest' | 'policy';
  readonly isolationLevel: IsolationLevel;
  readonly commitInterval: number;
  readonly commitThreshold: number;
  readonly maxProcessingTime: number;
  readonly drainTimeout: number;
  readonly concurrency: Concurrency;
  readonly fetchMaxWait: number;
  readonly fetchMinBytes: number;
  readonly fetchMaxBytes: number;
  readonly maxBytesPerPartition: number;
  readonly maxBufferedBytes: number;
  readonly maxBatchRecords: number;
  readonly metadataMaxAge: number;
  readonly requestTimeout: number;
  readonly retryBackoff: BackoffPolicy;
  readonly stallAfter: number;
  readonly onHandlerError: HandlerErrorPolicy | undefined;
  readonly offsets: OffsetStore | undefined;
  readonly rack: string | undefined;
  /** The user's own. */
  readonly callbacks: OwnershipCallbacks;
}
