/** State of one classic group and the rules that keep it consistent (`ClassicGroup` in apache/kafka). */
import { GroupCode } from './group-codes.ts';
import { type GroupState, isLegalTransition } from './group-state.ts';
import { type GroupTimers, sessionTimer } from './group-timers.ts';
import { type Member, metadataOf } from './member.ts';
import type { JoinGroupProtocol, JoinGroupResponse, JoinGroupResponseMember } from './messages.ts';
import type { Parked } from './parked.ts';
import { ProtocolSupport, voteForProtocol } from './protocol-support.ts';
import { subscribedTopicsOf } from './subscription.ts';

/** What a member may change about itself by joining again. */
interface MemberUpdate {
  readonly protocols: readonly JoinGroupProtocol[];
  readonly sessionTimeoutMs: number;
  readonly rebalanceTimeoutMs: number;
  readonly parkedJoin: Parked<JoinGroupResponse> | undefined;
}

export class ClassicGroup {
  readonly groupId: string;
  readonly timers: GroupTimers;
  state: GroupState = 'Empty';
  previousState: GroupState = 'Dead';
  /** Wall clock, ms; undefined when the stored record had none. */
  stateSinceMs: number | undefined;
  generationId = 0;
  protocolType: string | undefined;
  protocolName: string | undefined;
  leaderId: string | undefined;
  /** Undefined while unknown: no generation yet, not a consumer group, or metadata that does not parse. */
  subscribedTopics: ReadonlySet<string> | undefined;
  /** Someone joined during the initial delay, which is then extended. */
  newMemberAdded = false;
  /** By id, in the order in which they came; a static member's successor takes its place. */
  members = new Map<string, Member>();
  /** Instance id to member id. */
  readonly staticMembers = new Map<string, string>();
  /** Ids given with MEMBER_ID_REQUIRED that have not been used yet (KIP-394). */
  readonly pendingJoin = new Set<string>();
  /** Members of this generation whose SyncGroup is still owed. */
  readonly pendingSync = new Set<string>();
  readonly support = new ProtocolSupport();

  constructor(groupId: string, timers: GroupTimers, stateSinceMs: number | undefined) {
    this.groupId = groupId;
    this.timers = timers;
    this.stateSinceMs = stateSinceMs;
  }

  /** @throws Error on a move that the state machine does not have */
  transitionTo(state: GroupState, nowMs: number): void {
    if (!isLegalTransition(this.state, state)) {
      throw new Error(`group ${this.groupId} cannot go from ${this.state} to ${state}`);
    }
    this.previousState = this.state;
    this.state = state;
    this.stateSinceMs = nowMs;
  }

  isLeader(memberId: string): boolean {
    return this.leaderId === memberId;
  }

  /** @throws Error when there is no such member: callers have checked */
  member(memberId: string): Member {
    const member = this.members.get(memberId);
    if (member === undefined) throw new Error(`group ${this.groupId} has no member ${memberId}`);
    return member;
  }

  get awaitingJoin(): number {
    let count = 0;
    for (const member of this.members.values()) if (member.parkedJoin !== undefined) count++;
    return count;
  }

  /** A holder of an unused id counts as one who has yet to join. */
  get allJoined(): boolean {
    return this.members.size === this.awaitingJoin && this.pendingJoin.size === 0;
  }

  get canPrepareRebalance(): boolean {
    return isLegalTransition(this.state, 'PreparingRebalance');
  }

  get usesConsumerProtocol(): boolean {
    return this.protocolType === 'consumer';
  }

  /** Longest of the members' rebalance timeouts, ms. */
  get rebalanceTimeoutMs(): number {
    let longest = 0;
    for (const member of this.members.values()) longest = Math.max(longest, member.rebalanceTimeoutMs);
    return longest;
  }

  /** Whether a group with these members can take in someone who offers these protocols. */
  supportsProtocols(protocolType: string, protocols: readonly JoinGroupProtocol[]): boolean {
    if (this.state === 'Empty') return protocolType !== '' && protocols.length > 0;
    return (
      this.protocolType === protocolType &&
      protocols.some(({ name }) => this.support.count(name) === this.members.size)
    );
  }

