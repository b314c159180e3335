/** Looks at one member: at its callbacks, its handlers, its requests and its events. */
import type { ConsumerRecord, GroupDescription, Hook, KohortError, LossReason } from '@kohort/core';
import { type EventName, HOOK_CONTRACT_VERSION, type TopicPartition } from '@kohort/core/spi';
import type { SimulatedMember } from '../members/member.ts';
import type { Auditor } from './auditor.ts';
import { CallAudit } from './call-audit.ts';
import { noteEvent } from './event-audit.ts';
import { keyOf } from './partition-key.ts';
import { Positions } from './positions.ts';
import { StuckHandlers } from './stuck-handlers.ts';

export type CallbackName = 'onAssigned' | 'onRevoked' | 'onLost';

/** What is listened to; everything, where the trace is to have all details. */
const EVENTS: readonly EventName[] = [
  'callback.error',
  'lease.expired',
  'lease.restored',
  'processing.deadline',
  'offsets.reset',
  'drain.end',
  'close.end',
  'assignment.rejected',
  'rebalance.start',
  'rebalance.end',
  'member.terminated',
];

export class MemberAudit {
  readonly name: string;
  readonly member: SimulatedMember;
  readonly auditor: Auditor;
  readonly calls: CallAudit;
  readonly positions: Positions;
  readonly stuck: StuckHandlers;
  /** From the end of onAssigned to the beginning of onRevoked or onLost. */
  readonly owned = new Set<string>();
  /** From the beginning of onAssigned to the end of onRevoked, or the beginning of onLost. */
  readonly held = new Set<string>();
  running: CallbackName | null = null;
  /** Partitions of the callback that runs. */
  runningFor: ReadonlySet<string> = new Set();
  handlersRunning = 0;
  hasEnded = false;
  isClosing = false;
  isOut = false;
  #revokedFor: string | null = null;
  #lostFor: LossReason | null = null;

  constructor(member: SimulatedMember, auditor: Auditor) {
    this.member = member;
    this.name = member.name;
    this.auditor = auditor;
    this.positions = new Positions(this);
    this.stuck = new StuckHandlers(member.clock, auditor.plan.handlers.kind === 'batch');
    this.calls = new CallAudit(this);
  }

  get hook(): Hook {
    return {
      name: 'audit',
      contractVersion: HOOK_CONTRACT_VERSION,
      ...(this.auditor.isDetailed ? {} : { events: EVENTS }),
      onEvent: (event) => {
        if (!this.member.isDead) noteEvent(this, event);
      },
    };
  }

  /** Whether the member has not given this partition back. */
  holds(key: string): boolean {
    return !this.member.isDead && this.held.has(key);
  }

  broken(rule: string, problem: string): void {
    this.auditor.broken(rule, `${this.name}: ${problem}`);
  }

  say(type: string, fields: Readonly<Record<string, unknown>> = {}): void {
    this.auditor.trace.record<string>(this.name, type, fields);
  }

  /** Why the next onRevoked runs. */
  revokes(reason: string): void {
    this.#revokedFor = reason;
  }

  loses(reason: LossReason): void {
    this.#lostFor = reason;
    if (reason === 'lease' && this.member.clock.suspendedMs > 0)
      this.auditor.hit('wall clock ends the lease');
  }

  callback(callback: CallbackName, phase: 'start' | 'end', partitions: readonly TopicPartition[]): void {
    const { trace } = this.auditor;
    const keys = partitions.map(keyOf);
    if (phase === 'start') {
      trace.record(this.name, 'callback.start', { callback });
      this.running = callback;
      this.runningFor = new Set(keys);
      for (const [i, key] of keys.entries()) this.#begins(callback, partitions[i] as TopicPartition, key);
      return;
    }
    if (callback === 'onAssigned') {
      for (const [i, key] of keys.entries()) {
        const { topic, partition } = partitions[i] as TopicPartition;
        trace.record(this.name, 'assigned', { topic, partition });
        this.owned.add(key);
      }
    }
    if (callback === 'onRevoked') for (const key of keys) this.held.delete(key);
    this.running = null;
    this.runningFor = new Set();
    trace.record(this.name, 'callback.end', { callback });
  }

  #begins(callback: CallbackName, { topic, partition }: TopicPartition, key: string): void {
    const { trace } = this.auditor;
    if (callback === 'onAssigned') {
      this.held.add(key);
      this.positions.begins(key);
      return;
    }
    this.owned.delete(key);
    if (callback === 'onRevoked') {
      trace.record(this.name, 'revoked', { topic, partition });
      this.positions.ends(key, false);
      this.calls.checkRevoke(key, this.#revokedFor);
    } else {
      this.held.delete(key);
      this.positions.ends(key, this.#lostFor === 'lease');
      trace.record(this.name, 'lost', { topic, partition });
    }
  }

  begins({ topic, partition, offset }: ConsumerRecord): void {
    if (this.member.isDead) return;
    this.handlersRunning += 1;
    this.auditor.trace.record(this.name, 'record.start', { topic, partition, offset });
    if (this.member.clock.isStill) this.broken('I2, a process that stands still', 'a handler begins');
  }

  ends({ topic, partition, offset }: ConsumerRecord, outcome: 'ok' | 'error'): void {
    if (this.member.isDead) return;
    this.handlersRunning -= 1;
    this.auditor.trace.record(this.name, 'record.end', { topic, partition, offset, outcome });
    if (outcome !== 'ok') return;
    const key = keyOf({ topic, partition });
    this.stuck.settled(key, offset.toString());
    this.auditor.settled(key, Number(offset));
    if (this.auditor.ledger(key).settled(Number(offset))) this.auditor.hit('record handled twice');
    if (partition >= this.auditor.partitionsAtStart(topic))
      this.auditor.hit('partition of a grown topic handled');
  }

  /** The coordinator has removed it. */
  fenced(): void {
    if (this.member.isDead || this.hasEnded) return;
    if (this.running === 'onRevoked') this.auditor.hit('session expires during the revoke');
    if (this.handlersRunning > 0 && !this.isClosing) this.auditor.hit('session expires while a handler runs');
  }

  crashes({ state, isLeader }: GroupDescription): void {
    this.say('crashes');
    if (isLeader && (state === 'assigning' || state === 'syncing'))
      this.auditor.hit('leader dies before it has synced');
  }

  closes(state: string): void {
    this.isClosing = true;
    if (['joining', 'assigning', 'syncing'].includes(state)) this.auditor.hit('close while joining');
    if (state === 'in-doubt') this.auditor.hit('close while in doubt');
  }

  closed(error: KohortError | null): void {
    this.hasEnded = true;
    if (error !== null) this.say('terminated', { error: error.code, message: error.message });
    this.auditor.trace.record(this.name, 'closed', {});
  }
}
