/** Runs the plan of a seed: faults, then healing, then everything must have been handled, and the auditor looks at the trace. */
import { type EmbeddedBroker, embeddedBroker } from '@kohort/broker-embedded';
import type { Timer } from '@kohort/core/spi';
import {
  assertCallbackGrammar,
  assertDeliveryWithinTerm,
  assertExclusiveOwnership,
  assertMonotonicCommits,
  assertNoDuplicates,
  assertNoLoss,
  assertNoWorkAfterFencing,
  assertSafety,
  countDuplicates,
  recordTrace,
  seededRandom,
  type Trace,
  type VirtualClock,
  virtualClock,
} from '@kohort/testkit';
import { GROUP, SimulatedMember, TOPIC } from './member.ts';
import { type Happening, type Plan, planOf } from './plan.ts';

export interface SimulationResult {
  readonly plan: Plan;
  readonly trace: Trace;
  readonly produced: number;
  readonly duplicates: number;
  readonly rebalances: number;
  /** Virtual milliseconds from the end of the faults until everything was handled and committed. */
  readonly healedAfterMs: number;
}

/** Virtual milliseconds that a healed group may take to settle. */
const HEAL_LIMIT_MS = 300_000;

/** @throws Error for a broken invariant, with the seed and the part of the trace that breaks it */
export async function simulate(seed: number): Promise<SimulationResult> {
  const plan = planOf(seed);
  try {
    return await new Simulation(plan).run();
  } catch (error) {
    throw new Error(
      `seed ${seed}: ${error instanceof Error ? error.message : String(error)}\n${JSON.stringify(plan)}`,
      { cause: error },
    );
  }
}

