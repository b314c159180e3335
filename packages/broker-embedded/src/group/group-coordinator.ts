/**
 * The classic group coordinator: membership, assignments and offsets of the groups that one broker is in charge of
 * (`GroupMetadataManager` and `OffsetMetadataManager` in apache/kafka).
 */
import type {
  DeleteGroupsRequest,
  DeleteGroupsResponse,
  DescribeGroupsRequest,
  DescribeGroupsResponse,
  ListGroupsRequest,
  ListGroupsResponse,
  OffsetDeleteRequest,
  OffsetDeleteResponse,
} from '@kohort/protocol';
import {
  blankDescription,
  type DescribedGroup,
  deleteGroup,
  deleteOffsets,
  describeGroup,
  listGroups,
  offsetDeleteError,
} from './admin.ts';
import { answerAllParked, joinError, syncError } from './answers.ts';
import { expireSession } from './expiry.ts';
import { GroupCode } from './group-codes.ts';
import { loadState } from './group-load.ts';
import { GroupShard } from './group-shard.ts';
import { heartbeat } from './heartbeat.ts';
import { joinGroup } from './join.ts';
import { leaveError, leaveGroup } from './leave.ts';
import type * as Membership from './messages.ts';
import {
  allResults,
  commitOffsets,
  commitTransactionalOffsets,
  completeTransaction,
} from './offset-commit.ts';
import { expireOffsets, removeOffsetsOfTopic } from './offset-expiry.ts';
import { fetchGroupOffsets, fetchOffsets } from './offset-fetch.ts';
import type * as Offsets from './offset-messages.ts';
import type { GroupCoordinatorOptions } from './options.ts';
import { type GroupSnapshot, snapshotOf } from './snapshot.ts';
import type { GroupCoordinatorState } from './stored-state.ts';
import { syncGroup } from './sync.ts';

export type { GroupCoordinatorOptions, OffsetsTopicAppend } from './options.ts';
export type { GroupSnapshot, MemberSnapshot } from './snapshot.ts';
export type { GroupCoordinatorState, StoredOffset } from './stored-state.ts';
export type { GroupTransition } from './transition.ts';

/** First version of JoinGroup whose protocol name may be null. */
const NULLABLE_PROTOCOL_SINCE = 7;
const NOTHING: GroupCoordinatorState = { groups: [], offsets: [] };

/**
 * In charge from the start, with nothing in its offsets topic. Requests are handled one after the other, at once and
 * in the order of the calls; only an answer may come later. JoinGroup and SyncGroup answers are parked as Kafka parks
 * them. A promise that stays pending for good stands for a request that Kafka never answers either: a SyncGroup whose
 * member has left, or one that a later request of the same member has replaced. The `request-abandoned` transition
 * tells of it.
 *
 * Errors are codes in the answers. A promise rejects only when an invariant of the coordinator itself is broken.
 */
export class GroupCoordinator {
  readonly #options: GroupCoordinatorOptions;
  /** Undefined while another broker is in charge, or while records are being read. */
  #shard: GroupShard | undefined;
  /** The code for all requests while there is no shard. */
  #refusal: number = GroupCode.notCoordinator;
  /** What the offsets topic holds while it is being read. */
  #toLoad: GroupCoordinatorState = NOTHING;

  constructor(options: GroupCoordinatorOptions) {
    this.#options = options;
    this.load(NOTHING);
  }

