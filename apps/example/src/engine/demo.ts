/** The run: members, production and the story, from the first join to the audit. Knows nothing of terminals. */
import type { KohortEvent } from '@kohort/core';
import { seededRandom } from '@kohort/testkit';
import { type Audit, auditOf } from '../audit/audit.ts';
import { Journal } from '../audit/journal.ts';
import { type Cluster, PARTITIONS } from '../cluster/cluster.ts';
import type { GroupRebalance, Happening, HappeningDetails } from './happening.ts';
import { Member } from './member.ts';
import { pause } from './pause.ts';
import { SteadyProducer } from './producer.ts';
import { Rates } from './rates.ts';
import { RebalanceWatch } from './rebalances.ts';
import type { MemberView, Snapshot } from './snapshot.ts';
import { CAST, STORY, type Step } from './story.ts';

export interface DemoOptions {
  readonly cluster: Cluster;
  readonly seed: number;
  /** Milliseconds of production. */
  readonly durationMs: number;
  /** Orders in a second. */
  readonly rate: number;
}

/** How it ended. */
export interface Outcome {
  readonly audit: Audit;
  /** Members and producers that failed: nothing of the kind is part of the story. */
  readonly failures: readonly string[];
}

/** Milliseconds that the group may take to finish what was produced: when the story has ended, and when it was cut short. */
const CATCH_UP = { complete: 8000, interrupted: 1500 };

/** Milliseconds between two looks at the counters, so that rates do not depend on who watches. */
const SAMPLE_EVERY = 250;

export class Demo {
  readonly #options: DemoOptions;
  readonly #journal = new Journal(PARTITIONS);
  readonly #members = new Map<string, Member>();
  readonly #crashes = new Map<string, number>();
  readonly #happenings: Happening[] = [];
  readonly #listeners = new Set<(happening: Happening) => void>();
  readonly #failures: string[] = [];
  readonly #rates = new Rates();
  readonly #rebalances: RebalanceWatch;
  readonly #production = new AbortController();
  readonly #startedAt = performance.now();
  #isEnding = false;

  constructor(options: DemoOptions) {
    this.#options = options;
    this.#rebalances = new RebalanceWatch((rebalance) => this.#onRebalance(rebalance));
  }

  /** Tells of everything that happens from now on. */
  onHappening(listener: (happening: Happening) => void): void {
    this.#listeners.add(listener);
  }

  /** Plays the story, or as much of it as there is until the signal aborts. Used once. */
  async run(interruption: AbortSignal): Promise<Outcome> {
    const sampling = setInterval(() => this.snapshot(), SAMPLE_EVERY);
    try {
      return await this.#run(interruption);
    } finally {
      clearInterval(sampling);
    }
  }

  async #run(interruption: AbortSignal): Promise<Outcome> {
    const stop = AbortSignal.any([interruption, this.#production.signal]);
    const producing = this.#produce();
    await this.#play(stop);
    await this.#until(this.#options.durationMs, stop);
    const isComplete = !stop.aborted;
    this.#production.abort();
    await producing;
    this.#say({ type: 'production-ends', interrupted: !isComplete });
    await this.#catchUp(isComplete ? CATCH_UP.complete : CATCH_UP.interrupted);
    await this.#end();
    return { audit: await this.#audit(isComplete), failures: this.#failures };
  }

  /** The demo as it is now. */
  snapshot(): Snapshot {
    const at = performance.now();
    const { behind, tally } = this.#journal;
    return {
      elapsedMs: at - this.#startedAt,
      durationMs: this.#options.durationMs,
      ...this.#generation(),
      members: [...this.#members.values()].map((member) => this.#view(member, at)),
      lag: [...behind],
      tally: { ...tally },
      perSecond: this.#rates.perSecond('', tally.processed, at),
      happenings: this.#happenings,
    };
  }

  async #produce(): Promise<void> {
    const { cluster, rate, seed } = this.#options;
    const producer = new SteadyProducer({
      cluster,
      journal: this.#journal,
      rate,
      random: seededRandom(seed),
    });
    try {
      await producer.run(this.#production.signal);
    } catch (error) {
      this.#fail('production', error);
    }
  }

  async #play(stop: AbortSignal): Promise<void> {
    for (const step of STORY) {
      await this.#until(step.at * this.#options.durationMs, stop);
      if (stop.aborted) return;
      this.#perform(step);
    }
  }

  #perform({ does, member: name }: Step): void {
    const member = this.#members.get(name);
    if (does === 'join') this.#join(name);
    else if (member?.status !== 'running') return;
    else if (does === 'crash') this.#crash(name, member);
    else this.#leave(name, member);
  }

  #join(name: string): void {
    const index = CAST.findIndex((character) => character.name === name);
    const character = CAST[index];
    if (character === undefined) return;
    const { cluster, seed } = this.#options;
    this.#say({ type: 'joins', member: name });
    try {
      const member = new Member({
        character,
        cluster,
        journal: this.#journal,
        random: seededRandom(seed + 1 + index),
        onEvent: (event) => this.#onEvent(name, event),
        onFailure: (error) => this.#fail(name, error),
      });
      this.#members.set(name, member);
    } catch (error) {
      this.#fail(name, error); // refused at once: its options
    }
  }

