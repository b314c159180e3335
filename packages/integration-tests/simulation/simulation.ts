/** One run of a plan: warm-up and faults, healing, then everything must be handled and nobody may have broken a rule. */
import { type EmbeddedBroker, embeddedBroker } from '@kohort/broker-embedded';
import type { Timer } from '@kohort/core/spi';
import { countDuplicates, seededRandom, type VirtualClock, virtualClock } from '@kohort/testkit';
import { Auditor } from './audit/auditor.ts';
import { BrokenRule } from './audit/broken-rule.ts';
import { checkTrace } from './audit/trace-rules.ts';
import { faultNamed } from './faults/catalogue.ts';
import { SimulatedMember } from './members/member.ts';
import { GROUP, type Happening, type Plan, TOPICS } from './plan/plan.ts';
import type { SimulationResult } from './simulate.ts';
import { World } from './world.ts';

/** Virtual milliseconds in which a healed group has to come nearer to the end, however much waits. */
const PROGRESS_LIMIT_MS = 180_000;
/** In topics that records were taken from, another one is written so often until there is progress. */
const AGAIN_MS = 5_000;
/** Records are written so often: seldom enough for many seeds, often enough that something is always in flight. */
const TICK_MS = 2_000;

export class Simulation extends World {
  readonly plan: Plan;
  readonly clock: VirtualClock = virtualClock({ settleTurns: 1 });
  readonly broker: EmbeddedBroker;
  readonly auditor: Auditor;
  readonly topics: readonly string[];
  readonly members: SimulatedMember[] = [];
  readonly random: () => number;
  /** A stream of its own, so that what is written does not depend on what members draw. */
  readonly #writes: () => number;
  readonly #timers = new Set<Timer>();
  readonly #faults = new Map<string, number>();
  #produced = 0;
  #isProducing = true;

  constructor(plan: Plan, isDetailed: boolean) {
    super();
    this.plan = plan;
    this.random = seededRandom(plan.seed ^ 0x5eed);
    this.#writes = seededRandom(plan.seed ^ 0xda7a);
    this.topics = TOPICS.slice(0, plan.partitions.length);
    this.auditor = new Auditor(plan, this.clock, isDetailed);
    this.broker = embeddedBroker({
      clock: this.clock,
      seed: plan.seed,
      nodes: plan.nodes,
      topics: new Map(this.topics.map((topic, i) => [topic, { partitions: plan.partitions[i] ?? 1 }])),
      groupInitialRebalanceDelay: plan.initialDelay,
      latency: plan.latency,
      requestLogSize: 1,
    });
    this.auditor.watch(this.broker);
  }

  async run(): Promise<SimulationResult> {
    const { members, faultMs, happenings, backlog, partitions } = this.plan;
    const share = Math.floor(backlog / partitions.length);
    for (const topic of this.topics) this.later(this.produce(topic, share));
    for (let i = 0; i < members; i++) this.join();
    this.#produceSteadily();
    let generations: number | null = null;
    for (const happening of happenings) {
      await this.clock.advance(Math.max(0, happening.at - this.clock.monotonic()));
      generations ??= this.auditor.group.rebalances;
      this.#happen(happening);
    }
    await this.clock.advance(Math.max(0, faultMs - this.clock.monotonic()));
    if (this.plan.isQuiet && generations !== null && this.auditor.group.rebalances > generations)
      throw new BrokenRule(
        'I19, restarts disturb nobody',
        'a static member restarted in time, and there was a rebalance',
      );
    await this.#heal();
    const healedFrom = this.clock.monotonic();
    await this.#converge();
    const stableAfterMs = this.clock.monotonic() - healedFrom;
    await this.#drain();
    const healedAfterMs = this.clock.monotonic() - healedFrom;
    await this.#end();
    this.auditor.check();
    checkTrace(this.auditor);
    return {
      plan: this.plan,
      trace: this.auditor.trace,
      produced: this.#produced,
      duplicates: countDuplicates(this.auditor.trace),
      rebalances: this.auditor.group.rebalances,
      stableAfterMs,
      healedAfterMs,
      faults: this.#faults,
      marks: this.auditor.marks.counts,
    };
  }

