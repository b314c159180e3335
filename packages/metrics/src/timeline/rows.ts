/** The rows of a picture: a partition each, in the order of groups, topics and numbers. */
import type { History, Ownership, TimelineMember } from './history.ts';

export interface Row {
  readonly groupId: string;
  readonly topic: string;
  readonly partition: number;
  /** In order of time. */
  readonly ownerships: readonly Ownership[];
}

export function rowsOf({ ownerships }: History): readonly Row[] {
  const rows = new Map<string, Row & { readonly ownerships: Ownership[] }>();
  for (const ownership of ownerships) {
    const { groupId } = ownership.member;
    const { topic, partition } = ownership;
    const key = JSON.stringify([groupId, topic, partition]);
    const row = rows.get(key) ?? { groupId, topic, partition, ownerships: [] };
    rows.set(key, row);
    row.ownerships.push(ownership);
  }
  return [...rows.values()].sort(
    (a, b) => compare(a.groupId, b.groupId) || compare(a.topic, b.topic) || a.partition - b.partition,
  );
}

/** Members in the order in which they first owned or joined anything: their colour and letter. */
export function membersOf({ ownerships, rebalances }: History): readonly TimelineMember[] {
  const seen = [...rebalances, ...ownerships].sort((a, b) => a.from - b.from);
  return [...new Set(seen.map(({ member }) => member))];
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
