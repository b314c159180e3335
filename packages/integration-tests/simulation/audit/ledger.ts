/** What is known of the records of one partition, kept so that each event costs the same. */

export class Ledger {
  /** Ascending, as they were written. */
  readonly #produced: number[] = [];
  readonly #settled = new Set<number>();
  /** Index of the lowest record that has not been settled. */
  #low = 0;
  /** Offset behind the highest record that was settled. */
  nextAfterSettled = 0;

  produced(offset: number): void {
    this.#produced.push(offset);
  }

  /** @returns whether it had been settled before */
  settled(offset: number): boolean {
    const again = this.#settled.has(offset);
    this.#settled.add(offset);
    while (this.#low < this.#produced.length && this.#settled.has(this.#produced[this.#low] as number))
      this.#low += 1;
    this.nextAfterSettled = Math.max(this.nextAfterSettled, offset + 1);
    return again;
  }

  /** The lowest record below `offset` that nobody has settled; undefined for none. */
  unsettledBelow(offset: number): number | undefined {
    const lowest = this.#produced[this.#low];
    return lowest !== undefined && lowest < offset ? lowest : undefined;
  }

  get unsettled(): number {
    return this.#produced.length - this.#low;
  }
}
