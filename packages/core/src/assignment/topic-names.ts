/** Topic names as their bytes: a leader looks up as many as there are claims, and has no use for a string of each. */
import type { AssignmentTopic } from '../contracts/assignor.ts';

export class TopicNames {
  /** In UTF-8, by index of the topic. */
  readonly bytes: readonly Uint8Array[];
  readonly #byHash = new Map<number, number[]>();

  constructor(topics: readonly AssignmentTopic[]) {
    const encoder = new TextEncoder();
    this.bytes = topics.map(({ name }) => encoder.encode(name));
    for (const [t, name] of this.bytes.entries()) {
      const hash = hashOf(name, 0, name.length);
      const known = this.#byHash.get(hash);
      if (known === undefined) this.#byHash.set(hash, [t]);
      else known.push(t);
    }
  }

  /** Index of the topic whose name these bytes are, -1 for none. */
  indexOf(bytes: Uint8Array, from: number, end: number): number {
    for (const t of this.#byHash.get(hashOf(bytes, from, end)) ?? []) {
      if (isEqual(this.bytes[t], bytes, from, end)) return t;
    }
    return -1;
  }
}

/** FNV-1a. */
function hashOf(bytes: Uint8Array, from: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let i = from; i < end; i++) hash = Math.imul(hash ^ (bytes[i] ?? 0), 0x01000193);
  return hash;
}

function isEqual(name: Uint8Array | undefined, bytes: Uint8Array, from: number, end: number): boolean {
  if (name?.length !== end - from) return false;
  for (let i = 0; i < name.length; i++) if (name[i] !== bytes[from + i]) return false;
  return true;
}
