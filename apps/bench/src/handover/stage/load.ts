/** The steady producer in its own process, and what of its records is still to be handled. */
import { PRODUCER_PROCESS } from '../../locations.ts';
import { type Ack, ack, type MemberEvent } from '../log-lines.ts';
import { LogTail } from '../log-tail.ts';
import type { ProducerJob } from '../producer-job.ts';
import { Child } from './child.ts';

/** To get the last records acknowledged. */
const STOP_MS = 20_000;

export class Load {
  readonly acks: Ack[] = [];
  readonly #job: ProducerJob;
  readonly #tail: LogTail;
  #child: Child | undefined;
  #stopping = false;
  #failed = false;

  constructor(job: ProducerJob) {
    this.#job = job;
    this.#tail = new LogTail(job.logFile);
  }

  start(): void {
    this.#child = new Child(PRODUCER_PROCESS, this.#job, () => {
      this.#failed = !this.#stopping;
    });
  }

  /** @throws Error when the producer has ended, or ends without its last acknowledgements */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#child?.send({ stop: true });
    const inTime = await this.#child?.endWithin(STOP_MS);
    if (this.#failed || inTime !== true) throw new Error('the producer did not get its records acknowledged');
    this.poll();
  }

  poll(): void {
    for (const line of this.#tail.lines()) {
      const read = ack(line);
      if (read !== undefined) this.acks.push(read);
    }
  }

  async kill(): Promise<void> {
    this.#stopping = true;
    await this.#child?.kill();
  }
}

/** Whether every acknowledged record has been finished by one of the members. */
export function allFinished(
  acks: readonly Ack[],
  members: readonly { readonly events: readonly MemberEvent[] }[],
): boolean {
  const finished = new Set<string>();
  for (const { events } of members) {
    for (const event of events) {
      if (event.kind === 'finished') finished.add(`${event.partition} ${event.offset}`);
    }
  }
  return acks.every(({ partition, offset, count }) =>
    Array.from({ length: count }, (_, i) => finished.has(`${partition} ${offset + i}`)).every(Boolean),
  );
}
