/** The last requests of all nodes in the order of their arrival, and those who listen. */
import type { Clock } from '@kohort/core/spi';
import type { OpenRecord, RequestListener, RequestOutcome, RequestRecord } from './request-record.ts';

export class RequestLog {
  readonly #clock: Clock;
  readonly #capacity: number;
  readonly #listeners = new Set<RequestListener>();
  readonly #records: OpenRecord[] = [];
  #sequence = 0;

  /** @param capacity requests that are kept; the oldest go first */
  constructor(clock: Clock, capacity: number) {
    this.#clock = clock;
    this.#capacity = capacity;
  }

  get records(): readonly RequestRecord[] {
    return this.#records;
  }

  listen(listener: RequestListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  received(
    what: Omit<RequestRecord, 'sequence' | 'receivedAt' | 'response' | 'answeredAt' | 'outcome'>,
  ): OpenRecord {
    this.#sequence += 1;
    const record: OpenRecord = {
      sequence: this.#sequence,
      receivedAt: this.#clock.monotonic(),
      ...what,
      response: null,
      answeredAt: null,
      outcome: 'pending',
    };
    this.#records.push(record);
    if (this.#records.length > this.#capacity) this.#records.shift();
    this.#tell(record, 'received');
    return record;
  }

  /** Settles a record; only the first outcome counts. */
  done(record: OpenRecord, outcome: RequestOutcome): void {
    if (record.outcome !== 'pending') return;
    record.outcome = outcome;
    record.answeredAt = this.#clock.monotonic();
    this.#tell(record, 'done');
  }

  #tell(record: RequestRecord, phase: 'received' | 'done'): void {
    for (const listener of [...this.#listeners]) listener(record, phase);
  }
}
