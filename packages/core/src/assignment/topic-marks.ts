/** The topics of one member at a time, to ask for many partitions whether the member subscribes to them. */
export class TopicMarks {
  readonly #marked: Uint8Array;
  #topics: Int32Array = new Int32Array();

  constructor(topicCount: number) {
    this.#marked = new Uint8Array(topicCount);
  }

  /** Of the next member, instead of those before. */
  set(topics: Int32Array): void {
    if (topics === this.#topics) return;
    for (const topic of this.#topics) this.#marked[topic] = 0;
    for (const topic of topics) this.#marked[topic] = 1;
    this.#topics = topics;
  }

  has(topic: number): boolean {
    return this.#marked[topic] === 1;
  }
}
