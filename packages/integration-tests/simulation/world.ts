/** What faults act on: the cluster, the members, and time. Whatever a fault begins is ended when the group is healed. */
import type { EmbeddedBroker, FaultHandle, FaultRule } from '@kohort/broker-embedded';
import type { TerminalClass } from '@kohort/core';
import type { VirtualClock } from '@kohort/testkit';
import type { Auditor } from './audit/auditor.ts';
import type { SimulatedMember } from './members/member.ts';
import { GROUP, type Plan } from './plan/plan.ts';

/** A fault that lasts until its function is called. */
export type End = () => void;

export abstract class World {
  abstract readonly plan: Plan;
  abstract readonly clock: VirtualClock;
  abstract readonly broker: EmbeddedBroker;
  abstract readonly auditor: Auditor;
  /** In order of their start, the dead and the gone included. */
  abstract readonly members: readonly SimulatedMember[];
  /** Drawn while the run goes; plans are drawn before. */
  abstract readonly random: () => number;

  readonly #ends = new Set<End>();
  readonly #work = new Set<Promise<unknown>>();
  readonly #excused = new Set<TerminalClass>();

  /** Starts a member. @param instance of a static one; default: as the plan says */
  abstract join(instance?: string | null): SimulatedMember;

  /** A timer of the simulation itself. */
  abstract after(ms: number, callback: () => void): void;

  /** Writes records; they are to be handled like all others. */
  abstract produce(topic: string, count: number, transaction?: 'commit' | 'abort'): Promise<void>;

  /** A member that lives, or undefined: faults then do nothing. */
  member(index: number): SimulatedMember | undefined {
    const member = this.members[index];
    return member?.alive === true ? member : undefined;
  }

  /** A topic of the run by any number. */
  topic(index: number): string {
    return this.topics[index % this.topics.length] as string;
  }

  abstract readonly topics: readonly string[];

  /** A fault that ends after a while, or when the group is healed. */
  during(ms: number, begin: () => End): void {
    const end = begin();
    const once = () => {
      if (this.#ends.delete(once)) end();
    };
    this.#ends.add(once);
    this.after(ms, once);
  }

  /** A rule for requests, in force for a while. */
  rule(rule: FaultRule, ms = 30_000): FaultHandle {
    const handle = this.broker.faults.onRequest(rule);
    this.during(ms, () => () => handle.remove());
    return handle;
  }

  /** Work that must have ended before the run does. */
  later(work: Promise<unknown>): void {
    this.#work.add(work);
    const done = () => this.#work.delete(work);
    work.then(done, done);
  }

  get work(): Promise<unknown> {
    return Promise.all(this.#work);
  }

  /** The node that coordinates the group; undefined while there is none. */
  coordinator(): number | undefined {
    const node = this.broker.coordinatorOf(GROUP);
    return node < 0 ? undefined : node;
  }

  /** A fault that may end members, as it should. */
  excuse(terminalClass: TerminalClass): void {
    this.#excused.add(terminalClass);
  }

  isExcused(terminalClass: TerminalClass | undefined): boolean {
    return terminalClass !== undefined && this.#excused.has(terminalClass);
  }

  /** Ends all faults that are still going on. */
  endFaults(): void {
    for (const end of [...this.#ends]) end();
  }
}
