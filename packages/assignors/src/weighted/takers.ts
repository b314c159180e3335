/** The subscribers of a topic in order of what each would have with one partition more: a heap whose head takes, and sinks. */

export class Takers {
  readonly #members: Int32Array;
  readonly #after: Float64Array;

  /** @param after what a member would have with one more, as of now */
  constructor(members: Int32Array, after: (member: number) => number) {
    // By member: equal keys stand in that order from the start.
    this.#members = members.slice();
    this.#after = Float64Array.from(members, after);
    for (let i = (members.length >> 1) - 1; i >= 0; i--) this.#sink(i);
  }

  /** The one that is best off with it, the first of several. */
  get first(): number {
    return this.#members[0] ?? -1;
  }

  /** The first has taken, and would have that with one more. */
  update(after: number): void {
    this.#after[0] = after;
    this.#sink(0);
  }

  #sink(from: number): void {
    let i = from;
    for (;;) {
      let least = i;
      for (const child of [2 * i + 1, 2 * i + 2]) if (this.#isBefore(child, least)) least = child;
      if (least === i) return;
      this.#swap(i, least);
      i = least;
    }
  }

  #isBefore(a: number, b: number): boolean {
    if (a >= this.#members.length) return false;
    const difference = (this.#after[a] ?? 0) - (this.#after[b] ?? 0);
    return difference === 0 ? (this.#members[a] ?? 0) < (this.#members[b] ?? 0) : difference < 0;
  }

  #swap(a: number, b: number): void {
    const [member = 0, after = 0] = [this.#members[a], this.#after[a]];
    this.#members[a] = this.#members[b] ?? 0;
    this.#after[a] = this.#after[b] ?? 0;
    this.#members[b] = member;
    this.#after[b] = after;
  }
}
