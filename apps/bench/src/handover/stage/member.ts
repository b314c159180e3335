/** One member as its supervisor sees it: a process that can be closed, killed, frozen and told what its handler does. */
import { MEMBER_PROCESS } from '../../locations.ts';
import { type MemberEvent, memberEvent } from '../log-lines.ts';
import { LogTail } from '../log-tail.ts';
import type { MemberJob, Order } from '../members/member-job.ts';
import { Child } from './child.ts';

/** For `close()`: Kohort's default is 20 s. */
const CLOSE_MS = 30_000;

export class Member {
  readonly name: string;
  readonly job: MemberJob;
  readonly events: MemberEvent[] = [];
  readonly #child: Child;
  readonly #tail: LogTail;
  #ending = false;
  #endedByItself = false;
  #frozen = false;

  constructor(name: string, job: MemberJob, onEndByItself: (member: Member) => void) {
    this.name = name;
    this.job = job;
    this.#tail = new LogTail(job.logFile);
    this.#child = new Child(MEMBER_PROCESS, job, () => {
      if (this.#ending) return;
      this.#endedByItself = true;
      onEndByItself(this);
    });
  }

  get endedByItself(): boolean {
    return this.#endedByItself;
  }

  /** Whether it can be expected to work. */
  get active(): boolean {
    return this.#child.running && !this.#ending && !this.#frozen;
  }

  /** Events that have come since the last call. */
  poll(): readonly MemberEvent[] {
    const fresh = this.#tail.lines().flatMap((line) => memberEvent(line) ?? []);
    for (const event of fresh) this.events.push(event);
    return fresh;
  }

  order(order: Order): void {
    this.#child.send(order);
  }

  /** SIGTERM, as a deployment does it. */
  async close(): Promise<boolean> {
    this.#ending = true;
    this.#child.signal('SIGTERM');
    return this.#child.endWithin(CLOSE_MS);
  }

  async kill(): Promise<void> {
    this.#ending = true;
    await this.#child.kill();
  }

  freeze(): void {
    this.#frozen = true;
    this.#child.signal('SIGSTOP');
  }

  resume(): void {
    this.#frozen = false;
    this.#child.signal('SIGCONT');
  }
}