  /** Answers when the join phase is over, and at once on an error. */
  async joinGroup(
    request: Membership.JoinGroupRequest,
    context: Membership.RequestContext,
  ): Promise<Membership.JoinGroupResponse> {
    const shard = this.#shard;
    const response =
      shard === undefined
        ? joinError(this.#refusal, request.memberId)
        : await joinGroup(shard, request, context);
    const nullable = response.protocolName !== null || context.version >= NULLABLE_PROTOCOL_SINCE;
    return nullable ? response : { ...response, protocolName: '' };
  }

  /** Answers when the leader's assignment is stored, and at once when it already is or on an error. */
  async syncGroup(
    request: Membership.SyncGroupRequest,
    context: Membership.RequestContext,
  ): Promise<Membership.SyncGroupResponse> {
    const shard = this.#shard;
    return shard === undefined ? syncError(this.#refusal) : syncGroup(shard, request, context);
  }

  /** While loading, a heartbeat is answered as if all were well, so that no client resets itself. */
  async heartbeat(request: Membership.HeartbeatRequest): Promise<Membership.HeartbeatResponse> {
    if (this.#shard !== undefined) return heartbeat(this.#shard, request);
    const loading = this.#refusal === GroupCode.coordinatorLoadInProgress;
    return { throttleTimeMs: 0, errorCode: loading ? GroupCode.none : this.#refusal };
  }

  /** The answer has the shape of the version: one code before v3, one for each member from then on. */
  async leaveGroup(
    request: Membership.LeaveGroupRequest,
    context: Membership.RequestContext,
  ): Promise<Membership.LeaveGroupResponse> {
    return this.#shard === undefined ? leaveError(this.#refusal) : leaveGroup(this.#shard, request, context);
  }

  async commitOffsets(
    request: Offsets.OffsetCommitRequest,
    context: Membership.RequestContext,
  ): Promise<Offsets.OffsetCommitResponse> {
    const shard = this.#shard;
    if (shard === undefined) return { throttleTimeMs: 0, topics: allResults(request.topics, this.#refusal) };
    return commitOffsets(shard, request, context);
  }

  /** TxnOffsetCommit: the offsets become visible by `completeTransaction`. */
  async commitTransactionalOffsets(
    request: Offsets.TxnOffsetCommitRequest,
    context: Membership.RequestContext,
  ): Promise<Offsets.OffsetCommitResponse> {
    const shard = this.#shard;
    if (shard === undefined) return { throttleTimeMs: 0, topics: allResults(request.topics, this.#refusal) };
    return commitTransactionalOffsets(shard, request, context);
  }

  /** The marker that ends a producer's transaction has reached the offsets topic. */
  completeTransaction(producerId: bigint, committed: boolean): void {
    if (this.#shard !== undefined) completeTransaction(this.#shard, producerId, committed);
  }

  /** One group before v8, any number from then on; the answer has the shape of the version. */
  async fetchOffsets(
    request: Offsets.OffsetFetchRequest,
    context: Membership.RequestContext,
  ): Promise<Offsets.OffsetFetchResponse> {
    const shard = this.#shard;
    return fetchOffsets(request, context.version, (group) =>
      shard === undefined
        ? { groupId: group.groupId, topics: [], errorCode: this.#refusal }
        : fetchGroupOffsets(shard, group, request.requireStable),
    );
  }

  async describeGroups(
    request: Pick<DescribeGroupsRequest, 'groups'>,
    context: Membership.RequestContext,
  ): Promise<DescribeGroupsResponse> {
    const shard = this.#shard;
    const describe = (groupId: string): DescribedGroup =>
      shard === undefined
        ? blankDescription(groupId, this.#refusal)
        : describeGroup(shard, groupId, context.version);
    return { throttleTimeMs: 0, groups: request.groups.map(describe) };
  }

  /** Lists what this coordinator has; nothing, and no error, while another one is in charge. */
  async listGroups(request: ListGroupsRequest): Promise<ListGroupsResponse> {
    if (this.#shard !== undefined) return listGroups(this.#shard, request);
    const loading = this.#refusal === GroupCode.coordinatorLoadInProgress;
    return { throttleTimeMs: 0, errorCode: loading ? this.#refusal : GroupCode.none, groups: [] };
  }

  async deleteGroups(request: DeleteGroupsRequest): Promise<DeleteGroupsResponse> {
    const shard = this.#shard;
    const results = request.groupsNames.map((groupId) => ({
      groupId,
      errorCode: shard === undefined ? this.#refusal : deleteGroup(shard, groupId),
    }));
    return { throttleTimeMs: 0, results };
  }

  async deleteOffsets(request: OffsetDeleteRequest): Promise<OffsetDeleteResponse> {
    return this.#shard === undefined ? offsetDeleteError(this.#refusal) : deleteOffsets(this.#shard, request);
  }

  /** A topic was deleted. Nothing happens while another coordinator is in charge, or while records are being read. */
  topicDeleted(topic: string): void {
    if (this.#shard !== undefined) removeOffsetsOfTopic(this.#shard, topic);
  }

  /** Undefined when there is no such group here. */
  snapshot(groupId: string): GroupSnapshot | undefined {
    const group = this.#shard?.group(groupId);
    return group === undefined ? undefined : snapshotOf(group, this.#shard?.offsets.ofGroup(groupId) ?? []);
  }

  /** Ids of the groups here, in the order in which they came. */
  groupIds(): string[] {
    return [...(this.#shard?.groups.keys() ?? [])];
  }

  /** What the offsets topic holds: stored generations and offsets, and nothing of a rebalance under way. */
  stored(): GroupCoordinatorState {
    return this.#shard?.stored() ?? this.#toLoad;
  }

  /**
   * Another broker takes over, or this one crashes: all state is dropped, parked requests and all that follow are
   * answered NOT_COORDINATOR.
   *
   * @returns what the next coordinator finds in the offsets topic, for its `load`
   */
  unload(): GroupCoordinatorState {
    const state = this.stored();
    this.#refuse(GroupCode.notCoordinator);
    this.#toLoad = NOTHING;
    return state;
  }

  /** Takes charge of the groups in these records, in place of all that it had. */
  load(state: GroupCoordinatorState): void {
    this.#refuse(GroupCode.notCoordinator);
    this.#toLoad = NOTHING;
    this.#shard = new GroupShard(this.#options, { expireSession, expireOffsets });
    loadState(this.#shard, state);
  }

  /**
   * Begins or ends the reading of the records. It begins with the loss of all that is not stored, like a restart:
   * parked requests are answered NOT_COORDINATOR, and requests COORDINATOR_LOAD_IN_PROGRESS until it ends.
   */
  setLoading(loading: boolean): void {
    if (loading) {
      this.#toLoad = this.stored();
      this.#refuse(GroupCode.coordinatorLoadInProgress);
    } else if (this.#refusal === GroupCode.coordinatorLoadInProgress && this.#shard === undefined) {
      this.load(this.#toLoad);
    }
  }

  /**
   * A fault: the group's generation grows without a rebalance, so that every request of the old one is answered 22.
   *
   * @returns whether there is such a group
   */
  jumpGeneration(groupId: string, by = 1): boolean {
    const group = this.#shard?.group(groupId);
    if (group === undefined) return false;
    group.generationId += by;
    this.#shard?.emit(group, { type: 'generation-jumped', generationId: group.generationId });
    return true;
  }

  /** No timer is left afterwards; parked requests and all that follow are answered NOT_COORDINATOR. */
  close(): void {
    this.unload();
  }

  #refuse(code: number): void {
    const shard = this.#shard;
    this.#shard = undefined;
    this.#refusal = code;
    shard?.close(answerAllParked);
  }
}
