/** What a scenario asks of the cluster it runs against, whatever that cluster is made of. */

import type { EmbeddedBroker } from '@kohort/broker-embedded';
import type { Clock, TransportFactory } from '@kohort/core/spi';

/** What not every backend can do. */
export type Capability =
  /** Time is the test's: hours pass at once, the machine sleeps, the thread is blocked. */
  | 'virtual time'
  /** The broker is in this process: its answers can be rewritten, its state can be read at any moment. */
  | 'faults'
  /** Clients reach it through sockets. */
  | 'sockets'
  /** The only broker can be stopped and started with its data. */
  | 'restart'
  /** There are three brokers, which can be stopped and started one after the other. */
  | 'rolling restart'
  /** Clients authenticate, and what they have shown holds for a short time only. */
  | 'sasl sessions'
  /** What takes many seconds of the backend's time may be played. */
  | 'long runs'
  /** Records can be compressed with snappy, lz4 and zstd. */
  | 'all codecs'
  /** Transactions can be committed, aborted and left open. */
  | 'transactions';

/** Durations in milliseconds that suit the backend's time. */
export interface Times {
  readonly sessionTimeout: number;
  readonly heartbeatInterval: number;
  readonly rebalanceTimeout: number;
  readonly metadataMaxAge: number;
  readonly commitInterval: number;
  readonly fetchMaxWait: number;
  readonly closeTimeout: number;
  readonly retryBackoff: { readonly initial: number; readonly max: number };
  /** How long a scenario waits for something that must come, unless it says otherwise. */
  readonly patience: number;
}

/** How a scenario wants its cluster. Backends that share one cluster refuse what they cannot give, by capability. */
export interface BackendSetup {
  readonly nodes?: number;
  /** For `sasl sessions`. */
  readonly saslSessions?: boolean;
  readonly versions?: 'kafka-2.4' | 'kafka-3.9' | 'kafka-4';
  readonly initialRebalanceDelay?: number;
}

export interface NewRecord {
  readonly partition: number;
  readonly value: string;
  readonly key?: string;
  readonly timestamp?: number;
}

export interface Produced {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
}

export interface ProduceSetup {
  readonly compression?: 'gzip' | 'snappy' | 'lz4' | 'zstd';
  readonly transaction?: 'commit' | 'abort' | 'open';
}

/** The group as its coordinator describes it. */
export interface GroupView {
  readonly state: string;
  readonly members: number;
  readonly protocol: string;
}

export interface Backend {
  readonly name: string;
  readonly times: Times;
  readonly clock: Clock;
  /** Present where the broker is in this process. */
  readonly embedded?: EmbeddedBroker;
  transport(): TransportFactory;
  createTopic(topic: string, partitions: number): Promise<void>;
  addPartitions(topic: string, total: number): Promise<void>;
  deleteTopic(topic: string): Promise<void>;
  produce(topic: string, records: readonly NewRecord[], setup?: ProduceSetup): Promise<readonly Produced[]>;
  /** By partition: the offset of the next record to read. */
  committed(groupId: string, topic: string): Promise<ReadonlyMap<number, bigint>>;
  /** State `Dead` for a group that does not exist. */
  group(groupId: string): Promise<GroupView>;
  /** @param index of several brokers; default the first one */
  stopBroker(index?: number): Promise<void>;
  startBroker(index?: number): Promise<void>;
  /** Waits for what members do by themselves. @throws Error naming `what` when `limitMs` are over */
  until(what: string, holds: () => boolean, limitMs?: number): Promise<void>;
  /** The same for what only a question to the cluster can tell. */
  eventually(what: string, holds: () => Promise<boolean>, limitMs?: number): Promise<void>;
  /** Lets time pass until a promise settles. */
  settled<T>(promise: PromiseLike<T>, limitMs?: number): Promise<T>;
  /** Lets time pass: for showing that nothing happens in it. */
  pass(ms: number): Promise<void>;
  /** Ends what the scenario has begun. @throws Error where it has left something behind */
  close(): Promise<void>;
}

/** How backends of one kind are made, one for each scenario. */
export interface BackendKind {
  readonly name: string;
  /** Why this kind cannot do something; undefined when it can. */
  lacks(capability: Capability): string | undefined;
  open(setup: BackendSetup): Promise<Backend>;
}

/** A pause on the backend's clock, for handlers that take their time. */
export function sleep(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => {
    clock.setTimer(resolve, ms);
  });
}