class Simulation {
  readonly #plan: Plan;
  readonly #clock: VirtualClock = virtualClock();
  readonly #broker: EmbeddedBroker;
  readonly #trace: Trace;
  readonly #random: () => number;
  readonly #members: SimulatedMember[] = [];
  readonly #work: Promise<unknown>[] = [];
  #produced = 0;
  readonly #timers = new Set<Timer>();
  #rebalances = 0;
  #producing = true;

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#random = seededRandom(plan.seed ^ 0x5eed);
    this.#trace = recordTrace({ clock: this.#clock });
    this.#broker = embeddedBroker({
      clock: this.#clock,
      seed: plan.seed,
      nodes: plan.nodes,
      topics: { [TOPIC]: { partitions: plan.partitions } },
      groupInitialRebalanceDelay: plan.initialDelay,
      latency: plan.latency,
      requestLogSize: 1,
    });
    this.#listen();
  }

  #listen(): void {
    this.#broker.onTransition((transition) => {
      if (transition.type === 'generation-started') this.#rebalances += 1;
      if (transition.type === 'member-removed')
        this.#trace.record(actorOf(transition.memberId), 'fenced', {});
      if (transition.type === 'offset-committed') {
        const { topic, partition, offset, memberId } = transition;
        this.#trace.record(actorOf(memberId), 'commit', { topic, partition, offset });
      }
    });
  }

  async run(): Promise<SimulationResult> {
    const { members, faultMs, happenings } = this.#plan;
    this.#work.push(this.#produce(this.#plan.backlog));
    for (let i = 0; i < members; i++) this.#join();
    this.#produceSteadily();
    for (const happening of happenings) {
      await this.#clock.advance(happening.at - this.#clock.monotonic());
      this.#happen(happening);
    }
    await this.#clock.advance(faultMs - this.#clock.monotonic());
    await this.#heal();
    const healedFrom = this.#clock.monotonic();
    await this.#clock.runUntil(() => this.#isDone(), { limitMs: HEAL_LIMIT_MS });
    const healedAfterMs = this.#clock.monotonic() - healedFrom;
    await this.#end();
    this.#audit();
    return {
      plan: this.#plan,
      trace: this.#trace,
      produced: this.#produced,
      duplicates: countDuplicates(this.#trace),
      rebalances: this.#rebalances,
      healedAfterMs,
    };
  }

  #join(): void {
    const world = {
      clock: this.#clock,
      broker: this.#broker,
      trace: this.#trace,
      random: this.#random,
      handlers: this.#plan.handlers,
      protocol: this.#plan.protocol,
      after: (ms: number, callback: () => void) => this.#after(ms, callback),
    };
    this.#members.push(new SimulatedMember(`m${this.#members.length}`, world));
  }

  /** A timer of the simulation itself: what is left at the end is not the members' doing. */
  #after(ms: number, callback: () => void): void {
    const timer = this.#clock.setTimer(() => {
      this.#timers.delete(timer);
      callback();
    }, ms);
    this.#timers.add(timer);
  }

  #produceSteadily(): void {
    const tick = () => {
      if (!this.#producing) return;
      this.#work.push(this.#produce(Math.floor(this.#random() * 2 * this.#perTick() + this.#random())));
      this.#after(250, tick);
    };
    tick();
  }

  async #produce(count: number): Promise<void> {
    const records = Array.from({ length: count }, () => ({
      value: 'x',
      partition: Math.floor(this.#random() * this.#broker.endOffsets(TOPIC).length),
    }));
    for (const { topic, partition, offset } of await this.#broker.produce(TOPIC, records)) {
      this.#trace.record('producer', 'produced', { topic, partition, offset });
      this.#produced += 1;
    }
  }

  /** Records for each quarter of a second, on average: half of what the handlers could take. */
  #perTick(): number {
    const { partitions, handlers } = this.#plan;
    const seconds = Math.max(1, handlers.maxMs / 2) / 1_000;
    return Math.min(3, (partitions * handlers.perPartition) / seconds / 8);
  }

  #happen(happening: Happening): void {
    const { faults } = this.#broker;
    const later = (work: Promise<unknown>) => this.#work.push(work);
    switch (happening.what) {
      case 'join':
        this.#join();
        return;
      case 'leave':
        later(this.#members[happening.member]?.leave() ?? Promise.resolve());
        return;
      case 'crash':
        this.#members[happening.member]?.crash();
        return;
      case 'freeze':
        this.#members[happening.member]?.freeze(happening.ms);
        return;
      case 'move-coordinator':
        if (this.#broker.coordinatorOf(GROUP) >= 0) faults.moveCoordinator(GROUP);
        return;
      case 'crash-coordinator':
        later(faults.crashCoordinator(GROUP, happening));
        return;
      case 'stop-node':
        later(faults.stopNode(happening.node));
        this.#after(happening.ms, () => later(faults.startNode(happening.node)));
        return;
      case 'disconnect':
        faults.disconnect();
        return;
      case 'grow':
        later(this.#broker.addPartitions(TOPIC, this.#broker.endOffsets(TOPIC).length + 1));
        return;
      case 'errors':
        faults.onRequest({ api: happening.api, error: happening.code, times: happening.times });
        return;
      case 'lose-answers':
        faults.onRequest({ api: happening.api, drop: 'answer', times: happening.times });
        return;
      case 'cut':
        faults.onRequest({ api: happening.api, cut: 'applied', times: happening.times });
    }
  }

  /** Faults end, nodes run, and at least one member lives. */
  async #heal(): Promise<void> {
    this.#producing = false;
    await this.#clock.runUntil(Promise.all(this.#work));
    for (let node = 0; node < this.#plan.nodes; node++)
      await this.#clock.runUntil(this.#broker.faults.startNode(node));
    this.#broker.faults.clear();
    for (const member of this.#members) member.stayDead();
    if (!this.#members.some(({ alive }) => alive)) this.#join();
  }

  #isDone(): boolean {
    const failed = this.#members.find(({ error }) => error !== null);
    if (failed)
      throw new Error(`${failed.name} came to a terminal state: ${failed.error?.message}`, {
        cause: failed.error,
      });
    return this.#broker.settled(GROUP)();
  }

  async #end(): Promise<void> {
    await this.#clock.runUntil(Promise.all(this.#members.map((member) => member.bury())));
    await this.#clock.runUntil(this.#broker.close());
    for (const timer of this.#timers) timer.cancel();
    await this.#clock.settle();
    if (this.#clock.pending > 0)
      throw new Error(`timers are left: ${JSON.stringify(this.#clock.pendingTimers())}`);
  }

  #audit(): void {
    const { graceful, handlers } = this.#plan;
    if (handlers.perPartition === 1) {
      assertSafety(this.#trace);
      if (graceful) assertNoDuplicates(this.#trace);
    } else {
      // Several at a time have no order; everything else holds.
      assertExclusiveOwnership(this.#trace);
      assertCallbackGrammar(this.#trace);
      assertNoWorkAfterFencing(this.#trace);
      assertDeliveryWithinTerm(this.#trace);
      assertMonotonicCommits(this.#trace);
    }
    assertNoLoss(this.#trace);
  }
}

/** Dynamic member ids are the client id and a uuid. */
function actorOf(memberId: string): string {
  return memberId.slice(0, -37);
}
