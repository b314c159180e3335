/**
 * Looks at a run from outside: at what members ask for and are told, at what the coordinator decides, at what handlers
 * see. It believes nobody, and notes every rule that is broken.
 */
import type { EmbeddedBroker, GroupSnapshot, GroupTransition } from '@kohort/broker-embedded';
import type { PartitionOffset } from '@kohort/core/spi';
import { recordTrace, type Trace, type VirtualClock } from '@kohort/testkit';
import type { SimulatedMember } from '../members/member.ts';
import { GROUP, type Plan, TOPICS } from '../plan/plan.ts';
import { BrokenRule, numberOf } from './broken-rule.ts';
import { CommitOrder } from './commit-order.ts';
import { GroupAudit } from './group-audit.ts';
import { Ledger } from './ledger.ts';
import { type Mark, Marks } from './marks.ts';
import { MemberAudit } from './member-audit.ts';
import { keyOf, topicIn } from './partition-key.ts';

export class Auditor {
  readonly plan: Plan;
  readonly clock: VirtualClock;
  readonly trace: Trace;
  readonly marks = new Marks();
  readonly group: GroupAudit;
  readonly commits = new CommitOrder();
  /** Whether requests and events are written into the trace as well. */
  readonly isDetailed: boolean;
  readonly #ledgers = new Map<string, Ledger>();
  readonly #members = new Map<string, MemberAudit>();
  /** Who got a member id. */
  readonly #actors = new Map<string, string>();
  readonly #excusedTopics = new Set<string>();
  readonly #excusedRules = new Set<string>();
  /** Partitions that have not made progress since the healing, and from which offset on that is. */
  readonly #waiting = new Map<string, number>();
  #first: BrokenRule | null = null;
  /** The members as the coordinator knows them at this moment. */
  membersKnown: () => GroupSnapshot['members'] = () => [];

  constructor(plan: Plan, clock: VirtualClock, isDetailed: boolean) {
    this.plan = plan;
    this.clock = clock;
    this.isDetailed = isDetailed;
    this.trace = recordTrace({ clock });
    this.group = new GroupAudit(this);
  }

  watch(broker: EmbeddedBroker): void {
    this.membersKnown = () => broker.group(GROUP)?.members ?? [];
    broker.onRequest((record, phase) => {
      if (phase !== 'done' || record.api !== 'JoinGroup' || record.clientId === null) return;
      const memberId: unknown = Reflect.get(Object(record.response), 'memberId');
      if (typeof memberId === 'string' && memberId !== '') this.#actors.set(memberId, record.clientId);
    });
    broker.onTransition((transition) => {
      if (transition.groupId === GROUP) this.#moved(transition);
    });
  }

  member(member: SimulatedMember): MemberAudit {
    const audit = new MemberAudit(member, this);
    this.#members.set(member.name, audit);
    return audit;
  }

  /** Who has this member id; undefined for one that has never been answered. */
  actorOf(memberId: string): string | undefined {
    return this.#actors.get(memberId);
  }

  auditOf(memberId: string): MemberAudit | undefined {
    return this.#members.get(this.#actors.get(memberId) ?? '');
  }

  get members(): Iterable<MemberAudit> {
    return this.#members.values();
  }

  ledger(key: string): Ledger {
    const known = this.#ledgers.get(key);
    if (known !== undefined) return known;
    const made = new Ledger();
    this.#ledgers.set(key, made);
    return made;
  }

