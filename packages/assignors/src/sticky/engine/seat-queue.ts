/** Seats by load, least first, lowest seat first among equals: a binary heap whose stale entries are dropped when met. */
import { at } from './at.ts';

export class SeatQueue {
  readonly #load: Int32Array;
  readonly #seatCount: number;
  /** load * seats + seat: one number holds both. */
  readonly #heap: number[] = [];

  constructor(load: Int32Array) {
    this.#load = load;
    this.#seatCount = load.length;
  }

  /** Enters a seat with its present load; an earlier entry of it is void once its load has changed. */
  push(seat: number): void {
    const heap = this.#heap;
    const key = at(this.#load, seat) * this.#seatCount + seat;
    let i = heap.push(key) - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      const above = heap[parent] as number;
      if (above <= key) break;
      heap[i] = above;
      i = parent;
    }
    heap[i] = key;
  }

  /** The seat of the least load, or -1. */
  pop(): number {
    while (this.#heap.length > 0) {
      const key = this.#take();
      const seat = key % this.#seatCount;
      if (at(this.#load, seat) === Math.floor(key / this.#seatCount)) return seat;
    }
    return -1;
  }

  #take(): number {
    const heap = this.#heap;
    const top = heap[0] as number;
    const key = heap.pop() as number;
    const size = heap.length;
    if (size === 0) return top;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= size) break;
      if (child + 1 < size && (heap[child + 1] as number) < (heap[child] as number)) child++;
      if ((heap[child] as number) >= key) break;
      heap[i] = heap[child] as number;
      i = child;
    }
    heap[i] = key;
    return top;
  }
}
