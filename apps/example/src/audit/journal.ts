/**
 * What the auditor knows: which records were produced, and every handler that ever worked on one. It is told by the
 * producer and by the handlers themselves, and takes nothing from Kohort.
 */

/** How work on a record ended: it was finished, it threw, or it was cut off with its member. */
export type Outcome = 'finished' | 'failed' | 'cut';

/** One handler at work on one record. Times are milliseconds since the epoch, with fractions. */
export interface Handling {
  readonly member: string;
  readonly partition: number;
  readonly sequence: number;
  readonly startedAt: number;
  /** null while it works. */
  readonly endedAt: number | null;
  readonly outcome: Outcome | null;
}

/** One record, by its place in its partition. */
export interface RecordHistory {
  /** The broker has acknowledged it. */
  readonly produced: boolean;
  /** In the order in which they started. */
  readonly handlings: readonly Handling[];
}

/** How a member went. */
export interface Departure {
  readonly kind: 'crashed' | 'left';
  readonly at: number;
}

/** Figures that are kept up to date, for those who watch. */
export interface Tally {
  readonly produced: number;
  /** Different records that a handler has finished. */
  readonly processed: number;
  readonly retried: number;
  readonly redelivered: number;
}

interface OpenHistory extends RecordHistory {
  produced: boolean;
  readonly handlings: OpenHandling[];
  finished: boolean;
}

type OpenHandling = { -readonly [K in keyof Handling]: Handling[K] };

/** Milliseconds since the epoch, finer than a millisecond and never going back. */
export function wallTime(): number {
  return performance.timeOrigin + performance.now();
}

export class Journal {
  readonly #now: () => number;
  readonly #records: OpenHistory[][];
  readonly #running = new Map<Handling, OpenHandling>();
  readonly #departures = new Map<string, Departure>();
  readonly #finishedBy = new Map<string, number>();
  readonly #behind: number[];
  readonly #tally = { produced: 0, processed: 0, retried: 0, redelivered: 0 };
  readonly #corrupt: string[] = [];

  constructor(partitions: number, now: () => number = wallTime) {
    this.#now = now;
    this.#records = Array.from({ length: partitions }, () => []);
    this.#behind = new Array<number>(partitions).fill(0);
  }

  /** The broker has acknowledged a record. */
  produced(partition: number, sequence: number): void {
    const record = this.#record(partition, sequence);
    if (record.produced) return;
    record.produced = true;
    this.#tally.produced += 1;
    if (!record.finished) this.#addBehind(partition, 1);
  }

  /** A handler begins. Hand the answer back to `ended`. */
  started(member: string, partition: number, sequence: number): Handling {
    const record = this.#record(partition, sequence);
    const before = record.handlings.at(-1);
    if (before?.outcome === 'failed') this.#tally.retried += 1;
    else if (before !== undefined) this.#tally.redelivered += 1;
    const handling: OpenHandling = {
      member,
      partition,
      sequence,
      startedAt: this.#now(),
      endedAt: null,
      outcome: null,
    };
    record.handlings.push(handling);
    this.#running.set(handling, handling);
    return handling;
  }

  /** A handler has come to its end. What ends after its member was cut off no longer counts. */
  ended(handling: Handling, outcome: Outcome): void {
    const running = this.#running.get(handling);
    if (running !== undefined) this.#end(running, outcome);
  }

  #end(handling: OpenHandling, outcome: Outcome): void {
    const { member, partition, sequence } = handling;
    this.#running.delete(handling);
    handling.endedAt = this.#now();
    handling.outcome = outcome;
    if (outcome !== 'finished') return;
    this.#finishedBy.set(member, this.finishedBy(member) + 1);
    const record = this.#record(partition, sequence);
    if (record.finished) return;
    record.finished = true;
    this.#tally.processed += 1;
    if (record.produced) this.#addBehind(partition, -1);
  }

  /** A record did not carry what was produced, and what is wrong with it. */
  corrupted(complaint: string): void {
    this.#corrupt.push(complaint);
  }

  /** A member is gone without goodbye: its handlers are cut off here and now. */
  crashed(member: string): void {
    this.#departures.set(member, { kind: 'crashed', at: this.#now() });
    for (const running of [...this.#running.values()]) {
      if (running.member === member) this.#end(running, 'cut');
    }
  }

  /** A member begins to leave as it should. */
  leaving(member: string): void {
    this.#departures.set(member, { kind: 'left', at: this.#now() });
  }

  /** By partition and sequence. */
  get records(): readonly (readonly RecordHistory[])[] {
    return this.#records;
  }

  get departures(): ReadonlyMap<string, Departure> {
    return this.#departures;
  }

  get corrupt(): readonly string[] {
    return this.#corrupt;
  }

  get tally(): Tally {
    return this.#tally;
  }

  /** By partition: records that are produced and not finished. */
  get behind(): readonly number[] {
    return this.#behind;
  }

  /** Handlings that a member has finished. */
  finishedBy(member: string): number {
    return this.#finishedBy.get(member) ?? 0;
  }

  #addBehind(partition: number, change: number): void {
    this.#behind[partition] = (this.#behind[partition] ?? 0) + change;
  }

  #record(partition: number, sequence: number): OpenHistory {
    const records = this.#records[partition];
    if (records === undefined) throw new RangeError(`There is no partition ${partition}.`);
    for (let next = records.length; next <= sequence; next += 1) {
      records.push({ produced: false, handlings: [], finished: false });
    }
    const record = records[sequence];
    if (record === undefined) throw new RangeError(`A sequence cannot be ${sequence}.`);
    return record;
  }
}
