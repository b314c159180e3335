/** Whatever happens in whatever order: the machine keeps its promises. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RebalanceProtocol } from '../../src/contracts/assignor.ts';
import { partitionKey, type TopicPartition } from '../../src/contracts/topic-partition.ts';
import type { RequestFailure } from '../../src/contracts/verdict.ts';
import { KafkaCode } from '../../src/errors/kafka-codes.ts';
import type { Effect } from '../../src/membership/effect.ts';
import type { MembershipEvent } from '../../src/membership/event.ts';
import { COORDINATOR, Driver, joinAnswer, P0, P1 } from './driver.ts';

/** What may happen next: an answer to something that is open, a command, or time. */
type Move =
  | {
      readonly kind: 'answer';
      readonly pick: number;
      readonly failure: RequestFailure | null;
      readonly partitions: readonly TopicPartition[];
    }
  | { readonly kind: 'stale'; readonly pick: number; readonly failure: RequestFailure }
  | { readonly kind: 'pass'; readonly ms: number; readonly wallExtra: number }
  | { readonly kind: 'command'; readonly event: MembershipEvent };

const codes = [
  KafkaCode.coordinatorLoadInProgress,
  KafkaCode.coordinatorNotAvailable,
  KafkaCode.notCoordinator,
  KafkaCode.illegalGeneration,
  KafkaCode.unknownMemberId,
  KafkaCode.rebalanceInProgress,
  KafkaCode.memberIdRequired,
  KafkaCode.fencedInstanceId,
  KafkaCode.groupAuthorizationFailed,
  KafkaCode.unknownServerError,
];
const failure: fc.Arbitrary<RequestFailure> = fc.oneof(
  fc.constantFrom(...codes).map((errorCode) => ({ errorCode })),
  fc
    .constantFrom('timeout', 'connect', 'laneClosed')
    .map((transport) => ({ transport, sent: 'maybe' }) as RequestFailure),
);
const partitions = fc.constantFrom<readonly TopicPartition[]>(
  [],
  [P0],
  [P1],
  [P0, P1],
  [{ topic: 'strange', partition: 0 }],
);
const command: fc.Arbitrary<MembershipEvent> = fc.oneof(
  fc.constant<MembershipEvent>({ type: 'rejoin', trigger: 'manual', reason: 'property' }),
  fc
    .constantFrom(['orders'], ['orders', 'refunds'])
    .map((topics): MembershipEvent => ({ type: 'subscription', topics })),
  fc.constant<MembershipEvent>({ type: 'step-out', token: 7_000, stuck: [P0] }),
  fc.constant<MembershipEvent>({ type: 'step-in', token: 7_000 }),
  fc.constant<MembershipEvent>({ type: 'coordinator-lost', coordinator: COORDINATOR, reason: 'property' }),
);
const move: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      kind: fc.constant('answer' as const),
      pick: fc.nat(9),
      failure: fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: failure }),
      partitions,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('stale' as const), pick: fc.nat(50), failure }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('pass' as const),
      ms: fc.nat(40_000),
      wallExtra: fc.constantFrom(0, 0, 0, 50_000),
    }),
  },
  { weight: 1, arbitrary: command.map((event) => ({ kind: 'command' as const, event })) },
);

const ANSWERED = [
  'find-coordinator',
  'join',
  'plan',
  'sync',
  'heartbeat',
  'assign',
  'revoke',
  'leave',
] as const;
type Open = Extract<Effect, { type: (typeof ANSWERED)[number] }>;

function isOpen(effect: Effect): effect is Open {
  return (ANSWERED as readonly string[]).includes(effect.type);
}

