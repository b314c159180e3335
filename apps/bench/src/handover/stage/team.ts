/** All members of one group: who runs, who works on which partition, and who has ended without being asked. */
import { setTimeout as delay } from 'node:timers/promises';
import { now } from '../clock.ts';
import type { MemberJob } from '../members/member-job.ts';
import { Member } from './member.ts';

const POLL_MS = 100;
/** A partition whose last handler was called longer ago stands still. */
const LIVELY_MS = 1_000;
/** As an orchestrator starts a container again that has ended. */
const RESPAWN_MS = 1_000;

export type TeamJob = Omit<MemberJob, 'logFile' | 'instanceId'> & { readonly logFolder: string };

export interface TeamOptions {
  readonly job: TeamJob;
  readonly partitions: number;
  readonly isStatic: boolean;
  readonly signal: AbortSignal;
}

export class Team {
  /** Every process that there has been. */
  readonly members: Member[] = [];
  readonly #options: TeamOptions;
  readonly #workers = new Map<number, { readonly member: Member; readonly at: number }>();
  readonly #respawns = new Set<NodeJS.Timeout>();
  #places = 0;
  #ended = false;

  constructor(options: TeamOptions) {
    this.#options = options;
  }

  /** Members that can be expected to work. */
  get active(): readonly Member[] {
    return this.members.filter((member) => member.active);
  }

  get endedByThemselves(): number {
    return this.members.filter((member) => member.endedByItself).length;
  }

  add(): Member {
    this.#places += 1;
    return this.#start(`m${this.#places}`);
  }

  /** A new process in the place of one that has ended, or is about to. */
  replace(member: Member): Member {
    const [place = member.name] = member.name.split('.');
    return this.#start(place);
  }

  #start(place: string): Member {
    const earlier = this.members.filter(({ name }) => name.split('.')[0] === place).length;
    const name = earlier === 0 ? place : `${place}.${earlier + 1}`;
    const { job, isStatic } = this.#options;
    const { logFolder, ...shared } = job;
    const own = {
      ...shared,
      logFile: `${logFolder}/${name}.log`,
      ...(isStatic ? { instanceId: place } : {}),
    };
    const member = new Member(name, own, (ended) => this.#respawn(ended));
    this.members.push(member);
    return member;
  }

  #respawn(member: Member): void {
    if (this.#ended) return;
    const timer = setTimeout(() => {
      this.#respawns.delete(timer);
      this.replace(member);
    }, RESPAWN_MS);
    this.#respawns.add(timer);
  }

  poll(): void {
    for (const member of this.members) {
      for (const event of member.poll()) {
        if (event.kind === 'began') this.#workers.set(event.partition, { member, at: event.at });
      }
    }
  }

  /** Partitions on which a member was the last to work. */
  partitionsOf(member: Member): readonly number[] {
    return [...this.#workers].flatMap(([partition, worker]) => (worker.member === member ? [partition] : []));
  }

  /** Waits until every partition is worked on, each active member works, and nobody else. Says whether it came to that in time. */
  untilShared(timeoutMs: number): Promise<boolean> {
    return this.until(() => this.#shared(), timeoutMs);
  }

  #shared(): boolean {
    const workers = [...this.#workers.values()];
    const lively = workers.filter(({ at }) => now() - at < LIVELY_MS).length === this.#options.partitions;
    const working = new Set(workers.map(({ member }) => member));
    const { active } = this;
    return lively && working.size === active.length && active.every((member) => working.has(member));
  }

  async until(holds: () => boolean, timeoutMs: number): Promise<boolean> {
    const deadline = now() + timeoutMs;
    for (;;) {
      this.poll();
      if (holds()) return true;
      if (now() > deadline) return false;
      await delay(POLL_MS, undefined, { signal: this.#options.signal });
    }
  }

  /** Kills what runs: the end of a run is not part of it. */
  async end(): Promise<void> {
    this.#ended = true;
    for (const timer of this.#respawns) clearTimeout(timer);
    await Promise.all(this.members.map((member) => member.kill()));
    this.poll();
  }
}