  /** 0 when the member may speak; 25 or 82 (KIP-345) otherwise. */
  validateMember(memberId: string, groupInstanceId: string | null): number {
    if (groupInstanceId !== null) {
      const holder = this.staticMembers.get(groupInstanceId);
      if (holder === undefined) return GroupCode.unknownMemberId;
      if (holder !== memberId) return GroupCode.fencedInstanceId;
    }
    return this.members.has(memberId) ? GroupCode.none : GroupCode.unknownMemberId;
  }

  /** The first member becomes leader and decides the protocol type. */
  add(member: Member): void {
    if (this.members.size === 0) this.protocolType = member.protocolType;
    if (this.protocolType !== member.protocolType) {
      throw new Error(
        `member ${member.memberId} is of type ${member.protocolType}, the group of ${this.protocolType}`,
      );
    }
    if (member.groupInstanceId !== null) this.staticMembers.set(member.groupInstanceId, member.memberId);
    this.leaderId ??= member.memberId;
    this.members.set(member.memberId, member);
    this.support.add(member.protocols);
    this.pendingJoin.delete(member.memberId);
  }

  /** Forgets a member or an unused id, and the timer that goes with it. A leader's role passes to the next member. */
  remove(memberId: string): void {
    const member = this.members.get(memberId);
    this.timers.cancel(sessionTimer(memberId));
    if (member !== undefined) {
      this.members.delete(memberId);
      this.support.remove(member.protocols);
      if (member.groupInstanceId !== null) this.staticMembers.delete(member.groupInstanceId);
    }
    if (this.isLeader(memberId)) this.leaderId = this.members.keys().next().value;
    this.pendingJoin.delete(memberId);
    this.pendingSync.delete(memberId);
  }

  update(member: Member, update: MemberUpdate): void {
    this.support.remove(member.protocols);
    this.support.add(update.protocols);
    member.protocols = update.protocols;
    member.sessionTimeoutMs = update.sessionTimeoutMs;
    member.rebalanceTimeoutMs = update.rebalanceTimeoutMs;
    member.parkedJoin = update.parkedJoin;
  }

  /**
   * Puts a static member's successor into its place. `pendingSync` is left alone, as in Kafka: a successor of a member
   * that had not synced owes nothing itself, but the old id does, and the pending-sync timer will start a rebalance.
   */
  replaceStatic(oldMemberId: string, successor: Member, groupInstanceId: string): void {
    this.timers.cancel(sessionTimer(oldMemberId));
    this.members = new Map(
      [...this.members].map(([id, member]) =>
        id === oldMemberId ? [successor.memberId, successor] : [id, member],
      ),
    );
    if (this.isLeader(oldMemberId)) this.leaderId = successor.memberId;
    this.staticMembers.set(groupInstanceId, successor.memberId);
  }

  /** Whether the group has a leader that has joined, electing the first member that has when the leader has not. */
  electJoinedLeader(): boolean {
    if (this.leaderId === undefined) return false;
    if (this.member(this.leaderId).parkedJoin !== undefined) return true;
    for (const member of this.members.values()) {
      if (member.parkedJoin !== undefined) {
        this.leaderId = member.memberId;
        return true;
      }
    }
    return false;
  }

  selectProtocol(): string {
    if (this.leaderId === undefined) throw new Error(`group ${this.groupId} has nobody to vote`);
    return voteForProtocol([...this.members.values()], this.member(this.leaderId), this.support);
  }

  startGeneration(nowMs: number): void {
    this.generationId++;
    const empty = this.members.size === 0;
    this.protocolName = empty ? undefined : this.selectProtocol();
    this.subscribedTopics = subscribedTopicsOf(this);
    this.transitionTo(empty ? 'Empty' : 'CompletingRebalance', nowMs);
  }

  /** Members with their metadata for the chosen protocol, as the leader gets them. */
  membersForLeader(): JoinGroupResponseMember[] {
    return [...this.members.values()].map((member) => ({
      memberId: member.memberId,
      groupInstanceId: member.groupInstanceId,
      metadata: metadataOf(member, this.protocolName),
    }));
  }

  /** A consumer group whose topics are unknown counts as subscribed to every topic. */
  isSubscribedTo(topic: string): boolean {
    return this.subscribedTopics === undefined ? this.usesConsumerProtocol : this.subscribedTopics.has(topic);
  }
}
