/** One event after the other: what is posted while one is handled waits for its turn. */

export class Mailbox<Event> {
  readonly #handle: (event: Event) => void;
  readonly #queue: Event[] = [];
  #busy = false;

  constructor(handle: (event: Event) => void) {
    this.#handle = handle;
  }

  post(event: Event): void {
    this.#queue.push(event);
    if (this.#busy) return;
    this.#busy = true;
    try {
      for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) this.#handle(next);
    } finally {
      this.#busy = false;
    }
  }
}
