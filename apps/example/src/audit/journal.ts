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

/** A time in which a member stood still, as a stopped process does. */
export interface Freeze {
  readonly member: string;
  readonly from: number;
  /** null while it lasts. */
  readonly to: number | null;
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
  readonly #freezes: { -readonly [K in keyof Freeze]: Freeze[K] }[] = [];
  /** By partition: records before this sequence are settled for good and forgotten. */
  readonly #bases: number[];
  /** By partition: handlers that began on a record that was forgotten. */
  readonly #revenants: OpenHandling[][];
  readonly #finishedBy = new Map<string, number>();
  readonly #behind: number[];
  readonly #tally = { produced: 0, processed: 0, retried: 0, redelivered: 0 };
  readonly #corrupt: string[] = [];

  constructor(partitions: number, now: () => number = wallTime) {
    this.#now = now;
    this.#records = [];
    this.#behind = [];
    this.#bases = [];
    this.#revenants = [];
    this.grow(partitions);
  }

  /** @param partitions that there are from now on, no fewer than before */
  grow(partitions: number): void {
    while (this.#records.length < partitions) {
      this.#records.push([]);
      this.#behind.push(0);
      this.#bases.push(0);
      this.#revenants.push([]);
    }
  }

  /** The broker has acknowledged a record. */
  produced(partition: number, sequence: number): void {
    const record = this.#record(partition, sequence);
    if (record === null || record.produced) return;
    record.produced = true;
    this.#tally.produced += 1;
    if (!record.finished) this.#addBehind(partition, 1);
  }

  /** A handler begins. Hand the answer back to `ended`. */
  started(member: string, partition: number, sequence: number): Handling {
    const record = this.#record(partition, sequence);
    const before = record?.handlings.at(-1);
    if (before?.outcome === 'failed') this.#tally.retried += 1;
    else if (before !== undefined || record === null) this.#tally.redelivered += 1;
    const handling: OpenHandling = {
      member,
      partition,
      sequence,
      startedAt: this.#now(),
      endedAt: null,
      outcome: null,
    };
    (record?.handlings ?? this.#revenants[partition])?.push(handling);
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
    if (record === null || record.finished) return;
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

  /** From now on a member stands still. */
  frozen(member: string): void {
    this.#freezes.push({ member, from: this.#now(), to: null });
  }

  /** It goes on where it stood. */
  thawed(member: string): void {
    const freeze = this.#freezes.find(({ member: name, to }) => name === member && to === null);
    if (freeze !== undefined) freeze.to = this.#now();
  }

  /** Gives up what is known of the records before a sequence: nothing about them can change any more. */
  forget(partition: number, before: number): void {
    const base = this.#bases[partition] ?? 0;
    this.#records[partition]?.splice(0, before - base);
    this.#bases[partition] = Math.max(base, before);
  }

  /** By partition: the sequence of the first record in `records`; those before it are forgotten. */
  get bases(): readonly number[] {
    return this.#bases;
  }

  /** By partition: handlers that began on a record which had been forgotten. */
  get revenants(): readonly (readonly Handling[])[] {
    return this.#revenants;
  }

  get freezes(): readonly Freeze[] {
    return this.#freezes;
  }

  /** By partition, from its base on. */
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

  /** null for one that is forgotten. */
  #record(partition: number, sequence: number): OpenHistory | null {
    const records = this.#records[partition];
    if (records === undefined) throw new RangeError(`There is no partition ${partition}.`);
    const index = sequence - (this.#bases[partition] ?? 0);
    if (index < 0 && sequence >= 0) return null;
    for (let next = records.length; next <= index; next += 1) {
      records.push({ produced: false, handlings: [], finished: false });
    }
    const record = records[index];
    if (record === undefined) throw new RangeError(`A sequence cannot be ${sequence}.`);
    return record;
  }
}
