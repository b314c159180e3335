/** Order by key inside one partition: who works on a key, and who waits for it. */
import type { Task } from './task.ts';

export class KeyOrder {
  /** Keys that somebody works on, each with the tasks that wait for it, in order. */
  #busy = new Map<string, Task[]>();

  isBusy(key: string): boolean {
    return this.#busy.has(key);
  }

  /** Marks the keys as worked on; they must be free. */
  hold(keys: readonly string[]): void {
    for (const key of keys) this.#busy.set(key, []);
  }

  wait(key: string, task: Task): void {
    this.#busy.get(key)?.push(task);
  }

  /** Hands each key to the next task that waits for it, and returns those tasks. */
  release(keys: readonly string[]): Task[] {
    const next: Task[] = [];
    for (const key of keys) {
      const task = this.#busy.get(key)?.shift();
      if (task) next.push(task);
      else this.#busy.delete(key);
    }
    return next;
  }

  clear(): void {
    this.#busy = new Map();
  }
}

/** A text that stands for the bytes of a key; undefined for no key, which has no order. */
export function keyText(key: Uint8Array | null | undefined): string | undefined {
  return key ? Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString('latin1') : undefined;
}