function answerTo(
  effect: Open,
  failed: RequestFailure | null,
  owned: readonly TopicPartition[],
  generation: number,
): MembershipEvent {
  const { token } = effect;
  switch (effect.type) {
    case 'find-coordinator':
      return failed
        ? { type: 'lookup-failed', token, failure: failed, connected: effect.token % 2 === 0 }
        : { type: 'coordinator', token, coordinator: COORDINATOR };
    case 'join':
      if (failed) return { type: 'join-failed', token, failure: failed, memberId: 'given' };
      return {
        type: 'joined',
        token,
        answer: joinAnswer({
          memberId: effect.memberId || 'm1',
          generationId: generation,
          leaderId: generation % 2 ? 'm1' : 'other',
        }),
      };
    case 'plan':
      return { type: 'planned', token, assignments: [], deferred: 0 };
    case 'sync':
      if (failed) return { type: 'sync-failed', token, failure: failed };
      return { type: 'synced', token, answer: { protocolType: null, protocolName: null, partitions: owned } };
    case 'heartbeat':
      return failed ? { type: 'heartbeat-failed', token, failure: failed } : { type: 'heartbeat', token };
    case 'assign':
      return { type: 'applied', token };
    case 'revoke':
      return { type: 'revoked', token };
    case 'leave':
      return { type: 'left', token };
  }
}

/** Follows ownership through the effects: assigned, then revoked or lost, in this order, and never twice. */
class Terms {
  readonly #eager: boolean;
  readonly #owned = new Set<string>();
  readonly #revoking = new Map<number, readonly TopicPartition[]>();

  constructor(eager: boolean) {
    this.#eager = eager;
  }

