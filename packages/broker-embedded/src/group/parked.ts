/** A request whose answer is still owed: JoinGroup until the join phase ends, SyncGroup until the leader's assignment comes. */

/**
 * An answer that comes later, exactly once. An abandoned one never comes: its promise stays pending for good, and
 * whoever awaits it sends nothing, as Kafka sends nothing for it.
 */
export class Parked<T> {
  readonly promise: Promise<T>;
  #resolve: ((answer: T) => void) | undefined;

  constructor() {
    this.promise = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  get open(): boolean {
    return this.#resolve !== undefined;
  }

  /** @throws Error when it has been answered or abandoned before: a request has one answer */
  answer(answer: T): void {
    if (this.#resolve === undefined) throw new Error('a parked request cannot be answered twice');
    this.#resolve(answer);
    this.#resolve = undefined;
  }

  abandon(): void {
    this.#resolve = undefined;
  }
}
