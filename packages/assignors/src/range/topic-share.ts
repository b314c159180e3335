/** Who gets which partition number of one topic, or of several that are shared out alike, and how many are still due. */

/** Marks a partition that nobody has yet. */
const FREE = -1;

/**
 * Each member is due `base` partitions, and one more as long as `extras` remain. Which members get one more is
 * decided by who exceeds `base` first (Java: `RangeAssignor.TopicAssignmentState`).
 */
export class TopicShare {
  readonly partitionCount: number;
  readonly memberCount: number;
  readonly #owner: Int32Array;
  readonly #assigned: Int32Array;
  readonly #base: number;
  #extras: number;

  constructor(partitionCount: number, memberCount: number) {
    this.partitionCount = partitionCount;
    this.memberCount = memberCount;
    this.#owner = new Int32Array(partitionCount).fill(FREE);
    this.#assigned = new Int32Array(memberCount);
    this.#base = Math.floor(partitionCount / memberCount);
    this.#extras = partitionCount % memberCount;
  }

  /** How many more partitions a member may take now; never grows. */
  due(member: number): number {
    const most = this.#base + (this.#extras > 0 ? 1 : 0);
    return Math.max(0, most - (this.#assigned[member] ?? 0));
  }

  isFree(partition: number): boolean {
    return this.#owner[partition] === FREE;
  }

  owner(partition: number): number {
    return this.#owner[partition] ?? FREE;
  }

  take(member: number, partition: number): void {
    const assigned = (this.#assigned[member] ?? 0) + 1;
    this.#owner[partition] = member;
    this.#assigned[member] = assigned;
    if (assigned > this.#base) this.#extras--;
  }

  /** Gives each member in turn the lowest free partitions that it is due. */
  dealRanges(): void {
    let partition = 0;
    for (let member = 0; member < this.memberCount; member++) {
      for (let due = this.due(member); due > 0 && partition < this.partitionCount; partition++) {
        if (!this.isFree(partition)) continue;
        this.take(member, partition);
        due--;
      }
    }
  }
}
