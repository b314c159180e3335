/** The timers of a virtual clock: a binary heap by due time, then by order of arming. */

/** One armed timer. */
export interface QueuedTimer {
  /** Monotonic time in milliseconds. */
  readonly dueAt: number;
  /** Counts timers as they are armed. */
  readonly seq: number;
  readonly callback: () => void;
  /** Where it was armed, when the clock records that. */
  readonly origin: string | null;
  state: 'armed' | 'cancelled' | 'fired';
}

/** Cancelled timers stay in the heap until they surface, or until they are the majority. */
const LEAST_TO_COMPACT = 64;

function before(a: QueuedTimer, b: QueuedTimer): boolean {
  return a.dueAt < b.dueAt || (a.dueAt === b.dueAt && a.seq < b.seq);
}

export class TimerQueue {
  #heap: QueuedTimer[] = [];
  #armed = 0;

  /** Armed timers. */
  get size(): number {
    return this.#armed;
  }

  push(timer: QueuedTimer): void {
    this.#armed += 1;
    this.#heap.push(timer);
    this.#rise(this.#heap.length - 1);
  }

  cancel(timer: QueuedTimer): void {
    if (timer.state !== 'armed') return;
    timer.state = 'cancelled';
    this.#armed -= 1;
    if (this.#heap.length > LEAST_TO_COMPACT && this.#armed * 2 < this.#heap.length) this.#compact();
  }

  /** The timer that is due first, left in place. */
  peek(): QueuedTimer | undefined {
    for (;;) {
      const top = this.#heap[0];
      if (top === undefined || top.state === 'armed') return top;
      this.#removeTop();
    }
  }

  /** Takes the timer that is due first. */
  pop(): QueuedTimer | undefined {
    const top = this.peek();
    if (top !== undefined) {
      this.#removeTop();
      top.state = 'fired';
      this.#armed -= 1;
    }
    return top;
  }

  /** Armed timers in the order in which they will fire. */
  list(): QueuedTimer[] {
    return this.#heap.filter((timer) => timer.state === 'armed').sort((a, b) => (before(a, b) ? -1 : 1));
  }

  #compact(): void {
    // An array sorted by the heap's own order is a heap.
    this.#heap = this.list();
  }

  #removeTop(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    this.#sink(0);
  }

  #rise(from: number): void {
    const heap = this.#heap;
    let at = from;
    while (at > 0) {
      const up = (at - 1) >> 1;
      const child = heap[at];
      const parent = heap[up];
      if (child === undefined || parent === undefined || before(parent, child)) return;
      heap[at] = parent;
      heap[up] = child;
      at = up;
    }
  }

  #sink(from: number): void {
    const heap = this.#heap;
    let at = from;
    for (;;) {
      let least = at;
      for (const side of [2 * at + 1, 2 * at + 2]) {
        const candidate = heap[side];
        const current = heap[least];
        if (candidate !== undefined && current !== undefined && before(candidate, current)) least = side;
      }
      const moved = heap[at];
      const other = heap[least];
      if (least === at || moved === undefined || other === undefined) return;
      heap[at] = other;
      heap[least] = moved;
      at = least;
    }
  }
}