  #crash(name: string, member: Member): void {
    member.crash();
    this.#crashes.set(name, performance.now());
    this.#say({ type: 'crashes', member: name, partitions: member.describe().assignments.length });
  }

  #leave(name: string, member: Member): void {
    const startedAt = performance.now();
    this.#say({ type: 'leaves', member: name });
    member.leave().then(
      (how) => this.#say({ type: 'left', member: name, ...how, tookMs: performance.now() - startedAt }),
      (error: unknown) => this.#fail(name, error),
    );
  }

  /** Until all that was produced is finished, for so many milliseconds at most. */
  async #catchUp(withinMs: number): Promise<void> {
    const startedAt = performance.now();
    const { signal } = new AbortController();
    const behind = () => this.#journal.behind.reduce((sum, lag) => sum + lag, 0);
    while (behind() > 0 && performance.now() - startedAt < withinMs && this.#failures.length === 0) {
      await pause(20, signal);
    }
    const tookMs = performance.now() - startedAt;
    this.#say(behind() === 0 ? { type: 'caught-up', tookMs } : { type: 'time-is-up', behind: behind() });
  }

  async #end(): Promise<void> {
    this.#isEnding = true;
    const members = [...this.#members.values()];
    await Promise.all(
      members.map((member) => (member.status === 'crashed' ? member.bury() : member.leave())),
    );
  }

  async #audit(complete: boolean): Promise<Audit> {
    const { records, departures, corrupt } = this.#journal;
    const committed = await this.#options.cluster.committed();
    return auditOf({ records, departures, corrupt, committed, complete });
  }

  #onEvent(member: string, event: KohortEvent): void {
    this.#rebalances.onEvent(member, event);
    if (event.type === 'handler.error') {
      const { partition, offset, attempt, delayMs } = event;
      this.#say({ type: 'handler-error', member, partition, offset, attempt, delayMs });
    } else if (event.type === 'partitions.lost') {
      const { reason, partitions } = event;
      this.#say({ type: 'lost-partitions', member, partitions: partitions.length, reason });
    }
  }

  #onRebalance(rebalance: GroupRebalance): void {
    if (this.#isEnding) return;
    const crashed = rebalance.gone.filter((member) => this.#crashes.has(member));
    const times = crashed.map((member) => this.#crashes.get(member) ?? 0);
    const sinceCrashMs = crashed.length === 0 ? 0 : performance.now() - Math.max(...times);
    for (const member of crashed) this.#crashes.delete(member);
    this.#say({ type: 'rebalance', rebalance, crashed, sinceCrashMs });
  }

  /** Ends the story early. */
  #fail(who: string, error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.#failures.push(`${who}: ${message}`);
    this.#say({ type: 'member-failed', member: who, message });
    this.#production.abort();
  }

  #generation(): { generationId: number; assignor: string | null } {
    let newest = { generationId: -1, assignor: null as string | null };
    for (const member of this.#members.values()) {
      const { generationId, assignor } = member.describe();
      if (generationId > newest.generationId) newest = { generationId, assignor };
    }
    return newest;
  }

  #view(member: Member, at: number): MemberView {
    const { name, trait } = member.character;
    const { state, isLeader, assignments } = member.describe();
    const isNoticed = member.status === 'crashed' && !this.#crashes.has(name);
    const partitions = isNoticed ? [] : assignments.map(({ partition }) => partition);
    return {
      name,
      trait,
      status: member.status,
      state,
      isLeader,
      partitions,
      perSecond: this.#rates.perSecond(name, this.#journal.finishedBy(name), at),
      lag: partitions.reduce((sum, partition) => sum + (this.#journal.behind[partition] ?? 0), 0),
    };
  }

  #until(ms: number, stop: AbortSignal): Promise<void> {
    return pause(this.#startedAt + ms - performance.now(), stop);
  }

  #say(details: HappeningDetails): void {
    const happening = { ...details, at: performance.now() - this.#startedAt };
    this.#happenings.push(happening);
    for (const listener of this.#listeners) listener(happening);
  }
}
