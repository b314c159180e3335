/** What every run is played on: members, production, what happens, and the audit. Knows no story and no terminal. */
import type { KohortEvent } from '@kohort/core';
import { seededRandom } from '@kohort/testkit';
import type { Audit } from '../audit/audit.ts';
import { ContinuousAudit } from '../audit/continuous-audit.ts';
import { Journal } from '../audit/journal.ts';
import { type Cluster, type ClusterFaults, PARTITIONS } from '../cluster/cluster.ts';
import type { GroupRebalance, Happening, HappeningDetails } from './happening.ts';
import { Member } from './member.ts';
import { pause } from './pause.ts';
import { SteadyProducer } from './producer.ts';
import { Rates } from './rates.ts';
import { RebalanceWatch } from './rebalances.ts';
import type { MemberView, StageSnapshot } from './snapshot.ts';
import type { Character } from './story.ts';

export interface StageOptions {
  readonly cluster: Cluster;
  readonly seed: number;
  /** Orders in a second. */
  readonly rate: number;
}

/** How it ended. */
export interface Outcome {
  readonly audit: Audit;
  /** Members and producers that failed: nothing of the kind is part of a run. */
  readonly failures: readonly string[];
}

/** Milliseconds between two looks at the counters, so that rates do not depend on who watches. */
const SAMPLE_EVERY = 250;

/** Happenings that are kept. */
const MEMORY = 200;

export class Stage {
  readonly failures: string[] = [];
  readonly #options: StageOptions;
  readonly #journal = new Journal(PARTITIONS);
  readonly #audit = new ContinuousAudit(this.#journal);
  readonly #members = new Map<string, Member>();
  readonly #crashes = new Map<string, number>();
  readonly #happenings: Happening[] = [];
  readonly #listeners = new Set<(happening: Happening) => void>();
  readonly #rates = new Rates();
  readonly #rebalances: RebalanceWatch;
  readonly #production = new AbortController();
  readonly #startedAt = performance.now();
  #sampling: NodeJS.Timeout | undefined;
  #producing: Promise<void> = Promise.resolve();
  #joined = 0;
  #isEnding = false;

  constructor(options: StageOptions) {
    this.#options = options;
    this.#rebalances = new RebalanceWatch((rebalance) => this.#onRebalance(rebalance));
  }

  /** Tells of everything that happens from now on. */
  onHappening(listener: (happening: Happening) => void): void {
    this.#listeners.add(listener);
  }

  /** Aborts when a member or the production has failed, and when production ends. */
  get productionEnded(): AbortSignal {
    return this.#production.signal;
  }

  /** Milliseconds since the beginning. */
  get elapsedMs(): number {
    return performance.now() - this.#startedAt;
  }

