/** Plays a member's coordinator and clock: hands events to the pure machine and keeps what it wants done. */
import type { TopicPartition } from '../../src/contracts/topic-partition.ts';
import type { RequestFailure } from '../../src/contracts/verdict.ts';
import type { Effect, TimerName } from '../../src/membership/effect.ts';
import type { JoinAnswer, MembershipEvent } from '../../src/membership/event.ts';
import { idleMembership, type Membership, type MembershipConfig } from '../../src/membership/state.ts';
import { step } from '../../src/membership/step.ts';
import { verdictFor } from '../../src/membership/verdicts.ts';

export type EffectOf<Type extends Effect['type']> = Extract<Effect, { type: Type }>;

export const COORDINATOR = { nodeId: 1, host: 'broker-1', port: 9092 };
export const P0: TopicPartition = { topic: 'orders', partition: 0 };
export const P1: TopicPartition = { topic: 'orders', partition: 1 };

const CONFIG: MembershipConfig = {
  groupId: 'g',
  groupInstanceId: undefined,
  heartbeatInterval: 5_000,
  sessionTimeout: 30_000,
  sessionTimeoutPadding: 10_000,
  rebalanceTimeout: 90_000,
  leaseEnforced: true,
  protocol: 'eager',
  retryInitial: 100,
  retryMax: 1_000,
  requestTimeout: 30_000,
  verdictFor,
};

export class Driver {
  m: Membership;
  mono = 0;
  wall = 1_000_000;
  /** Effects of the last event. */
  last: readonly Effect[] = [];
  /** Effects of all events. */
  readonly all: Effect[] = [];
  readonly #timers = new Map<TimerName, number>();

  constructor(config: Partial<MembershipConfig> = {}) {
    this.m = idleMembership({ ...CONFIG, ...config });
  }

  send(event: MembershipEvent): readonly Effect[] {
    const { state, effects } = step(this.m, event, { mono: this.mono, wall: this.wall });
    this.m = state;
    this.last = effects;
    this.all.push(...effects);
    for (const effect of effects) {
      if (effect.type === 'arm') this.#timers.set(effect.name, this.mono + effect.delayMs);
      else if (effect.type === 'cancel') this.#timers.delete(effect.name);
    }
    return effects;
  }

  /** Lets time pass; timers fire when they are due. @param wallExtra milliseconds that the wall clock advances beyond the monotonic one */
  pass(ms: number, wallExtra = 0): void {
    const end = this.mono + ms;
    this.wall += wallExtra;
    for (;;) {
      const next = [...this.#timers].filter(([, at]) => at <= end).sort((a, b) => a[1] - b[1])[0];
      if (!next) break;
      this.#advance(next[1]);
      this.#timers.delete(next[0]);
      this.send({ type: 'timer', name: next[0] });
    }
    this.#advance(end);
  }

  #advance(to: number): void {
    this.wall += to - this.mono;
    this.mono = to;
  }

  due(name: TimerName): number | undefined {
    const at = this.#timers.get(name);
    return at === undefined ? undefined : at - this.mono;
  }

  of<Type extends Effect['type']>(type: Type, effects: readonly Effect[] = this.last): EffectOf<Type>[] {
    return effects.filter((effect): effect is EffectOf<Type> => effect.type === type);
  }

  /** The only effect of a type among the last ones. */
  one<Type extends Effect['type']>(type: Type): EffectOf<Type> {
    const found = this.of(type);
    if (found.length !== 1 || !found[0]) {
      throw new Error(
        `${found.length} effects of type ${type}, among ${this.last.map((e) => e.type).join(', ')}`,
      );
    }
    return found[0];
  }

  events(): string[] {
    return this.all.flatMap((effect) => (effect.type === 'emit' ? [effect.event.name] : []));
  }

  count(type: Effect['type']): number {
    return this.of(type, this.all).length;
  }

  // The usual way, step by step.

  start(): this {
    this.send({ type: 'start', topics: ['orders'] });
    return this;
  }

  found(): this {
    const { token } = this.one('find-coordinator');
    this.send({ type: 'coordinator', token, coordinator: COORDINATOR });
    return this;
  }

  joined(answer: Partial<JoinAnswer> = {}): this {
    const { token } = this.one('join');
    this.send({ type: 'joined', token, answer: joinAnswer(answer) });
    return this;
  }

  joinFailed(failure: RequestFailure, memberId = ''): this {
    this.send({ type: 'join-failed', token: this.one('join').token, failure, memberId });
    return this;
  }

  synced(partitions: readonly TopicPartition[] = [P0, P1], delayMs = 0): this {
    const { token } = this.one('sync');
    this.pass(delayMs);
    this.send({
      type: 'synced',
      token,
      answer: { protocolType: 'consumer', protocolName: 'roundrobin', partitions },
    });
    return this;
  }

  syncFailed(failure: RequestFailure): this {
    this.send({ type: 'sync-failed', token: this.one('sync').token, failure });
    return this;
  }

  applied(): this {
    this.send({ type: 'applied', token: this.one('assign').token });
    return this;
  }

  revoked(): this {
    const revoke = this.of('revoke', this.all).at(-1);
    if (!revoke) throw new Error('nothing was revoked');
    this.send({ type: 'revoked', token: revoke.token });
    return this;
  }

  /** Lets time pass, with every heartbeat and lookup answered. @param failure undefined for a good answer */
  passBeating(ms: number, failure?: RequestFailure): this {
    const end = this.mono + ms;
    while (this.mono < end) {
      this.pass(Math.min(500, end - this.mono));
      if (this.m.lookup !== null)
        this.send({ type: 'coordinator', token: this.m.lookup, coordinator: COORDINATOR });
      const token = this.m.heartbeat?.token;
      if (token === undefined) continue;
      this.send(failure ? { type: 'heartbeat-failed', token, failure } : { type: 'heartbeat', token });
    }
    return this;
  }

  /** The heartbeat in flight, or the next one. */
  beat(): EffectOf<'heartbeat'> {
    while (!this.m.heartbeat) {
      const delay = this.due('heartbeat');
      if (delay === undefined) throw new Error('no heartbeat is planned');
      this.pass(delay);
    }
    return this.of('heartbeat', this.all).at(-1) as EffectOf<'heartbeat'>;
  }

  beatOk(): this {
    this.send({ type: 'heartbeat', token: this.beat().token });
    return this;
  }

  beatFailed(failure: RequestFailure): this {
    this.send({ type: 'heartbeat-failed', token: this.beat().token, failure });
    return this;
  }

  /** A stable follower that owns two partitions in generation 1. */
  stable(partitions: readonly TopicPartition[] = [P0, P1]): this {
    return this.start().found().joined().synced(partitions).applied();
  }
}

export function joinAnswer(answer: Partial<JoinAnswer> = {}): JoinAnswer {
  return {
    memberId: 'm1',
    generationId: 1,
    protocolType: 'consumer',
    protocolName: 'roundrobin',
    leaderId: 'other',
    skipAssignment: false,
    members: [],
    ...answer,
  };
}
