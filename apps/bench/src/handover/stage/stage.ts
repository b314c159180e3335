/** What a scenario acts on: the members, the brokers, and the notes that the auditor needs about what was done. */
import { setTimeout as delay } from 'node:timers/promises';
import { now } from '../clock.ts';
import type { Cluster } from './cluster.ts';
import type { CoordinatorProbe } from './coordinator-probe.ts';
import type { Member } from './member.ts';
import type { Team } from './team.ts';

export interface StageOptions {
  readonly team: Team;
  readonly cluster: Cluster;
  readonly probe: CoordinatorProbe;
  readonly sessionTimeout: number;
  readonly signal: AbortSignal;
  readonly progress: (line: string) => void;
}

export class Stage {
  readonly team: Team;
  readonly cluster: Cluster;
  readonly sessionTimeout: number;
  readonly signal: AbortSignal;
  readonly steps: number[] = [];
  readonly #options: StageOptions;
  #crashedPartitions = 0;
  #longHandlers = 0;
  #lateClosings = 0;

  constructor(options: StageOptions) {
    this.#options = options;
    this.team = options.team;
    this.cluster = options.cluster;
    this.sessionTimeout = options.sessionTimeout;
    this.signal = options.signal;
  }

  /** Partitions of members that crashed: nobody can take them over before the session has ended. */
  get crashedPartitions(): number {
    return this.#crashedPartitions;
  }

  /** Handlers that outlast the drain of a rebalance: the next owner gets their record again. */
  get longHandlers(): number {
    return this.#longHandlers;
  }

  /** Members that had to be killed because their closing took too long. */
  get lateClosings(): number {
    return this.#lateClosings;
  }

  /** What happens from here on is a step of its own: partitions that move in it say nothing about the others. */
  step(): void {
    this.steps.push(now());
  }

  /** Waits until the group has come to rest, and a little longer. */
  async settle(timeoutMs: number): Promise<void> {
    const { team, signal } = this;
    const { progress } = this.#options;
    if (!(await team.untilShared(timeoutMs))) {
      progress(`    the partitions are not shared by all members after ${timeoutMs / 1000} s`);
    }
    await delay(1_000, undefined, { signal });
  }

  async wait(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: this.signal });
  }

  async close(member: Member): Promise<void> {
    if (!(await member.close())) this.#lateClosings += 1;
  }

  /** To be called before what makes its member deaf. */
  crashes(member: Member): void {
    this.team.poll();
    this.#crashedPartitions += this.team.partitionsOf(member).length;
  }

  /** The next handler of a member takes longer than the drain of a rebalance. */
  handlesSlowly(member: Member, ms: number): void {
    this.#longHandlers += 1;
    member.order({ order: 'slow', ms });
  }

  /** Node id of the group's coordinator. */
  coordinator(): number {
    const { nodeId } = this.#options.probe;
    if (nodeId === undefined) throw new Error('the group has no coordinator');
    return nodeId;
  }

  /** A member that works on some partition. @throws Error when none does */
  worker(): Member {
    const { team } = this;
    const found = team.active.find((member) => team.partitionsOf(member).length > 0);
    if (found === undefined) throw new Error('no member works');
    return found;
  }
}