  startProduction(): void {
    const { cluster, rate, seed } = this.#options;
    const producer = new SteadyProducer({
      cluster,
      journal: this.#journal,
      rate,
      random: seededRandom(seed),
    });
    this.#sampling = setInterval(() => this.snapshot(), SAMPLE_EVERY);
    this.#producing = producer
      .run(this.#production.signal)
      .catch((error: unknown) => this.#fail('production', error));
  }

  async endProduction(interrupted: boolean): Promise<void> {
    this.#production.abort();
    await this.#producing;
    this.#say({ type: 'production-ends', interrupted });
  }

  /** Until all that was produced is finished, for so many milliseconds at most. */
  async catchUp(withinMs: number): Promise<void> {
    const startedAt = performance.now();
    const { signal } = new AbortController();
    const behind = () => this.#journal.behind.reduce((sum, lag) => sum + lag, 0);
    while (behind() > 0 && performance.now() - startedAt < withinMs && this.failures.length === 0) {
      await pause(20, signal);
    }
    const tookMs = performance.now() - startedAt;
    this.#say(behind() === 0 ? { type: 'caught-up', tookMs } : { type: 'time-is-up', behind: behind() });
  }

  /** Everybody leaves, and what is left of those who crashed is put away. */
  async end(): Promise<void> {
    this.#isEnding = true;
    clearInterval(this.#sampling);
    const members = [...this.#members.values()];
    for (const member of members) member.thaw();
    await Promise.all(
      members.map((member) => (member.status === 'crashed' ? member.bury() : member.leave())),
    );
  }

  /** The audit up to now. @param complete whether there was time enough to finish everything */
  async audit(complete: boolean): Promise<Audit> {
    const members = [...this.#members.values()].filter(isHere);
    const present = new Set(this.#isEnding ? [] : members.map(({ character }) => character.name));
    const committed = await this.#options.cluster.committed();
    return this.#audit.look({ committed, present, complete });
  }

  /** The run as it is now. */
  snapshot(): StageSnapshot {
    const at = performance.now();
    const { behind, tally } = this.#journal;
    return {
      elapsedMs: at - this.#startedAt,
      ...this.#generation(),
      members: [...this.#members.values()].map((member) => this.#view(member, at)),
      lag: [...behind],
      tally: { ...tally },
      perSecond: this.#rates.perSecond('', tally.processed, at),
      happenings: this.#happenings,
    };
  }

  /** A member of this name, if it is at work. */
  runningMember(name: string): Member | undefined {
    const member = this.#members.get(name);
    return member?.status === 'running' ? member : undefined;
  }

  /** A new member joins. Names are given once. */
  join(character: Character): void {
    const { name } = character;
    const { cluster, seed } = this.#options;
    this.#joined += 1;
    this.#say({ type: 'joins', member: name });
    try {
      const member = new Member({
        character,
        cluster,
        journal: this.#journal,
        random: seededRandom(seed + this.#joined),
        onEvent: (event) => this.#onEvent(name, event),
        onFailure: (error) => this.#fail(name, error),
      });
      this.#members.set(name, member);
    } catch (error) {
      this.#fail(name, error); // refused at once: its options
    }
  }

  crash(member: Member): void {
    const { name } = member.character;
    member.crash();
    this.#crashes.set(name, performance.now());
    this.#say({ type: 'crashes', member: name, partitions: member.describe().assignments.length });
  }

  leave(member: Member): void {
    const { name } = member.character;
    const startedAt = performance.now();
    this.#say({ type: 'leaves', member: name });
    member.leave().then(
      (how) => this.#say({ type: 'left', member: name, ...how, tookMs: performance.now() - startedAt }),
      (error: unknown) => this.#fail(name, error),
    );
  }

  freeze(member: Member, { freeze }: ClusterFaults): void {
    member.freeze(freeze);
    this.#say({ type: 'freezes', member: member.character.name });
  }

  thaw(member: Member): void {
    member.thaw();
    this.#say({ type: 'thaws', member: member.character.name });
  }

  slow(member: Member, isSlow: boolean): void {
    member.slow(isSlow);
    this.#say({ type: isSlow ? 'slows-down' : 'speeds-up', member: member.character.name });
  }

  throwNext(member: Member): void {
    member.throwNext();
    this.#say({ type: 'will-throw', member: member.character.name });
  }

  moveCoordinator(faults: ClusterFaults): void {
    this.#say({ type: 'coordinator-moved', node: faults.moveCoordinator() });
  }

  async restartBrokers(faults: ClusterFaults): Promise<void> {
    const restarted = faults.restart();
    this.#say({ type: 'brokers-stop' });
    await restarted;
    this.#say({ type: 'brokers-run' });
  }

  async growTopic(faults: ClusterFaults, partitions: number): Promise<void> {
    await faults.grow(partitions);
    this.#journal.grow(partitions);
    this.#say({ type: 'topic-grows', partitions });
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
    for (const name of crashed) this.#bury(name);
    const expelled = rebalance.gone.filter((member) => this.runningMember(member) !== undefined);
    this.#say({ type: 'rebalance', rebalance, crashed, expelled, sinceCrashMs });
  }

  /** The group knows that it is gone. */
  #bury(name: string): void {
    this.#crashes.delete(name);
    this.#members
      .get(name)
      ?.bury()
      .catch((error: unknown) => this.#fail(name, error));
  }

  #fail(who: string, error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.failures.push(`${who}: ${message}`);
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
    const { status, isSlow, isFrozen } = member;
    const { name, trait } = member.character;
    const { state, isLeader, generationId, assignments } = member.describe();
    const isNoticed = status === 'crashed' && !this.#crashes.has(name);
    const partitions = isNoticed ? [] : assignments.map(({ partition }) => partition);
    return {
      name,
      trait,
      status,
      state,
      isLeader,
      generationId,
      isSlow,
      isFrozen,
      partitions,
      perSecond: this.#rates.perSecond(name, this.#journal.finishedBy(name), at),
      lag: partitions.reduce((sum, partition) => sum + (this.#journal.behind[partition] ?? 0), 0),
    };
  }

  #say(details: HappeningDetails): void {
    const happening = { ...details, at: this.elapsedMs };
    this.#happenings.push(happening);
    if (this.#happenings.length > MEMORY) this.#happenings.shift();
    for (const listener of this.#listeners) listener(happening);
  }
}

function isHere({ status }: Member): boolean {
  return status === 'running' || status === 'leaving';
}
