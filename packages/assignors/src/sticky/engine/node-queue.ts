/** Small integers that wait to be looked at, each at most once, in order of arrival. */
import { at } from './at.ts';

export class NodeQueue {
  readonly #waiting: Int32Array;
  readonly #isWaiting: Int32Array;
  #size = 0;

  /** @param bound all nodes are below it */
  constructor(bound: number) {
    this.#waiting = new Int32Array(bound);
    this.#isWaiting = new Int32Array(bound);
  }

  get size(): number {
    return this.#size;
  }

  has(node: number): boolean {
    return at(this.#isWaiting, node) === 1;
  }

  push(node: number): void {
    if (at(this.#isWaiting, node) === 1) return;
    this.#isWaiting[node] = 1;
    this.#waiting[this.#size++] = node;
  }

  /** What waits, without taking it: valid until the next change. */
  peek(): Int32Array {
    return this.#waiting.subarray(0, this.#size);
  }

  /** Takes everything that waits. */
  drain(): Int32Array {
    const nodes = this.#waiting.slice(0, this.#size);
    this.clear();
    return nodes;
  }

  clear(): void {
    for (let i = 0; i < this.#size; i++) this.#isWaiting[at(this.#waiting, i)] = 0;
    this.#size = 0;
  }
}
