/** A problem as a person would write it down, before the core has packed it. It may say what no honest member says. */

export interface TopicSpec {
  readonly name: string;
  readonly partitions: number;
  /** For each partition the racks of its replicas, leader first. */
  readonly racks?: readonly (readonly string[])[];
}

/** What a member says it owns of a topic: numbers may be negative, out of range, or of a topic that is gone. */
export interface ClaimSpec {
  readonly topic: string;
  readonly partitions: readonly number[];
}

export interface MemberSpec {
  readonly id: string;
  readonly topics: readonly string[];
  readonly instance?: string;
  readonly rack?: string;
  /** Generation of the claims, -1 for none. */
  readonly generation: number;
  readonly owns: readonly ClaimSpec[];
  /** User data that this member sends whatever its assignor writes, in hexadecimal digits. */
  readonly data?: string;
}

export interface ProblemSpec {
  readonly topics: readonly TopicSpec[];
  readonly members: readonly MemberSpec[];
}

/** Kafka's order of names: by UTF-16 code units, as Java's `String.compareTo`. */
export function byCodeUnits(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** The same members without any claim or user data. */
export function withoutClaims(spec: ProblemSpec): ProblemSpec {
  return {
    ...spec,
    members: spec.members.map(({ data: _, ...member }) => ({ ...member, generation: -1, owns: [] })),
  };
}

/** The same members and topics without any rack. */
export function withoutRacks({ topics, members }: ProblemSpec): ProblemSpec {
  return {
    topics: topics.map(({ name, partitions }) => ({ name, partitions })),
    members: members.map(({ rack: _, ...member }) => member),
  };
}

/** Everybody subscribes to every topic. */
export function subscribedAlike({ topics, members }: ProblemSpec): ProblemSpec {
  const all = topics.map(({ name }) => name);
  return { topics, members: members.map((member) => ({ ...member, topics: all })) };
}