  /** Records that were written and that nobody has settled, in topics that no fault has taken records from. */
  get unsettled(): number {
    let sum = this.#waiting.size;
    for (const [key, ledger] of this.#ledgers) if (!this.isExcused(topicIn(key))) sum += ledger.unsettled;
    return sum;
  }

  produced({ topic, partition, offset }: PartitionOffset): void {
    this.ledger(keyOf({ topic, partition })).produced(Number(offset));
    this.trace.record('producer', 'produced', { topic, partition, offset });
  }

  hit(mark: Mark): void {
    this.marks.hit(mark);
  }

  /** A fault takes records away: what is said of offsets holds for this topic no more. */
  excuseTopic(topic: string): void {
    this.#excusedTopics.add(topic);
  }

  get hasExcuses(): boolean {
    return this.#excusedTopics.size > 0;
  }

  /** Partitions that a topic had when the run began. */
  partitionsAtStart(topic: string): number {
    return this.plan.partitions[(TOPICS as readonly string[]).indexOf(topic)] ?? 0;
  }

  /** From here on a record of each of these partitions has to be handled, at these offsets or above. */
  mustProgress(topic: string, ends: readonly bigint[]): void {
    for (const [partition, end] of ends.entries())
      this.#waiting.set(keyOf({ topic, partition }), Number(end));
  }

  /** Topics of partitions that still have to make progress. */
  get topicsWaiting(): ReadonlySet<string> {
    return new Set([...this.#waiting.keys()].map(topicIn));
  }

  settled(key: string, offset: number): void {
    const from = this.#waiting.get(key);
    if (from !== undefined && offset >= from) this.#waiting.delete(key);
  }

  /** For people. */
  describeUnsettled(): string {
    const open = [...this.#ledgers].filter(
      ([key, { unsettled }]) => unsettled > 0 && !this.isExcused(topicIn(key)),
    );
    const keys = new Set([...open.map(([key]) => key), ...this.#waiting.keys()]);
    return keys.size === 0 ? 'everything is handled' : `not handled: ${[...keys].join(', ')}`;
  }

  /** A fault breaks this rule by itself. @param rule its number */
  excuseRule(rule: string): void {
    this.#excusedRules.add(rule);
  }

  isRuleExcused(rule: string): boolean {
    return this.#excusedRules.has(rule);
  }

  isExcused(topic: string): boolean {
    return this.#excusedTopics.has(topic);
  }

  broken(rule: string, problem: string): void {
    if (this.isRuleExcused(numberOf(rule))) return;
    this.trace.record('auditor', 'broken', { rule, problem });
    this.#first ??= new BrokenRule(rule, `${problem}, at ${this.clock.monotonic()} ms`);
  }

  /** @throws BrokenRule the first rule that was broken so far */
  check(): void {
    if (this.#first !== null) throw this.#first;
  }

  #moved(transition: GroupTransition): void {
    this.group.moved(transition);
    switch (transition.type) {
      case 'member-removed':
        this.#fenced(transition.memberId, transition.reason);
        return;
      case 'member-replaced':
        this.#fenced(transition.oldMemberId, 'replaced');
        return;
      case 'offset-committed': {
        const { topic, partition, offset, memberId } = transition;
        const actor = this.actorOf(memberId) ?? memberId;
        this.trace.record(actor, 'commit', { topic, partition, offset });
        this.#committed(actor, { topic, partition, offset });
      }
    }
  }

  #fenced(memberId: string, reason: string): void {
    const audit = this.auditOf(memberId);
    // An id that a member asked for and never came back with is not what it works under.
    if (audit === undefined || audit.calls.memberId !== memberId) return;
    audit.fenced();
    const foreseeable = !reason.startsWith('left') && reason !== 'replaced';
    this.trace.record(audit.name, 'fenced', { reason, foreseeable });
  }

  #committed(actor: string, { topic, partition, offset }: PartitionOffset): void {
    const key = keyOf({ topic, partition });
    const from = this.commits.committed(actor, key, offset);
    if (this.isExcused(topic)) return;
    if (from !== null)
      this.broken('I6, monotonic commits', `${key} goes back from ${from} to ${offset}, by ${actor}`);
    const open = this.ledger(key).unsettledBelow(Number(offset));
    if (open !== undefined)
      this.broken(
        'I5, commits cover what is settled',
        `${actor} commits ${offset} of ${topic}-${partition}, and nobody has settled ${open}`,
      );
  }
}
