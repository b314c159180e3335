/** Partitions as keys of maps: `topic-partition`. */

export function keyOf({ topic, partition }: { readonly topic: string; readonly partition: number }): string {
  return `${topic}-${partition}`;
}

export function topicIn(key: string): string {
  return key.slice(0, key.lastIndexOf('-'));
}
