/** A gate that handlers wait at until the scenario opens it. */
export class Gate {
  readonly #opened: Promise<void>;
  #open: () => void = () => undefined;
  /** How many have come to wait. */
  waiting = 0;

  constructor() {
    this.#opened = new Promise((resolve) => {
      this.#open = resolve;
    });
  }

  pass(): Promise<void> {
    this.waiting += 1;
    return this.#opened;
  }

  open(): void {
    this.#open();
  }
}
