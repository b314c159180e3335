/** Looks at the requests of one member when they leave it, and at the answers when it gets them. */
import {
  type CommitRequest,
  type CommitResult,
  decodeAssignment,
  type FetchRequest,
  type FetchResult,
  type HeartbeatRequest,
  type JoinRequest,
  type JoinResult,
  KafkaCode,
  type MetadataResult,
  type OffsetFetchResult,
  type SyncRequest,
  type SyncResult,
} from '@kohort/core/spi';
import { isCooperative } from '../members/assignors.ts';
import type { Api, CallObserver, Calls } from '../wire/observed-transport.ts';
import { HeartbeatPace } from './heartbeat-pace.ts';
import type { MemberAudit } from './member-audit.ts';
import { keyOf } from './partition-key.ts';
import { RequestRate } from './request-rate.ts';

const GROUP_APIS: ReadonlySet<Api> = new Set<Api>([
  'findCoordinator',
  'joinGroup',
  'syncGroup',
  'heartbeat',
  'leaveGroup',
  'offsetFetch',
]);

/** Between these and the next heartbeat there is no interval to keep. */
const ENDS_HEARTBEATS: ReadonlySet<Api> = new Set<Api>([
  'findCoordinator',
  'joinGroup',
  'syncGroup',
  'leaveGroup',
]);

type OnSent = { readonly [A in Api]?: (request: Calls[A][0]) => void };
type OnFailed = { readonly [A in Api]?: (request: Calls[A][0]) => void };
type OnAnswered = { readonly [A in Api]?: (request: Calls[A][0], result: Calls[A][1]) => void };

export class CallAudit implements CallObserver {
  readonly #audit: MemberAudit;
  readonly #rate = new RequestRate();
  readonly #pace: HeartbeatPace;
  readonly #partitions = new Map<string, number>();
  /** What the last SyncGroup gave. */
  #assigned: ReadonlySet<string> = new Set();
  /** The member id of its last generation. */
  memberId = '';
  #generation = -1;
  /** The user has asked for other topics since the last SyncGroup. */
  #asksForOthers = false;
  /** It has joined without what it owned: the user has not been told yet that it is lost. */
  #owesLoss = false;
  /** The coordinator has refused it for what it has forgotten itself: an instance's last id, a part of what members offer. */
  isRefusedByForgetfulness = false;
  #leaves = 0;
  #twoSteps = false;

  constructor(audit: MemberAudit) {
    this.#audit = audit;
    this.#pace = new HeartbeatPace(audit.member.clock, audit.auditor.plan.timeouts.heartbeat);
  }

  running(): Promise<void> | undefined {
    return this.#audit.member.clock.running();
  }

  sent<A extends Api>(api: A, request: Calls[A][0]): void {
    const audit = this.#audit;
    if (audit.member.isDead) return;
    if (audit.hasEnded) audit.broken('R1, silence after the end', `sends ${api}`);
    if (audit.auditor.isDetailed) audit.say(`${api} ->`, describeRequest(request));
    if (GROUP_APIS.has(api) && this.#rate.isTooHigh(audit.auditor.clock.monotonic()))
      audit.broken('L4, no storms', 'more than 100 group requests in 10 s');
    if (ENDS_HEARTBEATS.has(api)) this.#pace.interrupted();
    const look: OnSent[A] = this.#onSent[api];
    look?.(request);
  }

  answered<A extends Api>(api: A, request: Calls[A][0], result: Calls[A][1]): void {
    const audit = this.#audit;
    if (audit.member.isDead) return;
    if (audit.auditor.isDetailed) audit.say(`${api} <-`, describeAnswer(result));
    const look: OnAnswered[A] = this.#onAnswered[api];
    look?.(request, result);
  }

  failed<A extends Api>(api: A, request: Calls[A][0], error: unknown): void {
    const audit = this.#audit;
    const look: OnFailed[A] = this.#onFailed[api];
    look?.(request);
    if (audit.member.isDead) return;
    if (audit.auditor.isDetailed) audit.say(`${api} !!`, { error: String(error) });
    if (api === 'heartbeat') this.#pace.interrupted();
    if (Reflect.get(Object(error), 'sent') !== 'maybe') return;
    if (api === 'joinGroup') audit.auditor.hit('join outcome unknown');
    if (api === 'syncGroup') audit.auditor.hit('sync outcome unknown');
    if (api === 'offsetCommit') audit.auditor.hit('commit outcome unknown');
  }

  readonly #onSent: OnSent = {
    joinGroup: (request) => this.#joins(request),
    syncGroup: (request) => this.#speaksAs(request),
    heartbeat: (request) => this.#beats(request),
    leaveGroup: () => {
      this.#leaves += 1;
      if (this.#leaves > 1 && this.#audit.isClosing) this.#audit.auditor.hit('leave retried');
    },
    offsetCommit: (request) => this.#commits(request),
    fetch: (request) => this.#fetches(request),
  };

  readonly #onAnswered: OnAnswered = {
    joinGroup: (request, result) => this.#joined(request, result),
    syncGroup: (_, result) => this.#synced(result),
    heartbeat: (_, { errorCode }) => {
      if (this.#leaves > 0 && this.#audit.isClosing)
        this.#audit.auditor.hit('heartbeat answered after the leave');
      this.#noteCode(errorCode);
      if (errorCode === 0) this.#pace.accepted();
      else this.#pace.interrupted();
    },
    offsetCommit: (request, result) => this.#committed(request, result),
    offsetFetch: (_, result) => this.#lookedUp(result),
    metadata: (_, result) => this.#learnt(result),
    fetch: (_, result) => this.#fetched(result),
  };

  readonly #onFailed: OnFailed = {
    offsetCommit: (request) => this.#audit.auditor.commits.givenUp(request),
  };

