/** At which offset each leader epoch began: the leader epoch cache of KIP-101 and KIP-320. */

interface EpochStart {
  readonly epoch: number;
  readonly startOffset: bigint;
}

/** Epochs ascend, and so do their start offsets. */
export class EpochHistory {
  #starts: EpochStart[] = [];

  /** Notes that the record at `offset` was written under `epoch`. */
  note(epoch: number, offset: bigint): void {
    const last = this.#starts.at(-1);
    if (last === undefined || last.epoch < epoch) this.#starts.push({ epoch, startOffset: offset });
  }

  /**
   * The answer to OffsetForLeaderEpoch: the largest known epoch not above the one asked for, and the offset
   * after its last record. Epoch -1 and offset -1 when the epoch is unknown.
   */
  endOf(epoch: number, currentEpoch: number, logEndOffset: bigint): { epoch: number; endOffset: bigint } {
    if (epoch === currentEpoch) return { epoch, endOffset: logEndOffset };
    const first = this.#starts[0];
    if (epoch < 0 || epoch > currentEpoch || first === undefined) return { epoch: -1, endOffset: -1n };
    // Older than all that is left of the log: nothing of that epoch has survived beyond its start.
    if (epoch < first.epoch) return { epoch, endOffset: first.startOffset };
    const next = this.#starts.findIndex((start) => start.epoch > epoch);
    const found = this.#starts.at(next < 0 ? -1 : next - 1);
    const following = next < 0 ? undefined : this.#starts[next];
    return { epoch: found?.epoch ?? -1, endOffset: following?.startOffset ?? logEndOffset };
  }

  /** Forgets what began at or after `endOffset`: the log was cut there. */
  truncateTo(endOffset: bigint): void {
    this.#starts = this.#starts.filter((start) => start.startOffset < endOffset);
  }

  /** Forgets what ended at or before the log's new start; the epoch in force there begins with it. */
  advanceTo(startOffset: bigint): void {
    const inForce = this.#starts.findLast((start) => start.startOffset <= startOffset);
    const later = this.#starts.filter((start) => start.startOffset > startOffset);
    this.#starts = inForce === undefined ? later : [{ epoch: inForce.epoch, startOffset }, ...later];
  }
}
