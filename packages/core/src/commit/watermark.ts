/**
 * What has settled of one partition: the lowest offset that has not, over settlements in any order. Offsets are numbers
 * relative to `origin`, so that nothing here costs a bigint for each record.
 */

/** Still in flight: handed to a handler, or settled later by hand. */
const OPEN = 0;
const SETTLED = 1;
/** Taken and not in flight: waits for its key, or for a retry. */
const IDLE = 2;

const INITIAL_CAPACITY = 64;

export class Watermark {
  /** What relative offset 0 stands for. */
  readonly origin: bigint;
  /** A ring: relative offsets of what has been taken and lies above the watermark, ascending, each with its state. */
  #offsets = new Float64Array(INITIAL_CAPACITY);
  #epochs = new Int32Array(INITIAL_CAPACITY);
  #states = new Uint8Array(INITIAL_CAPACITY);
  /** Sequence numbers of the oldest entry and of the next one; an entry lies at its number modulo the capacity. */
  #head = 0;
  #tail = 0;
  /** Entries between head and tail that are not OPEN. */
  #marked = 0;
  #inFlight = 0;
  #end = 0;
  #endEpoch: number;
  #lowEpoch: number;

  /** @param epoch leader epoch of the record before `origin`, -1 where unknown */
  constructor(origin: bigint, epoch: number) {
    this.origin = origin;
    this.#endEpoch = epoch;
    this.#lowEpoch = epoch;
  }

  /** The lowest offset that has not settled: what a commit says. Without one, where the next record is expected. */
  get low(): number {
    return this.#head === this.#tail ? this.#end : (this.#offsets[this.#slot(this.#head)] as number);
  }

  get lowOffset(): bigint {
    return this.origin + BigInt(this.low);
  }

  /** Leader epoch of what lies just below `low`, -1 where unknown. */
  get lowEpoch(): number {
    return this.#head === this.#tail ? this.#endEpoch : this.#lowEpoch;
  }

  /** Nothing is taken and unsettled. */
  get isClear(): boolean {
    return this.#head === this.#tail;
  }

  /** Dispatched and not settled. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Records that have been dispatched and that a commit of `low` does not cover: in flight, or settled above one that has not. */
  get uncovered(): number {
    let count = 0;
    for (let seq = this.#head; seq < this.#tail; seq++)
      if (this.#states[this.#slot(seq)] !== IDLE) count += 1;
    return count;
  }

  /** Takes a record. @param offset above all taken before */
  take(offset: number, epoch: number): void {
    if (this.#tail - this.#head === this.#offsets.length) this.#grow();
    const slot = this.#slot(this.#tail);
    this.#offsets[slot] = offset;
    this.#epochs[slot] = epoch;
    this.#states[slot] = OPEN;
    this.#tail += 1;
    this.#inFlight += 1;
    this.#end = offset + 1;
    this.#endEpoch = epoch;
  }

  /** Nothing below `offset` is left to take: control records, aborted and compacted ones count as settled. */
  advanceTo(offset: number, epoch: number): void {
    if (offset <= this.#end) return;
    this.#end = offset;
    this.#endEpoch = epoch;
  }

  /** Settles all that was taken from `first` to `last`, both included. Returns how many had not been settled. */
  settle(first: number, last: number): number {
    let seq = this.#find(first);
    if (this.#marked === 0 && seq === this.#head) return this.#settleHead(last);
    let count = 0;
    for (; seq < this.#tail; seq++) {
      const slot = this.#slot(seq);
      if ((this.#offsets[slot] as number) > last) break;
      if (this.#states[slot] === SETTLED) continue;
      if (this.#states[slot] === OPEN) {
        this.#inFlight -= 1;
        this.#marked += 1;
      }
      this.#states[slot] = SETTLED;
      count += 1;
    }
    this.#compact();
    return count;
  }

  /** Whether the record at `offset` was taken and has not settled. */
  isUnsettled(offset: number): boolean {
    const seq = this.#find(offset);
    if (seq === this.#tail) return false;
    const slot = this.#slot(seq);
    return this.#offsets[slot] === offset && this.#states[slot] !== SETTLED;
  }

  /** Says of all unsettled ones from `first` to `last` whether they are in flight. */
  setInFlight(first: number, last: number, inFlight: boolean): void {
    const [from, to] = inFlight ? [IDLE, OPEN] : [OPEN, IDLE];
    const step = inFlight ? 1 : -1;
    for (let seq = this.#find(first); seq < this.#tail; seq++) {
      const slot = this.#slot(seq);
      if ((this.#offsets[slot] as number) > last) break;
      if (this.#states[slot] !== from) continue;
      this.#states[slot] = to;
      this.#inFlight += step;
      this.#marked -= step;
    }
  }

  /** Nothing is marked and the lowest is the first to settle: the usual case, without a look at each entry. */
  #settleHead(last: number): number {
    let to = this.#tail;
    if (this.#end - 1 > last && this.#tail > this.#head) {
      to = this.#find(last + 1);
    }
    const count = to - this.#head;
    if (count === 0) return 0;
    this.#lowEpoch = this.#epochs[this.#slot(to - 1)] as number;
    this.#head = to;
    this.#inFlight -= count;
    return count;
  }

  #compact(): void {
    while (this.#head < this.#tail && this.#states[this.#slot(this.#head)] === SETTLED) {
      this.#lowEpoch = this.#epochs[this.#slot(this.#head)] as number;
      this.#head += 1;
      this.#marked -= 1;
    }
  }

  /** The first entry at or above `offset`, or the tail. */
  #find(offset: number): number {
    let low = this.#head;
    let high = this.#tail;
    if (low === high || (this.#offsets[this.#slot(low)] as number) >= offset) return low;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if ((this.#offsets[this.#slot(middle)] as number) < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The capacity is a power of two. */
  #slot(seq: number): number {
    return seq % this.#offsets.length;
  }

  #grow(): void {
    const capacity = this.#offsets.length * 2;
    const offsets = new Float64Array(capacity);
    const epochs = new Int32Array(capacity);
    const states = new Uint8Array(capacity);
    for (let seq = this.#head; seq < this.#tail; seq++) {
      const from = this.#slot(seq);
      const to = seq % capacity;
      offsets[to] = this.#offsets[from] as number;
      epochs[to] = this.#epochs[from] as number;
      states[to] = this.#states[from] as number;
    }
    this.#offsets = offsets;
    this.#epochs = epochs;
    this.#states = states;
  }
}
