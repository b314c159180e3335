/** One member of a simulated group: a real consumer group in a process of its own, as far as time and network go. */
import { type ConsumerGroup, createConsumerGroup, KohortError } from '@kohort/core';
import type { TopicPartition, TransportFactory } from '@kohort/core/spi';
import { createProtocolTransport } from '@kohort/protocol';
import type { MemberAudit } from '../audit/member-audit.ts';
import { keyOf } from '../audit/partition-key.ts';
import { GROUP, type Plan } from '../plan/plan.ts';
import { ObservedTransport } from '../wire/observed-transport.ts';
import { type Opening, SimulatedWire } from '../wire/simulated-wire.ts';
import type { World } from '../world.ts';
import { assignorsOf } from './assignors.ts';
import { ownershipCallbacks } from './callbacks.ts';
import { Handlers } from './handlers.ts';
import { MemberClock, type Stillness } from './member-clock.ts';
import { goodMood, type Moods } from './moods.ts';

/** Milliseconds that a clean shutdown may take. */
const CLOSE_MS = 15_000;
/** What `close` may take above its timeout: the last callbacks have half a second. */
const CLOSE_SLACK_MS = 600;

export class SimulatedMember {
  readonly name: string;
  /** Its place among all members. */
  readonly number: number;
  readonly instance: string | null;
  readonly clock: MemberClock;
  readonly moods: Moods = goodMood();
  readonly group: ConsumerGroup;
  readonly audit: MemberAudit;
  readonly handlers: Handlers;
  /** What happens when it opens a connection. */
  opening: Opening = 'works';
  /** The error of the terminal state, if the member came to one. */
  error: KohortError | null = null;
  isLeaving = false;
  isDead = false;
  readonly #world: World;
  readonly #ended: Promise<void>;
  #pausing = 0;
  #hasPaused = false;
  #wire: SimulatedWire | null = null;
  #buried: (() => void) | null = null;

  constructor(number: number, instance: string | null, world: World) {
    this.name = `m${number}`;
    this.number = number;
    this.instance = instance;
    this.#world = world;
    this.clock = new MemberClock(world.clock);
    this.audit = world.auditor.member(this);
    this.handlers = new Handlers(this, world);
    this.group = createConsumerGroup(this.#options(world.plan));
    this.#ended = this.group.run(this.handlers.run).then(
      () => this.#closed(),
      (error: KohortError) => {
        this.error = error;
        this.#closed();
      },
    );
  }

  #options({ timeouts, handlers, assignors }: Plan) {
    const { perPartition } = handlers;
    return {
      groupId: GROUP,
      clientId: this.name,
      ...(this.instance === null ? {} : { groupInstanceId: this.instance }),
      topics: [...this.#world.topics],
      assignors: assignorsOf(assignors, this.number, this.moods, this.clock),
      transport: this.#transport(),
      clock: this.clock,
      random: this.#world.random,
      autoOffsetReset: 'earliest',
      sessionTimeout: timeouts.session,
      heartbeatInterval: timeouts.heartbeat,
      rebalanceTimeout: timeouts.rebalance,
      maxProcessingTime: timeouts.maxProcessing,
      commitInterval: timeouts.commitInterval,
      fetchMaxWait: timeouts.fetchMaxWait,
      requestTimeout: 5_000,
      sessionTimeoutPadding: 5_000,
      metadataMaxAge: 5_000,
      concurrency: { perPartition, ordering: perPartition > 1 ? 'none' : 'partition' },
      hooks: [this.audit.hook],
      ...ownershipCallbacks(this, this.#world),
    } as const;
  }

  #transport(): TransportFactory {
    const { broker } = this.#world;
    const inner = createProtocolTransport({
      name: 'simulated',
      wire: (context) => {
        this.#wire = new SimulatedWire(broker.wire(context), () => this.opening);
        return this.#wire;
      },
    });
    return {
      ...inner,
      create: (context) => new ObservedTransport(inner.create(context), this.audit.calls),
    };
  }

  /** In the group as far as it goes: not killed, not closing, not ended. */
  get alive(): boolean {
    return !this.isDead && !this.isLeaving && this.error === null;
  }