  see(effect: Effect): void {
    switch (effect.type) {
      case 'assign':
        this.#assign(effect.added);
        return;
      case 'revoke':
        this.#revoking.set(effect.token, effect.partitions);
        this.#demand(effect.partitions, 'revoked');
        return;
      case 'lose':
        this.#demand(effect.partitions, 'lost');
        for (const p of effect.partitions) this.#owned.delete(partitionKey(p));
        if (effect.reason !== 'processing-deadline') this.#revoking.clear();
        return;
      case 'join':
        // I16: what is claimed is what is owned; I14: under the eager protocol that is nothing.
        expect(new Set(effect.owned.map(partitionKey))).toEqual(this.#owned);
        if (this.#eager) this.#demandNothing('join');
        return;
      case 'end':
        this.#demandNothing('end');
    }
  }

  #demandNothing(when: string): void {
    if (this.#owned.size > 0) throw new Error(`${when} while ${[...this.#owned].join(', ')} is owned`);
  }

  #assign(partitions: readonly TopicPartition[]): void {
    for (const p of partitions) {
      if (this.#owned.has(partitionKey(p))) throw new Error(`${partitionKey(p)} assigned twice`);
      this.#owned.add(partitionKey(p));
    }
  }

  #demand(partitions: readonly TopicPartition[], what: string): void {
    for (const p of partitions) {
      if (!this.#owned.has(partitionKey(p))) throw new Error(`${partitionKey(p)} ${what}, but not owned`);
    }
  }

  /** The runtime ends ownership when the callback of a revoke has settled. */
  settled(token: number): void {
    for (const p of this.#revoking.get(token) ?? []) this.#owned.delete(partitionKey(p));
    this.#revoking.delete(token);
  }

  get owned(): number {
    return this.#owned.size;
  }
}

class Play {
  readonly d: Driver;
  readonly terms: Terms;
  #open: Open[] = [];
  readonly #closed: Open[] = [];
  #seen = 0;
  #generation = 0;

  constructor(protocol: RebalanceProtocol) {
    this.d = new Driver({ protocol });
    this.terms = new Terms(protocol === 'eager');
    this.d.start();
    this.#settle();
  }

  make(m: Move): void {
    if (m.kind === 'pass') this.d.pass(m.ms, m.wallExtra);
    else if (m.kind === 'command') this.d.send(m.event);
    else if (m.kind === 'answer') this.#answer(m.pick, m.failure, m.partitions);
    else this.#repeat(m.pick, m.failure);
    this.#settle();
  }

  /** Answers everything well until the member is stable, or has ended. */
  heal(): void {
    for (let i = 0; i < 400 && this.d.m.state !== 'stable' && this.d.m.state !== 'terminal'; i++) {
      if (this.#open.length > 0) this.#answer(0, null, [P0, P1]);
      else {
        this.d.send({ type: 'step-in', token: 7_000 });
        this.d.pass(1_000);
      }
      this.#settle();
    }
  }

  close(): void {
    this.d.send({ type: 'close', leave: true, reason: 'property', timeoutMs: 5_000 });
    this.#settle();
    this.d.pass(5_000);
    this.#settle();
  }

  #answer(pick: number, failed: RequestFailure | null, owned: readonly TopicPartition[]): void {
    const effect = this.#open[pick % Math.max(1, this.#open.length)];
    if (!effect) return;
    this.#open = this.#open.filter((other) => other !== effect);
    this.#closed.push(effect);
    if (effect.type === 'join') this.#generation += 1;
    if (effect.type === 'revoke') this.terms.settled(effect.token);
    this.d.send(answerTo(effect, failed, owned, this.#generation));
  }

  /** An answer that comes a second time is stale: it must change nothing. */
  #repeat(pick: number, failed: RequestFailure): void {
    const effect = this.#closed[pick % Math.max(1, this.#closed.length)];
    if (!effect) return;
    this.d.send({ type: 'timer', name: 'lease' }); // any event notices a lease that has ended; that is not what is tested here
    this.#settle();
    const before = this.d.m;
    this.d.send(answerTo(effect, failed, [P0], 99));
    expect({ ...this.d.m, lastToken: 0 }).toEqual({ ...before, lastToken: 0 });
  }

  #settle(): void {
    for (const effect of this.d.all.slice(this.#seen)) {
      this.terms.see(effect);
      if (isOpen(effect)) this.#open.push(effect);
      if (effect.type === 'lose' && effect.reason !== 'processing-deadline')
        this.#open = this.#open.filter(({ type }) => type !== 'assign' && type !== 'revoke');
      if (effect.type === 'cancel-plan') this.#open = this.#open.filter(({ type }) => type !== 'plan');
    }
    this.#seen = this.d.all.length;
  }
}

const farewell: fc.Arbitrary<MembershipEvent> = fc.oneof(
  fc
    .boolean()
    .map((leave): MembershipEvent => ({ type: 'close', leave, reason: 'property', timeoutMs: 20_000 })),
  fc.constant<MembershipEvent>({
    type: 'fail',
    failure: { terminalClass: 'handler', message: 'property', kafkaCode: null },
    timeoutMs: 20_000,
  }),
);

describe.each<RebalanceProtocol>(['eager', 'cooperative'])(
  'the %s membership machine, under any sequence of events',
  (protocol) => {
    it('I14, I15, I20: callbacks follow their grammar, nothing joins while it owns, stale answers change nothing, no move is illegal', () => {
      fc.assert(
        fc.property(fc.array(move, { minLength: 5, maxLength: 80 }), (moves) => {
          const play = new Play(protocol);
          for (const m of moves) play.make(m);
        }),
        { numRuns: 1_000 },
      );
    });

    it('L1: once everything answers again, the member becomes stable, or has ended with a class', () => {
      fc.assert(
        fc.property(fc.array(move, { maxLength: 60 }), (moves) => {
          const play = new Play(protocol);
          for (const m of moves) play.make(m);
          play.heal();
          expect(['stable', 'terminal']).toContain(play.d.m.state);
        }),
        { numRuns: 500 },
      );
    });

    it('L5: close ends it in time, with no timer left and nothing owned', () => {
      fc.assert(
        fc.property(
          fc.array(move, { maxLength: 60 }),
          farewell,
          fc.array(move, { maxLength: 20 }),
          (moves, event, after) => {
            const play = new Play(protocol);
            for (const m of moves) play.make(m);
            play.make({ kind: 'command', event });
            for (const m of after) play.make(m);
            play.close();
            expect(['closed', 'terminal']).toContain(play.d.m.state);
            expect(play.terms.owned).toBe(0);
            for (const name of [
              'lookup',
              'join',
              'heartbeat',
              'lease',
              'join-by',
              'follow-up',
              'end',
            ] as const)
              expect(play.d.due(name)).toBeUndefined();
          },
        ),
        { numRuns: 500 },
      );
    });
  },
);
