/** GroupTransport over any wire client: which lane carries which request. */
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
import type { WireClient } from '../wire-client.ts';
import { clusterExchange, findCoordinatorExchange, metadataExchange } from './cluster-exchanges.ts';
import type { Exchange } from './exchange.ts';
import { featuresOf } from './features.ts';
import { fetchExchange, type RecordOptions } from './fetch-exchange.ts';
import { heartbeatExchange, joinGroupExchange, syncGroupExchange } from './group-exchanges.ts';
import { LanePool } from './lane-pool.ts';
import type { LaneSlot } from './lane-slot.ts';
import { leaveAll } from './leave-group.ts';
import { epochExchange, listOffsetsExchange } from './log-exchanges.ts';
import { offsetCommitExchange, offsetFetchExchange } from './offset-exchanges.ts';
import { type CallContext, PendingCall } from './pending-call.ts';

export class ProtocolTransport implements GroupTransport {
  readonly #context: CallContext;
  readonly #pool: LanePool;
  readonly #records: RecordOptions;
  #features: Features = featuresOf(new Map());

  constructor(wire: WireClient, context: CallContext, records: RecordOptions) {
    this.#context = context;
    this.#pool = new LanePool({ wire, clock: context.clock, events: context.events });
    this.#records = records;
  }

  get features(): Features {
    return this.#features;
  }

  async connect(call: CallOptions): Promise<ClusterInfo> {
    const info = await this.#run(this.#pool.slot('bootstrap', 'control'), clusterExchange(), call);
    this.#features = info.features;
    return info;
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  findCoordinator(groupId: string, call: CallOptions): Promise<CoordinatorResult> {
    return this.#run(this.#pool.anyControl(), findCoordinatorExchange(groupId), call);
  }

  metadata(topics: readonly string[] | null, call: CallOptions): Promise<MetadataResult> {
    return this.#run(this.#pool.anyControl(), metadataExchange(topics), call);
  }

  joinGroup(coordinator: BrokerAddress, request: JoinRequest, call: CallOptions): Promise<JoinResult> {
    return this.#run(this.#pool.slot(coordinator, 'group'), joinGroupExchange(request), call);
  }

  syncGroup(coordinator: BrokerAddress, request: SyncRequest, call: CallOptions): Promise<SyncResult> {
    return this.#run(this.#pool.slot(coordinator, 'group'), syncGroupExchange(request), call);
  }

  heartbeat(
    coordinator: BrokerAddress,
    request: HeartbeatRequest,
    call: CallOptions & { readonly lane?: 'group' | 'offsets' },
  ): Promise<CodeResult> {
    return this.#run(this.#pool.slot(coordinator, call.lane ?? 'group'), heartbeatExchange(request), call);
  }

  leaveGroup(coordinator: BrokerAddress, request: LeaveRequest, call: CallOptions): Promise<LeaveResult> {
    const lane = this.#pool.slot(coordinator, 'leave');
    return leaveAll(request, call, this.#context.clock, (exchange, bounds) =>
      this.#run(lane, exchange, bounds),
    );
  }

  offsetCommit(coordinator: BrokerAddress, request: CommitRequest, call: CallOptions): Promise<CommitResult> {
    return this.#run(this.#pool.slot(coordinator, 'offsets'), offsetCommitExchange(request), call);
  }

  offsetFetch(
    coordinator: BrokerAddress,
    request: OffsetFetchRequest,
    call: CallOptions,
  ): Promise<OffsetFetchResult> {
    return this.#run(this.#pool.slot(coordinator, 'offsets'), offsetFetchExchange(request), call);
  }

  listOffsets(
    leader: BrokerAddress,
    request: ListOffsetsRequest,
    call: CallOptions,
  ): Promise<ListOffsetsResult> {
    return this.#run(this.#pool.slot(leader, 'control'), listOffsetsExchange(request), call);
  }

  offsetForLeaderEpoch(
    leader: BrokerAddress,
    request: EpochRequest,
    call: CallOptions,
  ): Promise<EpochResult> {
    return this.#run(this.#pool.slot(leader, 'control'), epochExchange(request), call);
  }

  fetch(node: BrokerAddress, request: FetchRequest, call: CallOptions): Promise<FetchResult> {
    return this.#run(this.#pool.slot(node, 'fetch'), fetchExchange(request, this.#records), call);
  }

  resetLane(node: BrokerAddress, lane: Lane, reason: Error): void {
    this.#pool.reset(node, lane, reason);
  }

  subscribe(listener: (event: TransportEvent) => void): () => void {
    return this.#context.events.subscribe(listener);
  }

  #run<Request, Response extends { readonly throttleTimeMs: number }, Result>(
    slot: LaneSlot,
    exchange: Exchange<Request, Response, Result>,
    call: CallOptions,
  ): Promise<Result> {
    const pending = new PendingCall(slot.lane, exchange, call, this.#context);
    if (this.#pool.isClosed) pending.fail('closed', 'The transport has been closed');
    else pending.start(slot);
    return pending.result;
  }
}