  /** Clean shutdown. */
  async leave(timeout = CLOSE_MS, leave?: boolean): Promise<void> {
    if (!this.alive) return;
    this.isLeaving = true;
    this.audit.closes(this.group.describe().state);
    const from = this.clock.monotonic();
    const still = this.clock.stoodStillMs;
    await this.group.close(leave === undefined ? { timeout } : { timeout, leave });
    const took = this.clock.monotonic() - from - (this.clock.stoodStillMs - still);
    if (!this.isDead && took > timeout + CLOSE_SLACK_MS)
      this.audit.broken('L5, close settles in time', `close({ timeout: ${timeout} }) took ${took} ms`);
  }

  /** SIGKILL: no goodbye, connections end, and nothing is heard of it any more. */
  crash(): void {
    if (this.isDead || this.error !== null) return;
    this.audit.crashes(this.group.describe());
    this.isDead = true;
    this.handlers.die();
    this.opening = 'connect';
    this.#buried = this.clock.stop('stopped');
    this.#world.broker.faults.disconnect({ clientId: this.name });
  }

  /** The process stands still for a while. */
  standStill(how: Stillness, ms: number): void {
    this.#world.during(ms, () => this.clock.stop(how));
  }

  /** Subscribes to other topics. */
  subscribe(topics: readonly string[]): void {
    this.audit.calls.subscribed();
    this.group.setTopics([...topics]);
  }

  /** Goes back by some records, from the highest one that anybody has settled. */
  seekBack(partition: TopicPartition, records: number): void {
    // A batch that is in flight is handled to its end after the seek, out of order.
    if (this.#world.plan.handlers.kind === 'batch') this.#world.auditor.excuseRule('I11');
    const key = keyOf(partition);
    const { topic, partition: index } = partition;
    const offset = BigInt(Math.max(0, this.#world.auditor.ledger(key).nextAfterSettled - records));
    const moves = () => {
      this.audit.positions.moved(key);
      this.#world.auditor.commits.moved(key);
      this.#world.auditor.trace.record(this.name, 'seek', { topic, partition: index, offset });
    };
    moves();
    this.try(this.group.seek({ topic, partition: index }, offset).then(moves));
  }

  /** Pauses what is owned, for a while; what comes later is resumed when it comes. */
  pauseFor(partitions: readonly TopicPartition[], ms: number): void {
    this.#pausing += 1;
    this.#hasPaused = true;
    this.try(this.group.pause(partitions));
    this.#world.during(ms, () => () => {
      this.whenRuns(() => {
        this.#pausing -= 1;
        if (this.alive) this.resume(this.group.describe().assignments);
      });
    });
  }

  /** The user's code runs when the process does: now, or when it goes on. */
  whenRuns(code: () => void): void {
    const standing = this.clock.running();
    if (standing === undefined) code();
    else void standing.then(() => this.whenRuns(code));
  }

  /** Resumes what the user has no reason to keep paused any more. */
  resume(partitions: readonly TopicPartition[]): void {
    if (!this.#hasPaused || this.#pausing > 0) return;
    for (const partition of partitions) this.try(this.group.resume([partition]));
  }

  /** A call of the user's, which may be refused: in Kohort's words only. */
  try(call: Promise<unknown>): void {
    call.catch((error: unknown) => {
      if (!(error instanceof KohortError)) this.audit.broken('R5, errors of its own', String(error));
    });
  }

  #closed(): void {
    if (this.isDead) return;
    this.audit.closed(this.error);
  }

  /** Ends what is left of a dead or living member, and checks that nothing stays behind. */
  async bury(): Promise<void> {
    this.#buried?.();
    this.isLeaving ||= !this.isDead;
    await this.group.close({ timeout: this.isDead ? 0 : CLOSE_MS });
    await this.#ended;
    this.clock.cancelUserTimers();
  }

  /** What a closed member has left behind; null for nothing. */
  leftovers(): string | null {
    if (this.clock.pending > 0) return `${this.name} leaves ${this.clock.pending} timers behind`;
    const lanes = this.#wire?.lanes ?? 0;
    return lanes > 0 ? `${this.name} leaves ${lanes} connections behind` : null;
  }
}
