/** Which partition of `__consumer_offsets`, and so which broker, coordinates a group. */

/** Java's `String.hashCode`: s[0]*31^(n-1) + ... + s[n-1] over UTF-16 code units, wrapped to int32. */
export function javaStringHash(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return hash;
}

/**
 * Partition of the offsets topic that a group lives in; its leader is the group's coordinator.
 * The smallest int32 has no positive counterpart and counts as 0 (`Utils.abs` in apache/kafka).
 *
 * @param partitions number of partitions of the offsets topic (`offsets.topic.num.partitions`)
 */
export function offsetsPartitionOf(groupId: string, partitions = 50): number {
  const hash = javaStringHash(groupId);
  return (hash === -(2 ** 31) ? 0 : Math.abs(hash)) % partitions;
}
