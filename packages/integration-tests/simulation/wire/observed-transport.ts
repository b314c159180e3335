/**
 * A transport that tells what its member asks for and is answered, and that hands answers over only while the process
 * runs: what arrives meanwhile arrives at once when it goes on.
 */
import type {
  BrokerAddress,
  CallOptions,
  ClusterInfo,
  CodeResult,
  CommitRequest,
  CommitResult,
  CoordinatorResult,
  EpochRequest,
  EpochResult,
  Features,
  FetchRequest,
  FetchResult,
  GroupTransport,
  HeartbeatRequest,
  JoinRequest,
  JoinResult,
  Lane,
  LeaveRequest,
  LeaveResult,
  ListOffsetsRequest,
  ListOffsetsResult,
  MetadataResult,
  OffsetFetchRequest,
  OffsetFetchResult,
  SyncRequest,
  SyncResult,
  TransportEvent,
} from '@kohort/core/spi';

/** Request and result of each call that is observed. */
export interface Calls {
  readonly findCoordinator: readonly [string, CoordinatorResult];
  readonly metadata: readonly [readonly string[] | null, MetadataResult];
  readonly joinGroup: readonly [JoinRequest, JoinResult];
  readonly syncGroup: readonly [SyncRequest, SyncResult];
  readonly heartbeat: readonly [HeartbeatRequest, CodeResult];
  readonly leaveGroup: readonly [LeaveRequest, LeaveResult];
  readonly offsetCommit: readonly [CommitRequest, CommitResult];
  readonly offsetFetch: readonly [OffsetFetchRequest, OffsetFetchResult];
  readonly listOffsets: readonly [ListOffsetsRequest, ListOffsetsResult];
  readonly fetch: readonly [FetchRequest, FetchResult];
}

export type Api = keyof Calls;

export interface CallObserver {
  sent<A extends Api>(api: A, request: Calls[A][0]): void;
  answered<A extends Api>(api: A, request: Calls[A][0], result: Calls[A][1]): void;
  failed<A extends Api>(api: A, request: Calls[A][0], error: unknown): void;
  /** A promise to wait for before anything is handed to the process; undefined while it runs. */
  running(): Promise<void> | undefined;
}

export class ObservedTransport implements GroupTransport {
  readonly #inner: GroupTransport;
  readonly #observer: CallObserver;

  constructor(inner: GroupTransport, observer: CallObserver) {
    this.#inner = inner;
    this.#observer = observer;
  }

  get features(): Features {
    return this.#inner.features;
  }

  async #handedOver<T>(work: Promise<T>): Promise<T> {
    try {
      const result = await work;
      for (let wait = this.#observer.running(); wait; wait = this.#observer.running()) await wait;
      return result;
    } catch (error) {
      for (let wait = this.#observer.running(); wait; wait = this.#observer.running()) await wait;
      throw error;
    }
  }

  async #observed<A extends Api>(
    api: A,
    request: Calls[A][0],
    work: () => Promise<Calls[A][1]>,
  ): Promise<Calls[A][1]> {
    this.#observer.sent(api, request);
    try {
      const result = await this.#handedOver(work());
      this.#observer.answered(api, request, result);
      return result;
    } catch (error) {
      this.#observer.failed(api, request, error);
      throw error;
    }
  }

  connect(call: CallOptions): Promise<ClusterInfo> {
    return this.#handedOver(this.#inner.connect(call));
  }

  close(): Promise<void> {
    return this.#inner.close();
  }

  findCoordinator(groupId: string, call: CallOptions): Promise<CoordinatorResult> {
    return this.#observed('findCoordinator', groupId, () => this.#inner.findCoordinator(groupId, call));
  }

  metadata(topics: readonly string[] | null, call: CallOptions): Promise<MetadataResult> {
    return this.#observed('metadata', topics, () => this.#inner.metadata(topics, call));
  }

  joinGroup(to: BrokerAddress, request: JoinRequest, call: CallOptions): Promise<JoinResult> {
    return this.#observed('joinGroup', request, () => this.#inner.joinGroup(to, request, call));
  }

  syncGroup(to: BrokerAddress, request: SyncRequest, call: CallOptions): Promise<SyncResult> {
    return this.#observed('syncGroup', request, () => this.#inner.syncGroup(to, request, call));
  }

  heartbeat(
    to: BrokerAddress,
    request: HeartbeatRequest,
    call: CallOptions & { readonly lane?: 'group' | 'offsets' },
  ): Promise<CodeResult> {
    return this.#observed('heartbeat', request, () => this.#inner.heartbeat(to, request, call));
  }

  leaveGroup(to: BrokerAddress, request: LeaveRequest, call: CallOptions): Promise<LeaveResult> {
    return this.#observed('leaveGroup', request, () => this.#inner.leaveGroup(to, request, call));
  }

  offsetCommit(to: BrokerAddress, request: CommitRequest, call: CallOptions): Promise<CommitResult> {
    return this.#observed('offsetCommit', request, () => this.#inner.offsetCommit(to, request, call));
  }

  offsetFetch(to: BrokerAddress, request: OffsetFetchRequest, call: CallOptions): Promise<OffsetFetchResult> {
    return this.#observed('offsetFetch', request, () => this.#inner.offsetFetch(to, request, call));
  }

  listOffsets(
    leader: BrokerAddress,
    request: ListOffsetsRequest,
    call: CallOptions,
  ): Promise<ListOffsetsResult> {
    return this.#observed('listOffsets', request, () => this.#inner.listOffsets(leader, request, call));
  }

  offsetForLeaderEpoch(
    leader: BrokerAddress,
    request: EpochRequest,
    call: CallOptions,
  ): Promise<EpochResult> {
    return this.#handedOver(this.#inner.offsetForLeaderEpoch(leader, request, call));
  }

  fetch(node: BrokerAddress, request: FetchRequest, call: CallOptions): Promise<FetchResult> {
    return this.#observed('fetch', request, () => this.#inner.fetch(node, request, call));
  }

  resetLane(node: BrokerAddress, lane: Lane, reason: Error): void {
    this.#inner.resetLane(node, lane, reason);
  }

  subscribe(listener: (event: TransportEvent) => void): () => void {
    return this.#inner.subscribe(listener);
  }
}
