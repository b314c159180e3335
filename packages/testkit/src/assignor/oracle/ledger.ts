/** What the oracle and the laws count by: partitions, who may have them, who has them, and in which racks they are. */
import { byCodeUnits, type ProblemSpec, type TopicSpec } from '../problems/problem-spec.ts';

export interface LedgerEntry {
  readonly topic: string;
  readonly partition: number;
  /** Members that subscribe to the topic, by index in order of member id. */
  readonly subscribers: readonly number[];
  /** Undisputed owner that subscribes to the topic still, or -1. */
  readonly owner: number;
  /** For each member whether the partition lies outside of its rack. */
  readonly offRack: readonly boolean[];
}

/** An entry for each partition of a subscribed topic, in the order of flat ids: read from the specification alone. */
export function ledgerOf(spec: ProblemSpec, racks: 'off' | 'leader' | 'replicas' = 'off'): LedgerEntry[] {
  const members = [...spec.members].sort((a, b) => byCodeUnits(a.id, b.id));
  const topics = [...spec.topics].sort((a, b) => byCodeUnits(a.name, b.name));
  return topics.flatMap((topic) => {
    const subscribers = members.flatMap(({ topics: own }, m) => (own.includes(topic.name) ? [m] : []));
    if (subscribers.length === 0) return [];
    return Array.from({ length: topic.partitions }, (_, partition): LedgerEntry => {
      const owner = ownerOf(members, topic.name, partition);
      return {
        topic: topic.name,
        partition,
        subscribers,
        owner: subscribers.includes(owner) ? owner : -1,
        offRack: members.map(({ rack }) => isOffRack(rack, topic, partition, racks)),
      };
    });
  });
}

/** The claimant of the highest generation; nobody where two claim under it. */
function ownerOf(members: ProblemSpec['members'], topic: string, partition: number): number {
  const claimants = members.flatMap(({ owns, generation }, m) =>
    owns.some((claim) => claim.topic === topic && claim.partitions.includes(partition))
      ? [{ m, generation }]
      : [],
  );
  const highest = Math.max(...claimants.map(({ generation }) => generation));
  const latest = claimants.filter(({ generation }) => generation === highest);
  return latest.length === 1 ? (latest[0]?.m ?? -1) : -1;
}

function isOffRack(
  rack: string | undefined,
  { racks = [] }: TopicSpec,
  partition: number,
  policy: 'off' | 'leader' | 'replicas',
): boolean {
  const replicas = racks[partition] ?? [];
  const near = policy === 'leader' ? replicas.slice(0, 1) : replicas;
  return policy !== 'off' && rack !== undefined && near.length > 0 && !near.includes(rack);
}

/** The figures that plans are compared by. */
export interface Score {
  /** Partitions of each member, the highest first. */
  readonly loads: readonly number[];
  readonly offRack: number;
  /** Partitions whose owner is another one than before. */
  readonly moves: number;
}

/** @param owners the index of the new owner for each entry */
export function scoreOf(
  ledger: readonly LedgerEntry[],
  owners: readonly number[],
  memberCount: number,
): Score {
  const loads = new Array<number>(memberCount).fill(0);
  let offRack = 0;
  let moves = 0;
  for (const [i, entry] of ledger.entries()) {
    const owner = owners[i] ?? -1;
    loads[owner] = (loads[owner] ?? 0) + 1;
    if (entry.offRack[owner] === true) offRack++;
    if (entry.owner !== -1 && entry.owner !== owner) moves++;
  }
  return { loads: loads.sort((a, b) => b - a), offRack, moves };
}