  #noteCode(errorCode: number): void {
    if (errorCode === KafkaCode.coordinatorLoadInProgress) this.#audit.auditor.hit('coordinator loads');
    if (errorCode === KafkaCode.fencedInstanceId) {
      const { auditor, member } = this.#audit;
      auditor.hit('instance fenced');
      this.isRefusedByForgetfulness ||= auditor.group.hasForgottenId(this.memberId, member.instance);
    }
  }

  #joins(request: JoinRequest): void {
    const audit = this.#audit;
    const { plan, group } = audit.auditor;
    const { keys: claims, generationId } = group.joins(request);
    if (plan.assignors === 'upgrading') return;
    if (!isCooperative(plan.assignors)) {
      this.#owesLoss = audit.owned.size > 0;
      if (this.#owesLoss && generationId >= 0)
        audit.broken(
          'I14, eager revoke before the join',
          `joins and still owns ${[...audit.owned].join(', ')}`,
        );
      return;
    }
    if (audit.running === 'onRevoked') audit.auditor.hit('rebalance during a cooperative revoke');
    for (const key of claims)
      if (!audit.held.has(key) && !this.#assigned.has(key))
        audit.broken('I16, claims are true', `claims ${key}, which it has not`);
    for (const key of audit.owned)
      if (!claims.has(key)) audit.broken('I16, claims are true', `owns ${key} and does not say so`);
  }

  #joined({ protocols }: JoinRequest, { errorCode, memberId, generationId }: JoinResult): void {
    this.#noteCode(errorCode);
    const { auditor } = this.#audit;
    this.#checkLossIsTold();
    const names = protocols.map(({ name }) => name);
    if (errorCode === KafkaCode.inconsistentGroupProtocol)
      this.isRefusedByForgetfulness ||= auditor.group.hasForgottenProtocols(names);
    if (errorCode === 0) auditor.group.offered(memberId, names);
    if (errorCode === KafkaCode.notCoordinator && this.#twoSteps)
      auditor.hit('coordinator moves during the two-step join');
    this.#twoSteps = errorCode === KafkaCode.memberIdRequired;
    if (errorCode !== 0) return;
    this.memberId = memberId;
    this.#generation = generationId;
  }

  /** I14: what was lost may be claimed no more, and the user is told of it as soon as no other callback runs. */
  #checkLossIsTold(): void {
    const { owned, running } = this.#audit;
    const isOwed = this.#owesLoss && running === null && owned.size > 0;
    this.#owesLoss = false;
    if (isOwed)
      this.#audit.broken(
        'I14, eager revoke before the join',
        `has joined and still owns ${[...owned].join(', ')}`,
      );
  }

  /** I20: what a member says of its generation never goes back. */
  #speaksAs({ memberId, generationId }: Pick<SyncRequest, 'memberId' | 'generationId'>): void {
    if (memberId === '' || generationId < 0) this.#audit.broken('I20, epochs', 'speaks without an id');
    if (memberId === this.memberId && generationId < this.#generation)
      this.#audit.broken('I20, epochs', `speaks as of ${generationId}, and has joined ${this.#generation}`);
  }

  #beats(request: HeartbeatRequest): void {
    this.#speaksAs(request);
    const lateMs = this.#pace.sent();
    if (lateMs > 0) this.#audit.broken('P1, heartbeats on their own timer', `is late by ${lateMs} ms`);
  }

  #synced({ errorCode, assignment }: SyncResult): void {
    this.#noteCode(errorCode);
    if (errorCode === KafkaCode.rebalanceInProgress) this.#audit.auditor.hit('sync answered by a rebalance');
    if (errorCode !== 0) return;
    this.#asksForOthers = false;
    try {
      this.#assigned = new Set(
        decodeAssignment(assignment).topics.flatMap(({ topic, partitions }) =>
          [...partitions].map((partition) => keyOf({ topic, partition })),
        ),
      );
    } catch {
      // A hostile leader: there is nothing to expect.
      this.#assigned = new Set();
    }
  }

  /** The user has asked for other topics: what is given back now may be in the last plan. */
  subscribed(): void {
    this.#asksForOthers = true;
  }

  /** I12: what stays with a cooperative member is never revoked. */
  checkRevoke(key: string, reason: string | null): void {
    const audit = this.#audit;
    if (reason !== 'rebalance' || !isCooperative(audit.auditor.plan.assignors)) return;
    if (this.#assigned.has(key) && !this.#asksForOthers)
      audit.broken('I12, cooperative members go on', `${key} is revoked, and is in the new assignment`);
  }

  #commits(request: CommitRequest): void {
    const audit = this.#audit;
    this.#speaksAs(request);
    audit.auditor.commits.sent(audit.name, request);
    if ((request.groupInstanceId ?? null) !== audit.member.instance)
      audit.broken('I4, no zombie commit', 'commits without its instance id');
    for (const { topic, partition, offset } of request.offsets) {
      const key = keyOf({ topic, partition });
      if (!audit.held.has(key))
        audit.broken('I5, commits of what is owned', `commits ${offset} of ${key}, which it has not`);
    }
  }

  #committed(request: CommitRequest, { partitions }: CommitResult): void {
    const { auditor, held } = this.#audit;
    const { offsets } = request;
    auditor.commits.answered(request);
    if (offsets.some((offset) => !held.has(keyOf(offset)))) auditor.hit('commit answered after the revoke');
    for (const { errorCode } of partitions) {
      this.#noteCode(errorCode);
      if (errorCode === KafkaCode.rebalanceInProgress) auditor.hit('commit refused by a rebalance');
      if (errorCode === KafkaCode.illegalGeneration || errorCode === KafkaCode.unknownMemberId)
        auditor.hit('commit refused after a loss');
    }
  }

  #lookedUp({ errorCode, partitions }: OffsetFetchResult): void {
    this.#noteCode(errorCode);
    if (errorCode !== 0) return;
    for (const { topic, partition, offset, errorCode: code } of partitions)
      if (code === 0) this.#audit.positions.lookedUp(keyOf({ topic, partition }), offset);
  }

  #learnt({ topics }: MetadataResult): void {
    for (const { name, errorCode, partitions } of topics) {
      if (errorCode !== 0) continue;
      const before = this.#partitions.get(name) ?? 0;
      if (partitions.length < before) this.#audit.auditor.hit('metadata with fewer partitions');
      this.#partitions.set(name, partitions.length);
    }
  }

  #fetches({ partitions }: FetchRequest): void {
    for (const { topic, partition, fetchOffset } of partitions)
      this.#audit.positions.fetches(keyOf({ topic: topic.name, partition }), fetchOffset);
  }

  #fetched({ partitions }: FetchResult): void {
    for (const { topic, partition, errorCode } of partitions)
      if (errorCode === KafkaCode.offsetOutOfRange)
        this.#audit.positions.outOfRange(keyOf({ topic, partition }));
  }
}

/** Fields of a request for a detailed trace, without its bytes. */
function describeRequest(request: unknown): Readonly<Record<string, unknown>> {
  if (typeof request !== 'object' || request === null) return { of: request };
  const { protocols: _, assignments: __, ...fields } = request as Record<string, unknown>;
  return fields;
}

function describeAnswer(result: unknown): Readonly<Record<string, unknown>> {
  if (typeof result !== 'object' || result === null) return {};
  return Object.fromEntries(
    Object.entries(result).filter(([, value]) => typeof value !== 'object' || value === null),
  );
}
