/** The handler of all clients: a millisecond of waiting for each record, or what it has been ordered to do. */
import { setTimeout as delay } from 'node:timers/promises';
import type { LogWriter } from '../log-lines.ts';
import type { Order } from './member-job.ts';

const RECORD_MS = 1;
/** Between two heartbeats of a long handler, where the client leaves them to it. */
const HEARTBEAT_MS = 1_000;

export class Work {
  readonly #log: LogWriter;
  #order: Order | undefined;

  constructor(log: LogWriter) {
    this.#log = log;
  }

  /** For the next record. */
  order(order: Order): void {
    this.#order = order;
  }

  async handle(
    partition: number,
    offset: number | string,
    heartbeat: () => Promise<void> = async () => {},
  ): Promise<void> {
    this.#log.began(partition, offset);
    const order = this.#order;
    this.#order = undefined;
    if (order?.order === 'slow') await this.#slowly(order.ms, heartbeat);
    else if (order?.order === 'block') block(order.ms);
    else await delay(RECORD_MS);
    this.#log.finished(partition, offset);
  }

  async #slowly(ms: number, heartbeat: () => Promise<void>): Promise<void> {
    for (let left = ms; left > 0; left -= HEARTBEAT_MS) {
      await delay(Math.min(left, HEARTBEAT_MS));
      // What a heartbeat says does not end the work: the client hears it again when the handler has returned.
      await heartbeat().catch((error: unknown) => this.#log.note(`heartbeat of the handler: ${error}`));
    }
  }
}

/** Holds the event loop up without using the processor. */
function block(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
