/** The last requests of all nodes in the order of their arrival, and those who listen. */
import type { Clock } from '@kohort/core/spi';
import type { OpenRecord, RequestListener, RequestOutcome, RequestRecord } from './request-record.ts';

/** Bodies of fetches and produces are kept with their records: this bounds what they hold, in bytes on the wire. */
const MOST_BYTES = 64 * 1024 * 1024;

export class RequestLog {
  readonly #clock: Clock;
  readonly #capacity: number;
  readonly #listeners = new Set<RequestListener>();
  readonly #records: OpenRecord[] = [];
  readonly #sizes = new WeakMap<RequestRecord, number>();
  #bytes = 0;
  #sequence = 0;

  /** @param capacity requests that are kept; the oldest go first, earlier where bodies are large */
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

  /** @param size bytes of the request's frame */
  received(
    what: Omit<RequestRecord, 'sequence' | 'receivedAt' | 'response' | 'answeredAt' | 'outcome'>,
    size: number,
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
    this.grew(record, size);
    this.#tell(record, 'received');
    return record;
  }

  /** A record holds so many more bytes. */
  grew(record: RequestRecord, bytes: number): void {
    this.#sizes.set(record, (this.#sizes.get(record) ?? 0) + bytes);
    this.#bytes += bytes;
    while (this.#records.length > this.#capacity || (this.#bytes > MOST_BYTES && this.#records.length > 1)) {
      const oldest = this.#records.shift();
      if (oldest === undefined) return;
      this.#bytes -= this.#sizes.get(oldest) ?? 0;
      this.#sizes.delete(oldest);
    }
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