  /** What a run that failed is about: a rule that was broken before comes first. */
  firstProblem(error: unknown): unknown {
    try {
      this.auditor.check();
      return error;
    } catch (broken) {
      return broken;
    }
  }

  join(instance?: string | null): SimulatedMember {
    const number = this.members.length;
    const { staticEvery } = this.plan;
    const own = staticEvery > 0 && number % staticEvery === 0 ? `instance-${number}` : null;
    const member = new SimulatedMember(number, instance === undefined ? own : instance, this);
    this.members.push(member);
    return member;
  }

  /** A timer of the simulation itself: what is left at the end is not the members' doing. */
  after(ms: number, callback: () => void): void {
    const timer = this.clock.setTimer(() => {
      this.#timers.delete(timer);
      callback();
    }, ms);
    this.#timers.add(timer);
  }

  #happen({ fault, with: given }: Happening): void {
    this.auditor.trace.record<string>('fault', fault, given);
    this.#faults.set(fault, (this.#faults.get(fault) ?? 0) + 1);
    faultNamed(fault).apply(this, given);
  }

  #produceSteadily(): void {
    const tick = () => {
      if (!this.#isProducing) return;
      const count = Math.floor(this.#writes() * 2 * this.#perTick() + this.#writes());
      this.later(this.produce(this.topic(Math.floor(this.#writes() * this.topics.length)), count));
      this.after(TICK_MS, tick);
    };
    tick();
  }

  /** Records for each tick, on average: at most half of what the handlers could take. */
  #perTick(): number {
    const { partitions, handlers } = this.plan;
    const total = partitions.reduce((sum, count) => sum + count, 0);
    const seconds = Math.max(1, handlers.maxMs / 2) / 1_000;
    return Math.min(4, ((total * handlers.perPartition) / seconds / 2) * (TICK_MS / 1_000));
  }

  async produce(topic: string, count: number, transaction?: 'commit' | 'abort'): Promise<void> {
    const partitions = this.broker.endOffsets(topic).length;
    if (partitions === 0) return;
    const records = Array.from({ length: count }, () => ({
      value: 'x',
      partition: Math.floor(this.#writes() * partitions),
    }));
    await this.#write(topic, records, transaction);
  }

  async #write(
    topic: string,
    records: readonly { readonly value: string; readonly partition: number }[],
    transaction?: 'commit' | 'abort',
  ): Promise<void> {
    const options = transaction === undefined ? {} : { transaction };
    for (const record of await this.broker.produce(topic, records, options)) {
      this.auditor.produced(record);
      this.#produced += 1;
    }
  }

  /** Faults end, nodes run, and at least one member lives. */
  async #heal(): Promise<void> {
    this.#isProducing = false;
    this.endFaults();
    await this.clock.runUntil(this.work);
    for (let node = 0; node < this.plan.nodes; node++)
      await this.clock.runUntil(this.broker.faults.startNode(node));
    this.broker.faults.clear();
    this.#checkEnds();
    if (!this.members.some(({ alive }) => alive)) this.join();
    this.auditor.trace.record('simulation', 'healed');
    for (const topic of this.topics) {
      this.auditor.mustProgress(topic, this.broker.endOffsets(topic));
      await this.#writeEverywhere(topic);
    }
  }

  /** One record for each partition, so that each has to make progress. */
  async #writeEverywhere(topic: string): Promise<void> {
    const partitions = this.broker.endOffsets(topic).length;
    await this.#write(
      topic,
      Array.from({ length: partitions }, (_, partition) => ({ value: 'x', partition })),
    );
  }

  /** L1: from the end of all faults until the group is stable. */
  async #converge(): Promise<void> {
    const { session, heartbeat, rebalance, maxProcessing } = this.plan.timeouts;
    // What was lost just before the healing is missed after a rebalance timeout and its padding, and may cost a session,
    // and then there is one rebalance; a handler that hung was ended by the healing.
    const limit = 2 * rebalance + session + 2 * heartbeat + maxProcessing + this.plan.initialDelay + 10_000;
    await this.#within(limit, 'L1, convergence', () => this.#isStable());
  }

  async #drain(): Promise<void> {
    let next = this.clock.monotonic() + AGAIN_MS;
    const isDone = () => {
      if (this.clock.monotonic() >= next) {
        next += AGAIN_MS;
        this.#writeAgain();
      }
      return this.#isStable() && this.#isDrained();
    };
    for (let left = Number.POSITIVE_INFINITY; !isDone(); ) {
      const before = Math.min(left, this.auditor.unsettled);
      left = before;
      // How long the work takes depends on how much there is; each part of it has its bound.
      await this.#within(
        PROGRESS_LIMIT_MS,
        'L1, progress',
        () => isDone() || this.auditor.unsettled < before,
      );
    }
  }

  async #within(limitMs: number, rule: string, holds: () => boolean): Promise<void> {
    const until = this.clock.monotonic() + limitMs;
    while (!holds()) {
      this.auditor.check();
      this.#checkEnds();
      const now = this.clock.monotonic();
      if (now >= until) throw new BrokenRule(rule, `not after ${limitMs} ms: ${this.#standing()}`);
      await this.clock.advance(Math.min(250, until - now));
    }
  }

  #writeAgain(): void {
    const { topicsWaiting, commits } = this.auditor;
    // Behind an old commit, the first records of a new log may be passed over.
    const passedOver = [...topicsWaiting].filter((topic) => this.auditor.isExcused(topic));
    // What a commit that came late has undone is done again with the next one.
    for (const topic of new Set([...passedOver, ...commits.topicsBehind]))
      this.later(this.#writeEverywhere(topic));
  }

  #isStable(): boolean {
    return (
      this.broker.group(GROUP)?.state === 'Stable' &&
      this.members.every((member) => !member.alive || member.group.describe().state === 'stable')
    );
  }

  #isDrained(): boolean {
    if (this.auditor.unsettled > 0) return false;
    return this.auditor.hasExcuses || this.broker.settled(GROUP)();
  }

  #standing(): string {
    const members = this.members
      .filter(({ alive }) => alive)
      .map(({ name, group }) => `${name} is ${group.describe().state}`);
    return `the group is ${this.broker.group(GROUP)?.state}, ${members.join(', ')}, ${this.auditor.describeUnsettled()}`;
  }

  /** P5: nobody ends without a cause. */
  #checkEnds(): void {
    for (const { name, error, audit } of this.members)
      if (error !== null && !this.isExcused(error.terminalClass) && !audit.calls.isRefusedByForgetfulness)
        throw new BrokenRule('P5, no end without a cause', `${name} has ended: ${error.message}`);
    if (!this.members.some(({ alive }) => alive) && !this.#isProducing) this.join();
  }

  async #end(): Promise<void> {
    for (const member of this.members) if (member.alive) this.later(member.leave());
    await this.clock.runUntil(this.work);
    await this.clock.runUntil(Promise.all(this.members.map((member) => member.bury())));
    await this.clock.advance(1);
    await this.clock.runUntil(this.broker.close());
    for (const timer of this.#timers) timer.cancel();
    await this.clock.settle();
    for (const member of this.members) {
      const leftovers = member.leftovers();
      if (leftovers !== null) throw new BrokenRule('R1, nothing left behind', leftovers);
    }
    if (this.clock.pending > 0)
      throw new BrokenRule('R1, nothing left behind', JSON.stringify(this.clock.pendingTimers()));
  }
}
