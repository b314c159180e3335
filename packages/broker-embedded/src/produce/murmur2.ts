/** Where a record goes: as Java's default partitioner says, so that keys land where other producers put them. */

const SEED = 0x9747b28c;
const M = 0x5bd1e995;

/** MurmurHash2, 32 bits, as in Kafka's `Utils.murmur2`. Signed, as in Java. */
export function murmur2(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let hash = SEED ^ bytes.length;
  const words = bytes.length >> 2;
  for (let i = 0; i < words; i++) {
    let k = Math.imul(view.getInt32(i * 4, true), M);
    k = Math.imul(k ^ (k >>> 24), M);
    hash = Math.imul(hash, M) ^ k;
  }
  const tail = bytes.subarray(words * 4);
  if (tail.length > 0) {
    for (let i = tail.length - 1; i >= 0; i--) hash ^= (tail[i] ?? 0) << (8 * i);
    hash = Math.imul(hash, M);
  }
  hash = Math.imul(hash ^ (hash >>> 13), M);
  return (hash ^ (hash >>> 15)) | 0;
}

/** Partition of a key: `toPositive(murmur2(key)) % partitions`. */
export function partitionOfKey(key: Uint8Array, partitions: number): number {
  return (murmur2(key) & 0x7fffffff) % partitions;
}
